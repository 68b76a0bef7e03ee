import MDMImages
import MDMNumerics

/// The infographics of the suite: 2 x 2 panels, each a coloured icon, a digit and a footer.
struct PanelPicture: Sendable {
  struct Panel: Sendable {
    let shape: Shape
    let color: Color
    let value: Int
  }

  /// From the top left, row by row; shapes and colours are all different.
  let panels: [Panel]

  init(values: [Int], _ stream: inout RandomStream) {
    let shapes = stream.shuffled(Shape.allCases)
    let colors = stream.shuffled(Color.allCases)
    panels = values.prefix(4).enumerated().map { i, value in
      Panel(shape: shapes[i], color: colors[i], value: value)
    }
  }

  /// Icon and digit fill one 16-pixel square each; all that is in a panel has its colour.
  var image: RGBImage {
    var canvas = Canvas(width: 64, height: 64)
    for (i, panel) in panels.enumerated() {
      let (x, y) = (i % 2 * 32, i / 2 * 32)
      canvas.draw(panel.shape, x: Double(x + 2), y: Double(y + 2), side: 14, panel.color.rgb)
      canvas.glyph(String(panel.value), x: x + 16, y: y + 1, panel.color.rgb)
      canvas.fillRectangle(x: x + 3, y: y + 20, width: 26, height: 6, panel.color.rgb)
      canvas.strokeRectangle(x: x, y: y, width: 32, height: 32, RGBColor(150, 150, 150))
    }
    return canvas.image
  }
}
