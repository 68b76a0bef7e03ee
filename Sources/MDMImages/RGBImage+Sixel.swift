extension RGBImage {
  /// The image as escape sequences of a terminal that speaks sixel, in 216 colours.
  public func sixel() -> String {
    let steps = 6
    func level(_ value: UInt8) -> Int { (Int(value) * (steps - 1) + 127) / 255 }
    let indices = (0..<width * height).map { at in
      (level(pixels[3 * at]) * steps + level(pixels[3 * at + 1])) * steps
        + level(pixels[3 * at + 2])
    }
    // Raster attributes: square pixels, and the size.
    var text = "\u{1b}Pq\"1;1;\(width);\(height)"
    for color in Set(indices).sorted() {
      let parts = [color / (steps * steps), color / steps % steps, color % steps]
      text += "#\(color);2;" + parts.map { "\($0 * 100 / (steps - 1))" }.joined(separator: ";")
    }
    // A band is six pixels high; each of its colours is written over it in turn.
    for top in stride(from: 0, to: height, by: 6) {
      var columns: [Int: [UInt8]] = [:]
      for row in top..<min(top + 6, height) {
        for x in 0..<width {
          columns[indices[row * width + x], default: Array(repeating: 0, count: width)][x] |=
            1 << UInt8(row - top)
        }
      }
      text +=
        columns.sorted { $0.key < $1.key }.map { color, bits in
          "#\(color)" + Self.runs(bits)
        }.joined(separator: "$") + "-"
    }
    return text + "\u{1b}\\"
  }

  /// Sixels, with runs of equal ones shortened.
  private static func runs(_ bits: [UInt8]) -> String {
    var text = ""
    var index = 0
    while index < bits.count {
      var end = index + 1
      while end < bits.count, bits[end] == bits[index] { end += 1 }
      let character = String(UnicodeScalar(63 + bits[index]))
      text +=
        end - index > 3
        ? "!\(end - index)\(character)" : String(repeating: character, count: end - index)
      index = end
    }
    return text
  }

  /// The image as rows of half blocks, two pixels to a character.
  ///
  /// - Parameters:
  ///   - columns: the most characters in a row.
  ///   - isTrueColor: the terminal has 24-bit colours; otherwise 256.
  public func halfBlocks(columns: Int, isTrueColor: Bool = true) -> String {
    guard width > 0, height > 0 else { return "" }
    let across = max(1, min(columns, width))
    let down = max(2, height * across / width)
    let small = across == width ? self : resized(width: across, height: down)
    var text = ""
    for top in stride(from: 0, to: small.height, by: 2) {
      var last = ""
      for x in 0..<small.width {
        let upper = small.color(x: x, y: top) ?? .white
        let lower = small.color(x: x, y: top + 1) ?? .white
        let colors =
          "\u{1b}[38;\(Self.code(upper, isTrueColor));48;\(Self.code(lower, isTrueColor))m"
        text += (colors == last ? "" : colors) + "▀"
        last = colors
      }
      text += "\u{1b}[0m\n"
    }
    return text
  }

  /// A colour as terminals are told it: itself, or the nearest of the cube of 6 by 6 by 6.
  private static func code(_ color: RGBColor, _ isTrueColor: Bool) -> String {
    if isTrueColor { return "2;\(color.red);\(color.green);\(color.blue)" }
    func level(_ value: UInt8) -> Int { value < 48 ? 0 : value < 115 ? 1 : (Int(value) - 35) / 40 }
    return "5;\(16 + 36 * level(color.red) + 6 * level(color.green) + level(color.blue))"
  }
}
