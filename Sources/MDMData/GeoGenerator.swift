import MDMImages
import MDMNumerics

/// Geo-MC (for GeoQAV): properties of one figure, with options whose letters never change place.
struct GeoGenerator: ExampleGenerator {
  let domain = "geoqav"
  let summary = "Choose the property of one figure: sides, angle, proportions, width or height."

  private static let sides = FixedOptions("3", "4", "5")
  private static let angles = FixedOptions("acute", "right", "obtuse")
  private static let proportions = FixedOptions("wide", "tall", "equal")
  private static let lengths = FixedOptions("1", "2", "3")

  private static let sidesQuestion = "how many sides \(sides.text)"
  private static let angleQuestion = "the angle is \(angles.text)"
  private static let proportionQuestion = "the rectangle is \(proportions.text)"
  private static let widthQuestion = "the width is \(lengths.text)"
  private static let heightQuestion = "the height is \(lengths.text)"

  var words: [String] {
    distinctWords([
      Self.sidesQuestion, Self.angleQuestion, Self.proportionQuestion, Self.widthQuestion,
      Self.heightQuestion,
    ])
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    let color = stream.element(of: Color.allCases)
    switch stream.integer(below: 5) {
    case 0:
      let image = Figure.polygon(sides: 3 + correct, color: color, &stream)
      return Self.draft(image, Self.sidesQuestion, Self.sides, correct)
    case 1:
      let spread = (stream.uniform() - 0.5) * 24
      let degrees = correct == 1 ? 90 : (correct == 0 ? 45 : 135) + spread
      return Self.draft(
        Figure.angle(degrees: degrees, color: color), Self.angleQuestion, Self.angles, correct)
    case 2:
      let short = stream.integer(in: 1...3)
      let long = stream.integer(in: (short + 2)...5)
      let (w, h) = correct == 0 ? (long, short) : correct == 1 ? (short, long) : (long, long)
      return Self.draft(
        Figure.rectangle(width: w, height: h, color: color), Self.proportionQuestion,
        Self.proportions, correct)
    case 3:
      let image = Figure.rectangle(
        width: correct + 1, height: stream.integer(in: 1...5), color: color)
      return Self.draft(image, Self.widthQuestion, Self.lengths, correct)
    default:
      let image = Figure.rectangle(
        width: stream.integer(in: 1...5), height: correct + 1, color: color)
      return Self.draft(image, Self.heightQuestion, Self.lengths, correct)
    }
  }

  private static func draft(
    _ image: RGBImage, _ question: String, _ options: FixedOptions, _ correct: Int
  ) -> Draft {
    Draft(
      image: image, question: question, answer: options.letter(correct), options: options.texts,
      kind: .choice)
  }
}
