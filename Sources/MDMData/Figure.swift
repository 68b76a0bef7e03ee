import MDMImages
import MDMNumerics

/// The figures of Geo-MC: polygons, angles and rectangles whose sides carry digits.
enum Figure {
  static let ink = RGBColor(20, 20, 30)

  /// A regular polygon that fills most of the picture, slightly turned.
  static func polygon(sides: Int, color: Color, _ stream: inout RandomStream) -> RGBImage {
    var canvas = Canvas(width: 64, height: 64)
    let turn = (stream.uniform() - 0.5) * 0.3
    let radius = 26 + stream.uniform() * 4
    let center = Point(32, sides == 3 ? 38 : 33)
    let points = (0..<sides).map { i in
      // A square stands on its edge, the others on theirs with a corner up.
      let start = sides == 4 ? Double.pi / 4 : 0
      let angle = start + turn + 2 * .pi * Double(i) / Double(sides)
      return Point(
        center.x + radius * approximateSine(angle), center.y - radius * approximateCosine(angle))
    }
    canvas.fillPolygon(points, color.rgb)
    return canvas.image
  }

  /// Two thick rays from one point, the first to the right, with an opening in degrees.
  static func angle(degrees: Double, color: Color) -> RGBImage {
    var canvas = Canvas(width: 64, height: 64)
    let vertex = Point(degrees > 100 ? 36 : degrees > 80 ? 20 : 8, 54)
    let radians = degrees * .pi / 180
    let length = 46.0
    let end = Point(
      vertex.x + length * approximateCosine(radians),
      vertex.y - length * approximateSine(radians))
    canvas.line(from: vertex, to: end, width: 5, color.rgb)
    canvas.line(from: vertex, to: Point(vertex.x + 48, vertex.y), width: 5, color.rgb)
    canvas.fillCircle(x: vertex.x, y: vertex.y, radius: 4, ink)
    return canvas.image
  }

  /// A rectangle to scale, its height written left of it and its width below it.
  static func rectangle(width: Int, height: Int, color: Color) -> RGBImage {
    var canvas = Canvas(width: 64, height: 64)
    let (w, h) = (width * 9, height * 9)
    canvas.fillRectangle(x: 17, y: 47 - h, width: w, height: h, color.rgb)
    canvas.strokeRectangle(x: 17, y: 47 - h, width: w, height: h, thickness: 2, ink)
    canvas.glyph(String(height), x: 0, y: 32)
    canvas.glyph(String(width), x: 16, y: 48)
    return canvas.image
  }

  // Own series instead of the C library's functions: pictures are the same bytes on every
  // machine. Error below 1e-9 after reduction to -pi...pi, far less than a pixel.
  private static func approximateSine(_ angle: Double) -> Double {
    let x = angle - (angle / (2 * .pi)).rounded() * 2 * .pi
    var term = x
    var sum = x
    for n in 1...12 {
      term *= -x * x / Double((2 * n) * (2 * n + 1))
      sum += term
    }
    return sum
  }

  private static func approximateCosine(_ angle: Double) -> Double {
    approximateSine(angle + .pi / 2)
  }
}
