import MDMDeclarations
import MDMSyntax

extension Reference {
  /// The reference as one page of HTML that needs nothing else: an anchor for each entry, light and
  /// dark colours as the reader's system has them, and a box that filters.
  public var html: String {
    var anchors = HTMLText.Anchors(taken: ["filter", "none"])
    var body = ""
    var index = ""
    for section in sections {
      let anchor = anchors.make(section.title)
      body +=
        "<section>\n<h2 id=\"\(anchor)\"><a href=\"#\(anchor)\">\(HTMLText.escaped(section.title))</a></h2>\n"
      index +=
        "<details open><summary><a href=\"#\(anchor)\">\(HTMLText.escaped(section.title))</a></summary>\n<ul>\n"
      for entry in section.entries {
        let own = anchors.make(entry.name)
        body += Self.html(entry, anchor: own)
        index += "<li><a href=\"#\(own)\">\(HTMLText.escaped(entry.name))</a></li>\n"
      }
      body += "</section>\n"
      index += "</ul></details>\n"
    }
    let intro = Self.paragraphs(introduction)
    return HTMLText.page(
      title: HTMLText.escaped(title), generator: "mdm doc", style: Self.style,
      body: """
        <nav aria-label="Index">
        <input type="search" id="filter" placeholder="Filter (press /)" aria-label="Filter by name or text">
        \(index)</nav>
        <main>
        <h1>\(HTMLText.escaped(title))</h1>
        \(intro)\(body)<p id="none" hidden>Nothing here has that text.</p>
        </main>
        <script>
        \(Self.script)
        </script>

        """)
  }

  private static func html(_ entry: Entry, anchor: String) -> String {
    var text = "<article id=\"\(anchor)\">\n"
    text += "<h3><a href=\"#\(anchor)\"><code>\(HTMLText.code(entry.usage))</code></a></h3>\n"
    text += paragraphs(entry.summary) + paragraphs(entry.details)
    let explained = entry.parameters.filter { !$0.help.isEmpty }
    if !explained.isEmpty {
      text += "<dl>\n"
      for parameter in explained {
        text += "<dt><code>\(HTMLText.escaped(parameter.name))</code></dt>"
        text += "<dd>\(inline(parameter.help))</dd>\n"
      }
      text += "</dl>\n"
    }
    for example in entry.examples {
      text += "<pre><code>\(HTMLText.code(example.code))"
      if let prints = example.prints { text += "\n<output>\(HTMLText.escaped(prints))</output>" }
      text += "</code></pre>\n"
    }
    if let source = entry.source { text += "<p class=\"source\">Source: \(inline(source))</p>\n" }
    return text + "</article>\n"
  }

  // MARK: Text

  private static func paragraphs(_ text: String) -> String {
    guard !text.isEmpty else { return "" }
    return text.split(separator: "\n\n").map { part in
      let lines = part.split(separator: "\n")
      guard lines.allSatisfy({ $0.hasPrefix("- ") }) else {
        return "<p>\(inline(String(part)))</p>\n"
      }
      return "<ul>\n" + lines.map { "<li>\(inline(String($0.dropFirst(2))))</li>\n" }.joined()
        + "</ul>\n"
    }.joined()
  }

  /// Text with `code` between backticks and links for addresses.
  static func inline(_ text: String) -> String {
    let parts = text.split(separator: "`", omittingEmptySubsequences: false)
    guard parts.count % 2 == 1 else { return linked(text) }
    return parts.enumerated().map { index, part in
      index % 2 == 1 ? "<code>\(HTMLText.escaped(String(part)))</code>" : linked(String(part))
    }.joined()
  }

  private static func linked(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word in
      guard word.hasPrefix("https://") else { return HTMLText.escaped(String(word)) }
      let end = String(word.reversed().prefix { ".,;:)".contains($0) }.reversed())
      let address = HTMLText.escaped(String(word.dropLast(end.count)))
      return "<a href=\"\(address)\">\(address)</a>\(HTMLText.escaped(end))"
    }.joined(separator: " ")
  }
}
