import MDMNumerics

/// Diagram-MC (for ScienceQA): follow the arrow of one shape to the node that it eats.
struct DiagramGenerator: ExampleGenerator {
  let domain = "scienceqa"
  let summary = "Choose the node at which the arrow of a named shape ends."

  var words: [String] { distinctWords(["what does the eat A B or C"]) + Color.words + Shape.words }

  func draft(_ stream: inout RandomStream) -> Draft {
    let correct = stream.integer(below: 3)
    let diagram = ArrowDiagram(target: correct, &stream)
    let asked = diagram.sources[0]
    return Draft(
      image: diagram.image(upper: stream.integer(below: 2) == 0),
      question: "what does the \(asked.color.rawValue) \(asked.shape.rawValue) eat A B or C",
      answer: Example.letters(3)[correct], options: Example.letters(3), kind: .choice)
  }
}
