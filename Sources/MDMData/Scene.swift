import MDMImages
import MDMNumerics

/// The shapes of the procedural suite.
enum Shape: String, CaseIterable, Sendable {
  case circle
  case square
  case triangle
  case star
}

/// The colours of the procedural suite: saturated and far apart.
enum Color: String, CaseIterable, Sendable {
  case red
  case green
  case blue
  case yellow

  var rgb: RGBColor {
    switch self {
    case .red: RGBColor(225, 25, 30)
    case .green: RGBColor(20, 165, 60)
    case .blue: RGBColor(30, 70, 235)
    case .yellow: RGBColor(250, 195, 0)
    }
  }
}

/// One shape on the 8 x 8 cells of a picture.
struct Item: Sendable, Equatable {
  let shape: Shape
  let color: Color
  /// The left, top cell and the side, in cells.
  let x: Int
  let y: Int
  let side: Int

  var box: Box {
    let cell = Double(Scene.cell)
    return Box(Double(x), Double(y), Double(x + side), Double(y + side)).scaled(x: cell, y: cell)
  }

  /// The box in cells, as an answer states it.
  var answer: String { "\(x) \(y) \(x + side) \(y + side)" }

  func overlaps(_ other: Item) -> Bool {
    x < other.x + other.side && other.x < x + side && y < other.y + other.side
      && other.y < y + side
  }
}

/// A picture of up to four shapes of different shape and colour that do not overlap.
struct Scene: Sendable {
  /// Pixels along each axis of the picture.
  static let size = 64
  /// Pixels along each axis of a cell.
  static let cell = size / Example.cells

  let items: [Item]

  /// Draws shapes at random until they do not overlap and satisfy a condition.
  ///
  /// `first` is the colour of the first shape, random by default.
  /// After 400 attempts the shapes go to one quadrant each with falling sides, whatever the
  /// condition says; conditions are chosen so that this does not happen in practice.
  init(
    count: Int, sides: ClosedRange<Int> = 2...4, first: Color? = nil,
    _ stream: inout RandomStream,
    where condition: ([Item]) -> Bool = { _ in true }
  ) {
    let shapes = stream.shuffled(Shape.allCases)
    var colors = stream.shuffled(Color.allCases)
    if let first { colors = [first] + colors.filter { $0 != first } }
    for _ in 0..<400 {
      var items: [Item] = []
      for i in 0..<min(count, 4) {
        let side = stream.integer(in: sides)
        let item = Item(
          shape: shapes[i], color: colors[i], x: stream.integer(in: 0...(8 - side)),
          y: stream.integer(in: 0...(8 - side)), side: side)
        if items.contains(where: item.overlaps) { break }
        items.append(item)
      }
      if items.count == min(count, 4), condition(items) {
        self.items = items
        return
      }
    }
    items = (0..<min(count, 4)).map { i in
      Item(
        shape: shapes[i], color: colors[i], x: i % 2 * 4, y: i / 2 * 4,
        side: i == 0 ? sides.upperBound : sides.lowerBound)
    }
  }

  init(items: [Item]) { self.items = items }

  /// The picture, the items painted in order.
  var image: RGBImage {
    var canvas = Canvas(width: Self.size, height: Self.size)
    for item in items { canvas.draw(item) }
    return canvas.image
  }
}

extension Canvas {
  mutating func draw(_ item: Item) {
    draw(
      item.shape, x: Double(item.x * Scene.cell), y: Double(item.y * Scene.cell),
      side: Double(item.side * Scene.cell), item.color.rgb)
  }

  /// Draws a shape that touches all four edges of a square.
  mutating func draw(_ shape: Shape, x: Double, y: Double, side: Double, _ color: RGBColor) {
    switch shape {
    case .circle: fillEllipse(x: x, y: y, width: side, height: side, color)
    case .square:
      fillRectangle(x: Int(x), y: Int(y), width: Int(side), height: Int(side), color)
    case .triangle:
      // The apex lies above the square so that the topmost row has its two middle pixels.
      fillTriangle(
        Point(x + side / 2, y - 1), Point(x + side, y + side), Point(x, y + side), color)
    case .star:
      // A four-pointed star: blunt tips in the middle of the edges, waist at a sixth of the side.
      let (h, w, tip) = (side / 2, side / 6, 1.0)
      let points: [(Double, Double)] = [
        (-tip, -h), (tip, -h), (w, -w), (h, -tip), (h, tip), (w, w), (tip, h), (-tip, h),
        (-w, w), (-h, tip), (-h, -tip), (-w, -w),
      ]
      fillPolygon(points.map { Point(x + h + $0.0, y + h + $0.1) }, color)
    }
  }

  /// Writes a digit or letter of twice the font's size, centred in a square of 16 pixels.
  mutating func glyph(_ text: String, x: Int, y: Int, _ color: RGBColor = .black) {
    self.text(text, x: x + (16 - Self.textWidth(text, scale: 2)) / 2, y: y + 1, scale: 2, color)
  }
}
