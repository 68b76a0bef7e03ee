/// An image of 8-bit red, green and blue values, row by row from the top left.
public struct RGBImage: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Three bytes a pixel; `pixels.count == height * width * 3`.
  public var pixels: [UInt8]

  /// An image of one colour; negative sizes count as 0.
  public init(width: Int, height: Int, fill: RGBColor = .white) {
    self.width = max(width, 0)
    self.height = max(height, 0)
    let count = self.width * self.height * 3
    pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      for i in stride(from: 0, to: count, by: 3) {
        buffer[i] = fill.red
        buffer[i + 1] = fill.green
        buffer[i + 2] = fill.blue
      }
      used = count
    }
  }

  /// An image of given pixels; their count must be `width * height * 3`.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    precondition(pixels.count == width * height * 3)
    self.width = width
    self.height = height
    self.pixels = pixels
  }

  /// The colour of a pixel; nil outside the image.
  public func color(x: Int, y: Int) -> RGBColor? {
    guard x >= 0, x < width, y >= 0, y < height else { return nil }
    let at = (y * width + x) * 3
    return RGBColor(pixels[at], pixels[at + 1], pixels[at + 2])
  }

  /// The image at another size, each pixel the nearest one of this image.
  ///
  /// A size below 1 pixel counts as 1; an empty image gives a white one.
  public func resized(width newWidth: Int, height newHeight: Int) -> RGBImage {
    let (w, h) = (max(newWidth, 1), max(newHeight, 1))
    if w == width, h == height { return self }
    guard width > 0, height > 0 else { return RGBImage(width: w, height: h) }
    var result = RGBImage(width: w, height: h)
    for y in 0..<h {
      let row = min((2 * y + 1) * height / (2 * h), height - 1) * width
      for x in 0..<w {
        let from = (row + min((2 * x + 1) * width / (2 * w), width - 1)) * 3
        let to = (y * w + x) * 3
        result.pixels[to] = pixels[from]
        result.pixels[to + 1] = pixels[from + 1]
        result.pixels[to + 2] = pixels[from + 2]
      }
    }
    return result
  }

  /// The image enlarged by a whole factor of at least 1.
  public func scaled(by factor: Int) -> RGBImage {
    resized(width: width * max(factor, 1), height: height * max(factor, 1))
  }
}

/// A colour of 8 bits a channel.
public struct RGBColor: Sendable, Equatable, Hashable {
  public let red: UInt8
  public let green: UInt8
  public let blue: UInt8

  public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  public static let white = RGBColor(255, 255, 255)
  public static let black = RGBColor(0, 0, 0)
}
