import MDMImages
import MDMNumerics

/// The diagrams of Diagram-MC: shapes at the left, nodes A, B, C at the right, one arrow a shape.
///
/// An arrow has its shape's colour, so that following it is one look-up.
struct ArrowDiagram: Sendable {
  struct Source: Sendable {
    let shape: Shape
    let color: Color
    /// 0, 1 or 2: the node that its arrow ends at.
    let target: Int
  }

  let sources: [Source]

  /// One or two shapes; the first one's arrow goes to a given node, the other's to any.
  init(target: Int, _ stream: inout RandomStream) {
    let shapes = stream.shuffled(Shape.allCases)
    let colors = stream.shuffled(Color.allCases)
    sources = (0..<stream.integer(in: 1...2)).map { i in
      Source(
        shape: shapes[i], color: colors[i], target: i == 0 ? target : stream.integer(below: 3))
    }
  }

  /// The picture; `upper` puts the first shape at the top.
  func image(upper: Bool) -> RGBImage {
    var canvas = Canvas(width: 64, height: 64)
    for (i, source) in sources.enumerated() {
      let top = (i == 0) == upper
      let y = top ? 0.0 : 48.0
      canvas.draw(source.shape, x: 0, y: y, side: 16, source.color.rgb)
      // The two arrows to one node end beside each other, the upper shape's above.
      let end = Double(8 + source.target * 24) + (top ? -4 : 4)
      canvas.arrow(
        from: Point(17, y + 8), to: Point(48, end), width: 3, head: 9, source.color.rgb)
    }
    for (i, letter) in Example.letters(3).enumerated() {
      canvas.fillRectangle(x: 49, y: i * 24, width: 15, height: 16, RGBColor(205, 205, 205))
      canvas.glyph(letter, x: 49, y: i * 24)
    }
    return canvas.image
  }
}
