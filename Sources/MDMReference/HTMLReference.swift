import MDMDeclarations
import MDMSyntax

extension Reference {
  /// The reference as one page of HTML that needs nothing else: an anchor for each entry, light and
  /// dark colours as the reader's system has them, and a box that filters.
  public var html: String {
    var anchors = Anchors()
    var body = ""
    var index = ""
    for section in sections {
      let anchor = anchors.make(section.title)
      body +=
        "<section>\n<h2 id=\"\(anchor)\"><a href=\"#\(anchor)\">\(Self.escaped(section.title))</a></h2>\n"
      index +=
        "<details open><summary><a href=\"#\(anchor)\">\(Self.escaped(section.title))</a></summary>\n<ul>\n"
      for entry in section.entries {
        let own = anchors.make(entry.name)
        body += Self.html(entry, anchor: own)
        index += "<li><a href=\"#\(own)\">\(Self.escaped(entry.name))</a></li>\n"
      }
      body += "</section>\n"
      index += "</ul></details>\n"
    }
    let intro = Self.paragraphs(introduction)
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="generator" content="mdm doc">
      <title>\(Self.escaped(title))</title>
      <style>
      \(Self.style)
      </style>
      </head>
      <body>
      <nav aria-label="Index">
      <input type="search" id="filter" placeholder="Filter (press /)" aria-label="Filter by name or text">
      \(index)</nav>
      <main>
      <h1>\(Self.escaped(title))</h1>
      \(intro)\(body)<p id="none" hidden>Nothing here has that text.</p>
      </main>
      <script>
      \(Self.script)
      </script>
      </body>
      </html>

      """
  }

  private static func html(_ entry: Entry, anchor: String) -> String {
    var text = "<article id=\"\(anchor)\">\n"
    text += "<h3><a href=\"#\(anchor)\"><code>\(code(entry.usage))</code></a></h3>\n"
    text += paragraphs(entry.summary) + paragraphs(entry.details)
    let explained = entry.parameters.filter { !$0.help.isEmpty }
    if !explained.isEmpty {
      text += "<dl>\n"
      for parameter in explained {
        text += "<dt><code>\(escaped(parameter.name))</code></dt>"
        text += "<dd>\(inline(parameter.help))</dd>\n"
      }
      text += "</dl>\n"
    }
    for example in entry.examples {
      text += "<pre><code>\(code(example.code))"
      if let prints = example.prints { text += "\n<output>\(escaped(prints))</output>" }
      text += "</code></pre>\n"
    }
    if let source = entry.source { text += "<p class=\"source\">Source: \(inline(source))</p>\n" }
    return text + "</article>\n"
  }

  // MARK: Text

  private static func paragraphs(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    return text.split(separator: "\n\n").map { "<p>\(inline(String($0)))</p>\n" }.joined()
  }

  /// Text with `code` between backticks and links for addresses.
  static func inline(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return linked(text) }
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? "<code>\(escaped(String(part)))</code>" : linked(String(part))
    }.joined()
  }

  private static func linked(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      guard word.hasPrefix("https://") else { return escaped(String(word)) }
      let end = String(word.reversed().prefix { ".,;:)".contains($0) }.reversed())
      let address = escaped(String(word.dropLast(end.count)))
      return "<a href=\"\(address)\">\(address)</a>\(escaped(end))"
    }.joined(separator: " ")
  }

  /// Everything that HTML reads as its own; control characters, which it forbids, become U+FFFD.
  static func escaped(_ text: String) -> String {
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
  static func code(_ text: String) -> String {
    let source = SourceText(name: "example", text: text)
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
  private struct Anchors {
    private var used: [String: Int] = ["filter": 1, "none": 1]

    mutating func make(_ name: String) -> String {
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
