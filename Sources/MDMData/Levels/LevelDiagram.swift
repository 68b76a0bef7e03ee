import MDMImages
import MDMNumerics

/// Diagram-MC at a level: one arrow, two, or three that are all black.
struct LevelDiagram: ExampleGenerator {
  let level: Int
  let domain = "scienceqa"
  var summary: String { DiagramGenerator().summary }
  var words: [String] { DiagramGenerator().words }

  func draft(_ stream: inout RandomStream) -> Draft {
    let shapes = stream.shuffled(Shape.allCases)
    let colors = stream.shuffled(Color.allCases)
    let targets = (0..<level).map { _ in stream.integer(below: 3) }
    let rows = Array(stream.shuffled([0, 1, 2]).prefix(level))
    var canvas = Canvas(width: 64, height: 64)
    for (i, row) in rows.enumerated() {
      let y = Double(row * 24)
      canvas.draw(shapes[i], x: 0, y: y, side: 15, colors[i].rgb)
      // Arrows to one node end beside each other, in the order of their shapes.
      let end = Double(8 + targets[i] * 24) + Double(row - 1) * 4
      canvas.arrow(
        from: Point(17, y + 8), to: Point(48, end), width: 3, head: 8,
        level == 3 ? .black : colors[i].rgb)
    }
    for (i, letter) in Example.letters(3).enumerated() {
      canvas.fillRectangle(x: 49, y: i * 24, width: 15, height: 16, RGBColor(205, 205, 205))
      canvas.glyph(letter, x: 49, y: i * 24)
    }
    return Draft(
      image: canvas.image,
      question: "what does the \(colors[0].rawValue) \(shapes[0].rawValue) eat A B or C",
      answer: Example.letters(3)[targets[0]], options: Example.letters(3), kind: .choice)
  }
}
