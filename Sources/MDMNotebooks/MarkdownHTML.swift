import CMarkdown
import Glibc
import MDMJSON
import MDMSyntax

/// Markdown as HTML that needs no other file.
struct MarkdownHTML {
  /// Files of the cell by name, as notebooks keep them.
  var attachments: JSONNode?
  /// Where relative pictures are looked for; nil leaves them.
  var folder: String?

  /// The HTML; headings get anchors, pictures are put inside.
  func html(_ text: String, _ anchors: inout HTMLText.Anchors, _ headings: inout [PageHeading])
    -> String
  {
    var text = text
    let rendered = text.withUTF8 { bytes -> String in
      bytes.withMemoryRebound(to: CChar.self) { characters in
        guard let html = cmarkdown_html(characters.baseAddress, characters.count) else { return "" }
        defer { cmarkdown_free(html) }
        return String(cString: html)
      }
    }
    return withPictures(withCode(withAnchors(rendered, &anchors, &headings)))
  }

  private func withAnchors(
    _ html: String, _ anchors: inout HTMLText.Anchors, _ headings: inout [PageHeading]
  ) -> String {
    var result = ""
    var rest = Substring(html)
    while let match = rest.firstMatch(of: #/<h([1-6])>(.*?)</h[1-6]>/#) {
      result += rest[..<match.range.lowerBound]
      let text = match.output.2.replacing(#/<[^>]*>/#, with: "")
      let anchor = anchors.make(Self.unescaped(String(text)))
      let level = Int(match.output.1) ?? 1
      headings.append(PageHeading(level: level, html: String(text), anchor: anchor))
      result +=
        "<h\(level) id=\"\(anchor)\"><a href=\"#\(anchor)\">\(match.output.2)</a></h\(level)>"
      rest = rest[match.range.upperBound...]
    }
    return result + rest
  }

  /// Blocks of mdm code get their colours.
  private func withCode(_ html: String) -> String {
    html.replacing(#/<pre><code class="language-mdm">([^<]*)</code></pre>/#) { match in
      "<pre><code>\(HTMLText.code(Self.unescaped(String(match.output.1))))</code></pre>"
    }
  }

  private func withPictures(_ html: String) -> String {
    html.replacing(#/<img src="([^"]*)"/#) { match in
      let source = Self.unescaped(String(match.output.1))
      guard let address = address(of: source) else { return String(match.output.0) }
      return "<img src=\"\(address)\""
    }
  }

  /// The picture itself as an address; nil where it cannot be found.
  private func address(of source: String) -> String? {
    let prefix = "attachment:"
    if source.hasPrefix(prefix) {
      let file = attachments?[String(source.dropFirst(prefix.count))]?.members?.first
      guard let file, let text = file.value.text, Base64.bytes(text) != nil else { return nil }
      return "data:\(HTMLText.escaped(file.name));base64,\(text.filter { !$0.isWhitespace })"
    }
    guard let folder, !source.contains(":"), !source.hasPrefix("/"),
      let type = Self.types.first(where: { source.lowercased().hasSuffix($0.key) })?.value,
      let bytes = Self.bytes(folder + source)
    else { return nil }
    return "data:\(type);base64,\(Base64.text(bytes))"
  }

  private static let types = [
    ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif",
    ".svg": "image/svg+xml", ".webp": "image/webp",
  ]

  private static func bytes(_ path: String) -> [UInt8]? {
    guard let file = fopen(path, "rb") else { return nil }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= 20 << 20 {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
    return nil
  }

  private static func unescaped(_ text: String) -> String {
    text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&amp;", with: "&")
  }
}

/// A heading of the page's table of contents.
struct PageHeading {
  let level: Int
  /// Its text, escaped.
  let html: String
  let anchor: String
}
