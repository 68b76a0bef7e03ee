import MDMImages

/// Turns images into the rows that the patch embedding multiplies.
package enum ImagePatches {
  private static let mean: [Float] = [0.48145466, 0.4578275, 0.40821073]
  private static let deviation: [Float] = [0.26862954, 0.26130258, 0.27577711]
  /// The normalised value of each byte, channel after channel.
  private static let normalised: [Float] = (0..<3).flatMap { c in
    (0..<256).map { (Float($0) - mean[c] * 255) / (deviation[c] * 255) }
  }

  /// The numbers of image tokens that an image is brought to by resizing, as far as it can be.
  private static let tokenLimits = 4...1280

  /// The number of patch rows and columns of an image, after resizing to whole merged patches.
  ///
  /// Source: `smart_resize` of the Qwen2-VL processor with 4 to 1280 tokens; halves round to even.
  package static func grid(
    width: Int, height: Int, configuration: PolicyConfiguration
  ) -> (rows: Int, columns: Int) {
    let merge = configuration.spatialMergeSize
    let factor = Double(configuration.patchSize * merge)
    let (h, w) = (Double(max(1, height)) / factor, Double(max(1, width)) / factor)
    var rows = h.rounded(.toNearestOrEven)
    var columns = w.rounded(.toNearestOrEven)
    let (least, most) = (Double(tokenLimits.lowerBound), Double(tokenLimits.upperBound))
    if rows * columns > most {
      let shrink = (h * w / most).squareRoot()
      rows = min(most, max(1, (h / shrink).rounded(.down)))
      columns = min(max(1, (w / shrink).rounded(.down)), (most / rows).rounded(.down))
    } else if rows * columns < least {
      let grow = (least / (h * w)).squareRoot()
      rows = min(most, (h * grow).rounded(.up))
      columns = min((w * grow).rounded(.up), max(1, (most / rows).rounded(.down)))
    }
    return (max(1, Int(rows)) * merge, max(1, Int(columns)) * merge)
  }

  /// The patch (row, column) of each patch row, the patches of a merged token after one another.
  static func order(rows: Int, columns: Int, merge: Int) -> [(Int, Int)] {
    var result: [(Int, Int)] = []
    result.reserveCapacity(rows * columns)
    for y in stride(from: 0, to: rows, by: merge) {
      for x in stride(from: 0, to: columns, by: merge) {
        for dy in 0..<merge { for dx in 0..<merge { result.append((y + dy, x + dx)) } }
      }
    }
    return result
  }

  /// Writes one row (channel, y, x) for each patch of a still image.
  static func write(
    _ image: RGBImage, configuration c: PolicyConfiguration,
    into output: UnsafeMutablePointer<Float>
  ) {
    let grid = grid(width: image.width, height: image.height, configuration: c)
    let p = c.patchSize
    let fitted = resized(image, width: grid.columns * p, height: grid.rows * p)
    var to = output
    fitted.pixels.withUnsafeBufferPointer { pixels in
      normalised.withUnsafeBufferPointer { table in
        for (row, column) in order(
          rows: grid.rows, columns: grid.columns, merge: c.spatialMergeSize)
        {
          for channel in 0..<3 {
            for y in 0..<p {
              let from = ((row * p + y) * fitted.width + column * p) * 3 + channel
              for x in 0..<p { to[x] = table[channel * 256 + Int(pixels[from + x * 3])] }
              to += p
            }
          }
        }
      }
    }
  }

  /// The image at another size, by antialiased bicubic interpolation on bytes.
  ///
  /// Source: the two passes of Pillow's `Image.resize(BICUBIC)`, a = -0.5.
  package static func resized(_ image: RGBImage, width: Int, height: Int) -> RGBImage {
    if image.width == width && image.height == height { return image }
    guard image.width > 0 && image.height > 0 else { return RGBImage(width: width, height: height) }
    let across = taps(from: image.width, to: width)
    var middle = [UInt8](repeating: 0, count: width * image.height * 3)
    for y in 0..<image.height {
      for x in 0..<width {
        let (start, weights) = across[x]
        for channel in 0..<3 {
          var sum = 0.0
          for (i, weight) in weights.enumerated() {
            sum += weight * Double(image.pixels[(y * image.width + start + i) * 3 + channel])
          }
          middle[(y * width + x) * 3 + channel] = byte(sum)
        }
      }
    }
    let down = taps(from: image.height, to: height)
    var result = RGBImage(width: width, height: height)
    for y in 0..<height {
      let (start, weights) = down[y]
      for x in 0..<(width * 3) {
        var sum = 0.0
        for (i, weight) in weights.enumerated() {
          sum += weight * Double(middle[(start + i) * width * 3 + x])
        }
        result.pixels[y * width * 3 + x] = byte(sum)
      }
    }
    return result
  }

  private static func byte(_ value: Double) -> UInt8 { UInt8(max(0, min(255, value.rounded()))) }

  private static func taps(from: Int, to: Int) -> [(start: Int, weights: [Double])] {
    let scale = Double(from) / Double(to)
    let stretch = max(1, scale)
    return (0..<to).map { i in
      let center = (Double(i) + 0.5) * scale
      let first = max(0, Int(center - 2 * stretch + 0.5))
      let last = max(first + 1, min(from, Int(center + 2 * stretch + 0.5)))
      let weights = (first..<last).map { cubic((Double($0) - center + 0.5) / stretch) }
      let sum = weights.reduce(0, +)
      return (first, weights.map { $0 / sum })
    }
  }

  private static func cubic(_ x: Double) -> Double {
    let z = abs(x)
    let a = -0.5
    if z < 1 { return ((a + 2) * z - (a + 3)) * z * z + 1 }
    if z < 2 { return (((z - 5) * z + 8) * z - 4) * a }
    return 0
  }
}
