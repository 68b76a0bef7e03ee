import MDMImages

/// Antialiased bicubic resizing of bytes, to the same bytes as Pillow's and torchvision's.
///
/// Both pass over the rows, round to bytes, and pass over the columns, with whole-number weights: Pillow
/// keeps 22 bits of them, torchvision as many as fit into 16 with their sign. Source: Pillow
/// `Resample.c`, ATen `UpSampleKernel.cpp` (`compute_index_ranges_int16_weights`); a = -0.5.
enum ImageResizing {
  /// The weights of one pixel of the result.
  private struct Taps {
    var start: Int
    var weights: [Int32]
  }

  /// The image at another size.
  static func resized(
    _ image: RGBImage, width: Int, height: Int, as resizer: ImageProcessor.Resizer
  ) -> RGBImage {
    if image.width == width && image.height == height { return image }
    guard image.width > 0 && image.height > 0 else { return RGBImage(width: width, height: height) }
    let across = taps(from: image.width, to: width, resizer)
    var middle = [UInt8](repeating: 0, count: width * image.height * 3)
    image.pixels.withUnsafeBufferPointer { pixels in
      for y in 0..<image.height {
        for x in 0..<width {
          let tap = across.taps[x]
          let from = (y * image.width + tap.start) * 3
          for channel in 0..<3 {
            var sum = across.half
            for (i, weight) in tap.weights.enumerated() {
              sum += Int(weight) * Int(pixels[from + i * 3 + channel])
            }
            middle[(y * width + x) * 3 + channel] = byte(sum >> across.bits)
          }
        }
      }
    }
    let down = taps(from: image.height, to: height, resizer)
    var result = RGBImage(width: width, height: height)
    middle.withUnsafeBufferPointer { middle in
      for y in 0..<height {
        let tap = down.taps[y]
        for x in 0..<(width * 3) {
          var sum = down.half
          for (i, weight) in tap.weights.enumerated() {
            sum += Int(weight) * Int(middle[(tap.start + i) * width * 3 + x])
          }
          result.pixels[y * width * 3 + x] = byte(sum >> down.bits)
        }
      }
    }
    return result
  }

  private static func byte(_ value: Int) -> UInt8 { UInt8(max(0, min(255, value))) }

  private static func taps(
    from: Int, to: Int, _ resizer: ImageProcessor.Resizer
  ) -> (taps: [Taps], bits: Int, half: Int) {
    let scale = Double(from) / Double(to)
    let stretch = max(1, scale)
    let exact = (0..<to).map { i -> (start: Int, weights: [Double]) in
      let center = (Double(i) + 0.5) * scale
      let first = max(0, Int(center - 2 * stretch + 0.5))
      let last = max(first + 1, min(from, Int(center + 2 * stretch + 0.5)))
      let weights = (first..<last).map { cubic((Double($0) - center + 0.5) / stretch) }
      let sum = weights.reduce(0, +)
      return (first, weights.map { $0 / sum })
    }
    var bits = 22
    if resizer == .torchvision {
      let greatest = exact.reduce(0) { max($0, $1.weights.max() ?? 0) }
      bits = 0
      while bits < 22, Int(0.5 + greatest * Double(1 << (bits + 1))) < 1 << 15 { bits += 1 }
    }
    let one = Double(1 << bits)
    let rounded = exact.map { tap in
      Taps(
        start: tap.start,
        weights: tap.weights.map { Int32($0 < 0 ? $0 * one - 0.5 : $0 * one + 0.5) })
    }
    return (rounded, bits, 1 << (bits - 1))
  }

  private static func cubic(_ x: Double) -> Double {
    let z = abs(x)
    let a = -0.5
    if z < 1 { return ((a + 2) * z - (a + 3)) * z * z + 1 }
    if z < 2 { return (((z - 5) * z + 8) * z - 4) * a }
    return 0
  }
}
