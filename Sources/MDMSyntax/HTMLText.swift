/// Text and code in HTML, for all pages that mdm writes.
public enum HTMLText {
  /// The colours of pages and of code, light or dark as the reader's system is: CSS variables and the
  /// classes that `code` uses.
  static let colours = """
    :root { --ink: #1d2733; --soft: #5b6875; --paper: #fff; --tint: #f4f6f8; --line: #dde3e9;
      --link: #0b5cad; --key: #8250df; --str: #0a6b3d; --num: #9a4a00; --bad: #b3261e; --warn: #8a5a00; }
    @media (prefers-color-scheme: dark) { :root { --ink: #dfe6ee; --soft: #98a5b3; --paper: #12171d;
      --tint: #1b222b; --line: #2d3742; --link: #74b3ff; --key: #c9a6ff; --str: #7fd6a3; --num: #f0a868;
      --bad: #ff8a80; --warn: #f0c060; } }
    .k { color: var(--key); } .s { color: var(--str); } .n { color: var(--num); } .c { color: var(--soft); }
    """

  /// A whole page that needs nothing else.
  ///
  /// - Parameters:
  ///   - title: as HTML.
  ///   - generator: the command that makes it.
  ///   - style: CSS behind `colours`.
  ///   - body: as HTML, with a line break at its end.
  public static func page(
    title: String, generator: String, style: String, body: String
  ) -> String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta name="generator" content="\(generator)">
    <title>\(title)</title>
    <style>
    \(colours)
    \(style)
    </style>
    </head>
    <body>
    \(body)</body>
    </html>

    """
  }

  /// Everything that HTML reads as its own; control characters, which it forbids, become U+FFFD.
  public static func escaped(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default:
        if scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) {
          result += "\u{FFFD}"
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// Code with its words coloured.
  public static func code(_ text: String) -> String {
    let source = SourceText(name: "code", text: text)
    let lexed = Lexer.lex(source)
    var marks: [(span: Span, style: String)] = lexed.comments.map { ($0, "c") }
    for token in lexed.tokens {
      switch token.kind {
      case .keyword: marks.append((token.span, "k"))
      case .string, .interpolation: marks.append((token.span, "s"))
      case .integer, .float, .duration, .size: marks.append((token.span, "n"))
      default: break
      }
    }
    var result = ""
    var end = 0
    for mark in marks.sorted(by: { $0.span.start < $1.span.start }) where mark.span.start >= end {
      result += escaped(source.text(end..<Int(mark.span.start)))
      let inside = escaped(source.text(Int(mark.span.start)..<Int(mark.span.end)))
      result += "<span class=\"\(mark.style)\">\(inside)</span>"
      end = Int(mark.span.end)
    }
    return result + escaped(source.text(end..<source.bytes.count))
  }

  /// Makes names that are unique on the page.
  public struct Anchors {
    private var used: [String: Int] = [:]

    /// - Parameter taken: names that the page has already.
    public init(taken: [String] = []) { for name in taken { used[name] = 1 } }

    /// A name for an element, made of its text.
    public mutating func make(_ name: String) -> String {
      let plain = String(
        String.UnicodeScalarView(
          name.unicodeScalars.map { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
              ? scalar : "-"
          }))
      let base = plain.isEmpty ? "-" : plain
      used[base, default: 0] += 1
      let count = used[base, default: 1]
      // `a-2` may be somebody's name, too.
      return count == 1 ? base : make("\(base)-\(count)")
    }
  }
}
