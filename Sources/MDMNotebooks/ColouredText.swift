import MDMSyntax

/// Text with a terminal's colours as HTML.
enum ColouredText {
  /// The text; sequences that set no colour are left out.
  ///
  /// Source: ECMA-48, 8.3.117 (SGR).
  static func html(_ text: String) -> String {
    var html = ""
    var plain = ""
    var style: Set<String> = []
    func flush() {
      guard !plain.isEmpty else { return }
      let escaped = HTMLText.escaped(plain)
      html +=
        style.isEmpty
        ? escaped : "<span class=\"\(style.sorted().joined(separator: " "))\">\(escaped)</span>"
      plain = ""
    }
    var scalars = text.unicodeScalars.makeIterator()
    while let scalar = scalars.next() {
      guard scalar == "\u{1B}" else {
        // A line that was drawn over its beginning shows its last form.
        if scalar == "\r" { continue }
        plain.unicodeScalars.append(scalar)
        continue
      }
      guard scalars.next() == "[" else { continue }
      var parameters = ""
      var last: Unicode.Scalar?
      while let next = scalars.next() {
        if (0x40...0x7E).contains(next.value) {
          last = next
          break
        }
        parameters.unicodeScalars.append(next)
      }
      guard last == "m" else { continue }
      flush()
      let codes = parameters.split(separator: ";", omittingEmptySubsequences: false)
      for code in codes { change(&style, Int(code) ?? 0) }
    }
    flush()
    return html
  }

  private static let colours = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
  ]

  private static func change(_ style: inout Set<String>, _ code: Int) {
    switch code {
    case 0: style = []
    case 1: style.insert("bold")
    case 22: style.remove("bold")
    case 30...37, 90...97:
      style = style.filter { $0 == "bold" }
      style.insert("fg-" + colours[code % 10])
    case 39: style = style.filter { $0 == "bold" }
    default: break
    }
  }
}
