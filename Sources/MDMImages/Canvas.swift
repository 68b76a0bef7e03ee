/// A surface to draw on; everything outside its image is cut off.
///
/// Coordinates are pixels from the top left, continuous: the pixel (0, 0) covers 0..<1 in both
/// axes and is painted where its centre (0.5, 0.5) lies inside a figure. There is no blending, so
/// every pixel has a colour that was asked for.
public struct Canvas: Sendable {
  /// What has been drawn so far.
  public private(set) var image: RGBImage

  /// An empty surface of one colour.
  public init(width: Int, height: Int, fill: RGBColor = .white) {
    image = RGBImage(width: width, height: height, fill: fill)
  }

  /// A surface that begins with an image.
  public init(_ image: RGBImage) { self.image = image }

  /// Paints one pixel.
  public mutating func set(x: Int, y: Int, _ color: RGBColor) {
    guard x >= 0, x < image.width, y >= 0, y < image.height else { return }
    let at = (y * image.width + x) * 3
    image.pixels[at] = color.red
    image.pixels[at + 1] = color.green
    image.pixels[at + 2] = color.blue
  }

  /// Fills a rectangle of whole pixels.
  public mutating func fillRectangle(x: Int, y: Int, width: Int, height: Int, _ color: RGBColor) {
    for row in Self.clip(y, height, image.height) {
      for column in Self.clip(x, width, image.width) { set(x: column, y: row, color) }
    }
  }

  /// Draws the border of a rectangle, inwards from its outer edge.
  public mutating func strokeRectangle(
    x: Int, y: Int, width: Int, height: Int, thickness: Int = 1, _ color: RGBColor
  ) {
    fillRectangle(x: x, y: y, width: width, height: thickness, color)
    fillRectangle(x: x, y: y + height - thickness, width: width, height: thickness, color)
    fillRectangle(x: x, y: y, width: thickness, height: height, color)
    fillRectangle(x: x + width - thickness, y: y, width: thickness, height: height, color)
  }

  /// Fills the ellipse that fits a rectangle; a square gives a circle.
  public mutating func fillEllipse(
    x: Double, y: Double, width: Double, height: Double, _ color: RGBColor
  ) {
    guard width > 0, height > 0 else { return }
    fill(x...(x + width), y...(y + height), color) { px, py in
      let dx = (px - x) / width * 2 - 1
      let dy = (py - y) / height * 2 - 1
      return dx * dx + dy * dy <= 1
    }
  }

  /// Fills a disc.
  public mutating func fillCircle(x: Double, y: Double, radius: Double, _ color: RGBColor) {
    fillEllipse(x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius, color)
  }

  /// Fills a polygon by the even-odd rule; fewer than three points draw nothing.
  public mutating func fillPolygon(_ points: [Point], _ color: RGBColor) {
    guard points.count >= 3 else { return }
    let (xs, ys) = (points.map(\.x), points.map(\.y))
    guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max(),
      left.isFinite, right.isFinite, top.isFinite, bottom.isFinite
    else { return }
    fill(left...right, top...bottom, color) { px, py in
      var inside = false
      var previous = points[points.count - 1]
      for point in points {
        if (point.y > py) != (previous.y > py) {
          let t = (py - point.y) / (previous.y - point.y)
          if px < point.x + t * (previous.x - point.x) { inside.toggle() }
        }
        previous = point
      }
      return inside
    }
  }

  /// Fills a triangle.
  public mutating func fillTriangle(_ a: Point, _ b: Point, _ c: Point, _ color: RGBColor) {
    fillPolygon([a, b, c], color)
  }

  /// Draws a straight line of a width, with square ends at its two points.
  public mutating func line(
    from a: Point, to b: Point, width: Double = 1, _ color: RGBColor
  ) {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0, length.isFinite else { return }
    let (nx, ny) = (-dy / length * width / 2, dx / length * width / 2)
    fillPolygon(
      [
        Point(a.x + nx, a.y + ny), Point(b.x + nx, b.y + ny), Point(b.x - nx, b.y - ny),
        Point(a.x - nx, a.y - ny),
      ], color)
  }

  /// Draws an arrow whose tip is at the second point.
  ///
  /// - Parameter head: The length and width of its head, in pixels.
  public mutating func arrow(
    from a: Point, to b: Point, width: Double = 2, head: Double = 8, _ color: RGBColor
  ) {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = (dx * dx + dy * dy).squareRoot()
    guard length > 0, length.isFinite else { return }
    let (ux, uy) = (dx / length, dy / length)
    let neck = Point(b.x - ux * head, b.y - uy * head)
    line(from: a, to: Point(neck.x + ux, neck.y + uy), width: width, color)
    fillTriangle(
      b, Point(neck.x - uy * head / 2, neck.y + ux * head / 2),
      Point(neck.x + uy * head / 2, neck.y - ux * head / 2), color)
  }

  /// Writes one line of text from its top left corner; glyphs are 5 x 7 pixels times `scale`.
  ///
  /// Characters that the font lacks become `?`.
  public mutating func text(
    _ text: String, x: Int, y: Int, scale: Int = 1, _ color: RGBColor
  ) {
    var left = x
    for character in text {
      let columns = BitmapFont.columns(of: character)
      for (i, bits) in columns.enumerated() {
        for row in 0..<BitmapFont.height where bits >> row & 1 == 1 {
          fillRectangle(
            x: left + i * scale, y: y + row * scale, width: scale, height: scale, color)
        }
      }
      left += BitmapFont.advance * scale
    }
  }

  /// The width of a line of text, in pixels.
  public static func textWidth(_ text: String, scale: Int = 1) -> Int {
    max(text.count * BitmapFont.advance - 1, 0) * scale
  }

  /// Copies an image onto the surface, its top left corner at a pixel.
  public mutating func draw(_ other: RGBImage, x: Int, y: Int) {
    for row in 0..<other.height {
      for column in 0..<other.width {
        if let color = other.color(x: column, y: row) { set(x: x + column, y: y + row, color) }
      }
    }
  }

  private static func clip(_ start: Int, _ length: Int, _ limit: Int) -> Range<Int> {
    let low = min(max(start, 0), limit)
    let (end, overflow) = start.addingReportingOverflow(max(length, 0))
    return low..<min(max(overflow ? limit : end, low), limit)
  }

  private mutating func fill(
    _ xs: ClosedRange<Double>, _ ys: ClosedRange<Double>, _ color: RGBColor,
    where inside: (Double, Double) -> Bool
  ) {
    let columns = Self.pixels(xs, limit: image.width)
    for y in Self.pixels(ys, limit: image.height) {
      for x in columns where inside(Double(x) + 0.5, Double(y) + 0.5) { set(x: x, y: y, color) }
    }
  }

  private static func pixels(_ range: ClosedRange<Double>, limit: Int) -> Range<Int> {
    let low = Int(min(max(range.lowerBound.rounded(.down), 0), Double(limit)))
    let high = Int(min(max(range.upperBound.rounded(.up), 0), Double(limit)))
    return low..<max(low, high)
  }
}

/// A place on a canvas, in continuous pixels from the top left.
public struct Point: Sendable, Equatable {
  public let x: Double
  public let y: Double

  public init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}
