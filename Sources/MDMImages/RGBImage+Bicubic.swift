/// Whose whole-number weights a resizing uses.
public enum BicubicRounding: Sendable {
  /// 22 bits.
  case pillow
  /// As many bits as fit into 16 with their sign.
  case torchvision
}

extension RGBImage {
  /// The image at another size by antialiased bicubic resizing, to the same bytes as Pillow's and
  /// torchvision's.
  ///
  /// Both pass over the rows, round to bytes, and pass over the columns, with whole-number weights.
  /// Pillow passes over the columns first where the height shrinks by more than twice as many
  /// pixels as the width, since its version 13; before it never did.
  /// A size below 1 pixel counts as 1; an empty image gives a white one.
  ///
  /// Source: Pillow 13.0 `Resample.c`, ATen `UpSampleKernel.cpp` (`compute_index_ranges_int16_weights`);
  /// a = -0.5.
  public func bicubic(
    width newWidth: Int, height newHeight: Int, rounding: BicubicRounding = .pillow
  ) -> RGBImage {
    let (w, h) = (max(newWidth, 1), max(newHeight, 1))
    if width == w && height == h { return self }
    guard width > 0 && height > 0 else { return RGBImage(width: w, height: h) }
    let across = BicubicTaps(from: width, to: w, rounding)
    let down = BicubicTaps(from: height, to: h, rounding)
    let isDownFirst =
      rounding == .pillow && height > h && height - h > (width - w) * 2
    return isDownFirst
      ? resized(down: down, to: h).resized(across: across, to: w)
      : resized(across: across, to: w).resized(down: down, to: h)
  }

  /// Every row at another width.
  private func resized(across taps: BicubicTaps, to w: Int) -> RGBImage {
    if w == width { return self }
    let result = [UInt8](unsafeUninitializedCapacity: w * height * 3) { result, used in
      used = w * height * 3
      pixels.withUnsafeBufferPointer { pixels in
        taps.weights.withUnsafeBufferPointer { weights in
          for y in 0..<height {
            for x in 0..<w {
              let first = taps.firsts[x]
              var from = (y * width + first.pixel) * 3
              var (red, green, blue) = (taps.half, taps.half, taps.half)
              for i in first.weight..<(first.weight + first.count) {
                let weight = weights[i]
                red &+= weight &* Int32(pixels[from])
                green &+= weight &* Int32(pixels[from &+ 1])
                blue &+= weight &* Int32(pixels[from &+ 2])
                from &+= 3
              }
              let to = (y * w + x) * 3
              result[to] = Self.byte(red >> taps.bits)
              result[to + 1] = Self.byte(green >> taps.bits)
              result[to + 2] = Self.byte(blue >> taps.bits)
            }
          }
        }
      }
    }
    return RGBImage(width: w, height: height, pixels: result)
  }

  /// Every column at another height.
  private func resized(down taps: BicubicTaps, to h: Int) -> RGBImage {
    if h == height { return self }
    let stride = width * 3
    var sums = [Int32](repeating: 0, count: stride)
    let result = [UInt8](unsafeUninitializedCapacity: stride * h) { result, used in
      used = stride * h
      pixels.withUnsafeBufferPointer { pixels in
        sums.withUnsafeMutableBufferPointer { sums in
          for y in 0..<h {
            let first = taps.firsts[y]
            sums.update(repeating: taps.half)
            for i in 0..<first.count {
              let weight = taps.weights[first.weight + i]
              let row = (first.pixel + i) * stride
              for x in 0..<stride { sums[x] &+= weight &* Int32(pixels[row &+ x]) }
            }
            for x in 0..<stride { result[y * stride + x] = Self.byte(sums[x] >> taps.bits) }
          }
        }
      }
    }
    return RGBImage(width: width, height: h, pixels: result)
  }

  /// The image so that its longer side has at most some pixels, with its shape kept.
  public func fitted(longestSide limit: Int) -> RGBImage {
    let size = Self.fittedSize(width: width, height: height, longestSide: limit)
    return bicubic(width: size.width, height: size.height)
  }

  /// The size that `fitted` gives.
  public static func fittedSize(
    width: Int, height: Int, longestSide limit: Int
  ) -> (width: Int, height: Int) {
    let longest = max(width, height)
    guard longest > limit, limit > 0 else { return (width, height) }
    let scale = Double(limit) / Double(longest)
    return (
      max(1, Int((Double(width) * scale).rounded())),
      max(1, Int((Double(height) * scale).rounded()))
    )
  }

  @inline(__always)
  private static func byte(_ value: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: max(0, min(255, value)))
  }
}

/// The weights of each pixel of a resized row or column.
private struct BicubicTaps {
  /// The first pixel and the place and number of the weights.
  private(set) var firsts: [(pixel: Int, weight: Int, count: Int)] = []
  private(set) var weights: [Int32] = []
  private(set) var bits: Int32 = 22
  /// One half of what a sum is divided by. A sum fits: its weights add up to about 2^22, 255 times
  /// that is below 2^30, and the negative lobes of the filter add less than a quarter.
  var half: Int32 { 1 << (bits - 1) }

  init(from: Int, to: Int, _ rounding: BicubicRounding) {
    let scale = Double(from) / Double(to)
    let stretch = max(1, scale)
    let squeeze = 1 / stretch
    var exact: [Double] = []
    for i in 0..<to {
      let center = (Double(i) + 0.5) * scale
      let first = min(max(0, Int(center - 2 * stretch + 0.5)), from - 1)
      let last = max(first + 1, min(from, Int(center + 2 * stretch + 0.5)))
      let taps = (first..<last).map { Self.cubic((Double($0) - center + 0.5) * squeeze) }
      let sum = taps.reduce(0, +)
      firsts.append((first, exact.count, taps.count))
      exact += taps.map { $0 / sum }
    }
    if rounding == .torchvision {
      let greatest = exact.max() ?? 0
      bits = 0
      while bits < 22, Int(0.5 + greatest * Double(1 << (bits + 1))) < 1 << 15 { bits += 1 }
    }
    let one = Double(1 << bits)
    weights = exact.map { Int32($0 < 0 ? $0 * one - 0.5 : $0 * one + 0.5) }
  }

  private static func cubic(_ x: Double) -> Double {
    let z = abs(x)
    let a = -0.5
    if z < 1 { return ((a + 2) * z - (a + 3)) * z * z + 1 }
    if z < 2 { return (((z - 5) * z + 8) * z - 4) * a }
    return 0
  }
}
