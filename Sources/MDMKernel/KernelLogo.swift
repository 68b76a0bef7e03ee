import MDMImages

/// The picture beside the kernel's name: a simplex of three domains and the mixture that was found.
enum KernelLogo {
  /// The sizes that Jupyter asks for, in pixels.
  static let sizes = [32, 64]

  private static let corners: [(x: Double, y: Double, red: UInt8, green: UInt8, blue: UInt8)] = [
    (0.5, 0.12, 0x33, 0x66, 0xCC), (0.92, 0.84, 0xDC, 0x39, 0x12), (0.08, 0.84, 0x10, 0x96, 0x18),
  ]
  private static let optimum = (x: 0.56, y: 0.52)

  /// Drawn without a background.
  static var svg: String {
    let points = corners.map { "\(hundred($0.x)),\(hundred($0.y))" }.joined(separator: " ")
    var text =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\">"
      + "<polygon points=\"\(points)\" fill=\"#E8EEF7\" stroke=\"#445566\" stroke-width=\"4\" "
      + "stroke-linejoin=\"round\"/>"
    for corner in corners {
      text +=
        "<line x1=\"\(hundred(corner.x))\" y1=\"\(hundred(corner.y))\" x2=\"\(hundred(optimum.x))\" "
        + "y2=\"\(hundred(optimum.y))\" stroke=\"#8899AA\" stroke-width=\"2\"/>"
    }
    for corner in corners {
      text +=
        "<circle cx=\"\(hundred(corner.x))\" cy=\"\(hundred(corner.y))\" r=\"8\" "
        + "fill=\"rgb(\(corner.red),\(corner.green),\(corner.blue))\"/>"
    }
    return text
      + "<circle cx=\"\(hundred(optimum.x))\" cy=\"\(hundred(optimum.y))\" r=\"10\" fill=\"#FF9900\" "
      + "stroke=\"#445566\" stroke-width=\"3\"/></svg>\n"
  }

  private static func hundred(_ part: Double) -> Int { Int((part * 100).rounded()) }

  /// Drawn on white, large, and made smaller, which softens the edges.
  static func image(size: Int) -> RGBImage {
    let factor = 8
    let side = Double(size * factor)
    var canvas = Canvas(width: size * factor, height: size * factor)
    func at(_ x: Double, _ y: Double) -> Point { Point(x * side, y * side) }
    let dark = RGBColor(0x44, 0x55, 0x66)
    let triangle = corners.map { at($0.x, $0.y) }
    canvas.fillPolygon(triangle, RGBColor(0xE8, 0xEE, 0xF7))
    for index in triangle.indices {
      canvas.line(
        from: triangle[index], to: triangle[(index + 1) % 3], width: 0.04 * side, dark)
      canvas.line(
        from: triangle[index], to: at(optimum.x, optimum.y), width: 0.02 * side,
        RGBColor(0x88, 0x99, 0xAA))
    }
    func disc(_ x: Double, _ y: Double, _ radius: Double, _ color: RGBColor) {
      canvas.fillCircle(x: x * side, y: y * side, radius: radius * side, color)
    }
    for corner in corners {
      disc(corner.x, corner.y, 0.08, RGBColor(corner.red, corner.green, corner.blue))
    }
    disc(optimum.x, optimum.y, 0.115, dark)
    disc(optimum.x, optimum.y, 0.085, RGBColor(0xFF, 0x99, 0x00))
    return reduced(canvas.image, by: factor)
  }

  /// The means of squares of pixels.
  private static func reduced(_ image: RGBImage, by factor: Int) -> RGBImage {
    var canvas = Canvas(width: image.width / factor, height: image.height / factor)
    for y in 0..<image.height / factor {
      for x in 0..<image.width / factor {
        var sums = [0, 0, 0]
        for row in 0..<factor {
          for column in 0..<factor {
            let at = ((y * factor + row) * image.width + x * factor + column) * 3
            for channel in 0..<3 { sums[channel] += Int(image.pixels[at + channel]) }
          }
        }
        let mean = sums.map { UInt8($0 / (factor * factor)) }
        canvas.set(x: x, y: y, RGBColor(mean[0], mean[1], mean[2]))
      }
    }
    return canvas.image
  }
}
