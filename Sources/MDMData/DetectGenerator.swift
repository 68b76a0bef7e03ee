import MDMNumerics

/// Detect (for COCO): box the shape that is named by colour and shape.
struct DetectGenerator: ExampleGenerator {
  let domain = "coco"
  let summary = "Box the shape that is named by its colour and shape."
  private static let phrases = ["box the", "find the", "where is the"]

  var words: [String] {
    distinctWords(Self.phrases) + Color.words + Shape.words + (0...8).map(String.init)
  }

  func draft(_ stream: inout RandomStream) -> Draft {
    let scene = Scene(count: stream.integer(in: 1...3), &stream)
    let target = stream.element(of: scene.items)
    let phrase = stream.element(of: Self.phrases)
    return Draft(
      image: scene.image,
      question: "\(phrase) \(target.color.rawValue) \(target.shape.rawValue)",
      answer: target.answer, box: target.box, kind: .box)
  }
}
