/// SVG pictures that follow the reader's colour scheme, for pages.
///
/// gnuplot writes plain colours; what is ink, grid, halo or series is told by them, since `Palette`
/// uses each for one purpose. A style inside of the picture changes them where the reader's scheme is
/// dark. Colours that stand for values stay, and so do the inks on them.
enum ColorScheme {
  /// What becomes of a colour on the dark paper of pages, #12171D (`HTMLText.colours`).
  static let dark: [(light: String, dark: String)] = [
    (Palette.text, "#DFE6EE"), (Palette.muted, "#98A5B3"), (Palette.frame, "#7A8794"),
    (Palette.grid, "#2D3742"), (Palette.context, "#46525F"), (Palette.reference, "#8A96A3"),
    ("#FFFFFF", "#12171D"), ("#000000", "#E8EDF2"), (Palette.series[0], "#4FA8E0"),
    (Palette.series[1], "#F0803C"), (Palette.series[2], "#2FBF97"), (Palette.series[7], "#9AA5B0"),
  ]

  /// The picture with a transparent ground and a style for dark pages.
  static func following(_ svg: [UInt8]) -> [UInt8] {
    let plain = String(decoding: withoutBlanks(svg), as: UTF8.self)
    guard let start = plain.firstRange(of: "<g id=\"gnuplot_canvas\">") else { return svg }
    // The ground is the first shape of the canvas.
    let canvas = plain[start.lowerBound...].replacing(
      "fill=\"#ffffff\"", with: "fill=\"none\"", maxReplacements: 1)
    return Array((plain[..<start.lowerBound] + "<style>\(style)</style>\n" + canvas).utf8)
  }

  private static let style: String = {
    var rules = ""
    for (light, dark) in Self.dark {
      var names = [decimal(light)]
      if light == "#FFFFFF" { names += ["#FFFFFF", "white"] }
      if light == "#000000" { names.append("black") }
      for name in names {
        for property in ["fill", "stroke", "color", "flood-color"] {
          rules += "[\(property)=\"\(name)\"]{\(property):\(dark)}"
        }
      }
    }
    return "@media (prefers-color-scheme:dark){\(rules)}"
  }()

  // `#222222` as gnuplot writes it, but for blanks: rgb(34,34,34).
  private static func decimal(_ color: String) -> String {
    let value = Int(color.dropFirst(), radix: 16) ?? 0
    return "rgb(\(value >> 16 & 255),\(value >> 8 & 255),\(value & 255))"
  }

  // gnuplot pads some numbers of rgb(…), and CSS compares attributes letter by letter.
  private static func withoutBlanks(_ svg: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(svg.count)
    let opening = Array("rgb(".utf8)
    var rest = svg[...]
    while let byte = rest.first {
      guard byte == opening[0], rest.starts(with: opening),
        let end = rest.firstIndex(of: UInt8(ascii: ")")),
        rest[(rest.startIndex + 4)..<end].allSatisfy({ " ,0123456789".utf8.contains($0) })
      else {
        result.append(byte)
        rest.removeFirst()
        continue
      }
      result += rest[...end].filter { $0 != UInt8(ascii: " ") }
      rest = rest[(end + 1)...]
    }
    return result
  }
}
