import MDMJSON
import MDMPlots
import MDMSyntax

/// A notebook as one page of HTML that needs no other file, no network and no script.
public struct NotebookPage {
  private let notebook: Notebook
  private let name: String
  private let folder: String?

  /// - Parameters:
  ///   - name: the title where the notebook has no heading.
  ///   - folder: where the notebook's relative pictures are, ending in a slash; nil leaves them.
  public init(_ notebook: Notebook, name: String, folder: String? = nil) {
    self.notebook = notebook
    self.name = name
    self.folder = folder
  }

  /// The page.
  public var html: String {
    var anchors = HTMLText.Anchors(taken: ["contents"])
    var headings: [PageHeading] = []
    let body = notebook.cells.map { html($0, &anchors, &headings) }.joined()
    let title = headings.first { $0.level == 1 }?.html ?? HTMLText.escaped(name)
    let contents = headings.filter { $0.level <= 3 }.map { heading in
      "<li class=\"level\(heading.level)\"><a href=\"#\(heading.anchor)\">\(heading.html)</a></li>\n"
    }.joined()
    let navigation =
      headings.count > 2
      ? "<nav id=\"contents\" aria-label=\"Contents\"><ul>\n\(contents)</ul></nav>" : ""
    return HTMLText.page(
      title: title, generator: "mdm nb", style: Self.style,
      body: "\(navigation)\n<main>\n\(body)</main>\n")
  }

  // MARK: Cells

  private func html(
    _ cell: NotebookCell, _ anchors: inout HTMLText.Anchors, _ headings: inout [PageHeading]
  ) -> String {
    switch cell.kind {
    case .markdown:
      let text = MarkdownHTML(attachments: cell.attachments, folder: folder).html(
        cell.source, &anchors, &headings)
      return "<section class=\"text\">\n\(text)</section>\n"
    case .raw: return "<pre class=\"raw\">\(HTMLText.escaped(cell.source))</pre>\n"
    case .code:
      var text = "<section class=\"cell\">\n"
      if let title = cell.title {
        let anchor = anchors.make(title)
        let escaped = HTMLText.escaped(title)
        // Below the headings of the text, where there is text.
        let level = notebook.cells.contains { $0.kind == .markdown } ? 3 : 2
        headings.append(PageHeading(level: level, html: escaped, anchor: anchor))
        text +=
          "<h\(level) id=\"\(anchor)\"><a href=\"#\(anchor)\">\(escaped)</a></h\(level)>\n"
      }
      if !cell.tags.contains("hide-input"), !cell.source.isEmpty {
        let count = cell.executionCount.map(String.init) ?? " "
        text += "<div class=\"input\"><span class=\"count\">[\(count)]</span>"
        text += "<pre><code>\(HTMLText.code(cell.source))</code></pre></div>\n"
      }
      if !cell.tags.contains("hide-output") {
        text += cell.outputs.map { output($0, &anchors) }.joined()
      }
      return text + "</section>\n"
    }
  }

  private func output(_ output: NotebookOutput, _ anchors: inout HTMLText.Anchors) -> String {
    switch output {
    case .stream(let name, let text):
      return "<pre class=\"\(name == "stderr" ? "stderr" : "stdout")\">"
        + "\(ColouredText.html(text))</pre>\n"
    case .error(let name, let value, let lines):
      let text = lines.isEmpty ? "\(name): \(value)" : lines.joined(separator: "\n")
      return "<pre class=\"error\">\(ColouredText.html(text))</pre>\n"
    case .display(let data, _), .result(_, let data, _):
      return "<div class=\"output\">\(best(data, &anchors))</div>\n"
    }
  }

  /// The most faithful form that a page without scripts can show.
  private func best(_ data: [JSONNode.Member], _ anchors: inout HTMLText.Anchors) -> String {
    let alternative = HTMLText.escaped(String((data["text/plain"]?.text ?? "").prefix(200)))
    if let svg = data["image/svg+xml"]?.text, svg.contains("<svg") {
      // As a picture of its own: its names and styles stay inside, and nothing in it runs.
      let text = Base64.text(Array(svg.utf8))
      return "<img alt=\"\(alternative)\" src=\"data:image/svg+xml;base64,\(text)\">"
    }
    for type in ["image/png", "image/jpeg", "image/gif", "image/webp"] {
      if let text = data[type]?.text, Base64.bytes(text) != nil {
        let address = "data:\(type);base64,\(text.filter { !$0.isWhitespace })"
        let picture = "<img class=\"pixels\" alt=\"\(alternative)\" src=\"\(address)\">"
        // What an image of a dataset shows stands in its text.
        let caption = (data["text/plain"]?.text ?? "").split(separator: "\n")
        return caption.count == 1 && data[Figure.mediaType] == nil
          ? picture + "<p class=\"caption\">\(HTMLText.escaped(String(caption[0])))</p>" : picture
      }
    }
    if let html = data["text/html"]?.text, Self.isInert(html) { return html }
    if let text = data["text/markdown"]?.text {
      var ignored: [PageHeading] = []
      return MarkdownHTML(attachments: nil, folder: nil).html(text, &anchors, &ignored)
    }
    return "<pre>\(ColouredText.html(data["text/plain"]?.text ?? ""))</pre>"
  }

  /// Whether a stranger's HTML does nothing but show: the tables that mdm makes are of this kind.
  private static func isInert(_ html: String) -> Bool {
    let allowed: Set<String> = [
      "table", "thead", "tbody", "tr", "th", "td", "p", "b", "i", "em", "strong", "code", "pre",
      "br", "div", "span", "ul", "ol", "li",
    ]
    return html.matches(of: #/<(/?[^>]*)>?/#).allSatisfy { match in
      let words = match.output.1.split { $0.isWhitespace || $0 == "/" }
      guard let name = words.first, allowed.contains(name.lowercased()) else { return false }
      let attributes = match.output.1.lowercased()
      return !attributes.contains(#/[\s\/"']on[a-z]+\s*=|javascript:|url\(/#)
    }
  }
}
