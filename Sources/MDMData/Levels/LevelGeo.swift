import MDMImages
import MDMNumerics

/// Geo-MC at a level: sides and proportions; angles and lengths; lengths and angles near to right.
struct LevelGeo: ExampleGenerator {
  let level: Int
  let domain = "geoqav"
  var summary: String { GeoGenerator().summary }
  var words: [String] { GeoGenerator().words }

  private static let sides = FixedOptions("3", "4", "5")
  private static let angles = FixedOptions("acute", "right", "obtuse")
  private static let proportions = FixedOptions("wide", "tall", "equal")
  private static let lengths = FixedOptions("1", "2", "3")

  func draft(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    let color = stream.element(of: Color.allCases)
    let isFirst = stream.integer(below: 2) == 0
    switch (level, isFirst) {
    case (1, true):
      return Self.draft(
        Figure.polygon(sides: 3 + correct, color: color, &stream), "how many sides", Self.sides,
        correct)
    case (1, false),
      (2, true) where stream.integer(below: 3) == 0:
      // The difference of the sides shrinks with the level.
      let short = stream.integer(in: 1...(level == 1 ? 3 : 4))
      let long = level == 1 ? stream.integer(in: (short + 2)...5) : short + 1
      let (w, h) = correct == 0 ? (long, short) : correct == 1 ? (short, long) : (long, long)
      return Self.draft(
        Figure.rectangle(width: w, height: h, color: color), "the rectangle is", Self.proportions,
        correct)
    case (_, true):
      let distance = level == 2 ? 45 : 25.0
      let spread = (stream.uniform() - 0.5) * (level == 2 ? 24 : 10)
      let degrees = correct == 1 ? 90 : (correct == 0 ? 90 - distance : 90 + distance) + spread
      return Self.draft(
        Figure.angle(degrees: degrees, color: color), "the angle is", Self.angles, correct)
    default:
      let other = stream.integer(in: 1...5)
      let isWidth = stream.integer(below: 2) == 0
      let image = Figure.rectangle(
        width: isWidth ? correct + 1 : other, height: isWidth ? other : correct + 1, color: color)
      return Self.draft(
        image, isWidth ? "the width is" : "the height is", Self.lengths, correct)
    }
  }

  private static func draft(
    _ image: RGBImage, _ question: String, _ options: FixedOptions, _ correct: Int
  ) -> Draft {
    Draft(
      image: image, question: "\(question) \(options.text)", answer: options.letter(correct),
      options: options.texts, kind: .choice)
  }
}
