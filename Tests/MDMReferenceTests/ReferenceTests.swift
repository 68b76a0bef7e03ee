import Foundation
import FoundationXML
import MDMJSON
import MDMReference
import MDMSession
import MDMSyntax
import Testing

@Suite struct ReferenceTests {
  private static let builtIn = Reference.builtIn(
    Session(SessionOptions(output: { _ in }, errorOutput: { _ in })))

  private static let file = """
    #!/usr/bin/env mdm
    # Boxes & their <areas>.
    # Two lines.

    param steps: Int = 20, "how many"

    ## The area, `w * h`.
    ##
    ## More at https://example.org/a?b=1&c=2.
    ##
    ##     area([0, 0, 2, 3], scale: 1 < 2)  # 6
    pub fn area(box: List, scale: Int | Bool = 1, ..rest) -> Int { 6 }

    ## A reward.
    pub reward fn tight(completion, example) -> 0..1 { 1 }

    ## The largest.
    pub let limit: Int = 10 ** 3
    fn hidden() 1
    """
  private static let module = Reference(
    of: Parser.parse(SourceText(name: "dir/boxes.mdm", text: file)).tree)

  @Test func everythingBuiltInIsThere() {
    let names = Self.builtIn.names
    for name in ["mean", "strings", "stats", "stats.zscore", "train"] {
      #expect(names.contains(name), "\(name)")
    }
    #expect(Self.builtIn.only("stats.zscore")?.sections.map(\.title) == ["use stats"])
    #expect(Self.builtIn.only("mean")?.sections.first?.entries.map(\.name) == ["mean"])
    #expect(Self.builtIn.only("nosuch") == nil)
  }

  @Test func aModuleShowsWhatItExports() {
    #expect(Self.module.title == "boxes")
    #expect(Self.module.introduction == "Boxes & their <areas>. Two lines.")
    #expect(Self.module.sections.map(\.title) == ["Parameters", "Functions", "Rewards", "Values"])
    let usages = Self.module.sections.flatMap { $0.entries.map(\.usage) }
    #expect(
      usages == [
        "steps: Int = 20", "area(box: List, scale: Int | Bool = 1, ..rest) -> Int",
        "tight(completion, example) -> 0..1", "limit: Int = 10 ** 3",
      ])
    #expect(Self.module.sections[0].entries[0].summary == "how many")
  }

  @Test func aScriptThatExportsNothingShowsItsFunctions() {
    let tree = Parser.parse(SourceText(name: "a.mdm", text: "let x = 1\nfn f() 1")).tree
    #expect(Reference(of: tree).sections.map(\.title) == ["Functions"])
  }

  @Test func markdownKeepsTextAndExamples() {
    let page = Self.module.markdown
    #expect(page.hasPrefix("# boxes\n\nBoxes & their <areas>. Two lines.\n\n## Parameters\n"))
    #expect(page.contains("\n```mdm\narea([0, 0, 2, 3], scale: 1 < 2)\n# 6\n```\n"))
  }

  @Test func jsonHasAllFields() throws {
    for reference in [Self.module, Self.builtIn] {
      let node = try JSONNode(parsing: Array(reference.json.utf8))
      #expect(node["title"]?.text == reference.title)
      let sections = try #require(node["sections"]?.elements)
      #expect(sections.count == reference.sections.count)
      for (section, own) in zip(sections, reference.sections) {
        #expect(section["entries"]?.elements?.count == own.entries.count)
      }
    }
    let node = try JSONNode(parsing: Array(Self.module.json.utf8))
    let area = node["sections"]?.elements?[1]["entries"]?.elements?[0]
    #expect(area?["returns"]?.text == "Int" && area?["kind"]?.text == "function")
    #expect(area?["parameters"]?.elements?[1]["type"]?.text == "Int | Bool")
    #expect(area?["parameters"]?.elements?[2]["rest"] == .bool(true))
    #expect(area?["examples"]?.elements?[0]["prints"]?.text == "6")
  }

  @Test func htmlEscapesEverything() {
    let page = Self.module.html
    #expect(page.contains("Boxes &amp; their &lt;areas&gt;."))
    #expect(page.contains("<code>w * h</code>"))
    let link =
      "<a href=\"https://example.org/a?b=1&amp;c=2\">https://example.org/a?b=1&amp;c=2</a>."
    #expect(page.contains(link))
    #expect(page.contains("scale: <span class=\"n\">1</span> &lt; <span class=\"n\">2</span>"))
    #expect(!page.contains("src=") && !page.contains("@import"), "the page needs nothing else")
    let odd = Reference(
      title: "</title><script>alert(1)</script>", introduction: "`<img>` \u{1}",
      sections: [Reference.Section("\"><b>", []), Reference.Section("\"><b>", [])])
    #expect(!odd.html.contains("<script>alert") && !odd.html.contains("\u{1}"))
    #expect(odd.html.contains("<code>&lt;img&gt;</code> \u{FFFD}"))
    #expect(!odd.html.contains("id=\"\">"))
  }

  @Test func listsInDetailsAreLists() throws {
    let page = try #require(Self.builtIn.only("grpo")).html
    #expect(page.contains("<p>Losses:</p>\n<ul>\n<li><code>bnpo</code>: "))
  }

  /// An XML parser finds every tag closed; links within the page lead somewhere, one entry each.
  @Test func htmlIsWellFormed() throws {
    for reference in [Self.module, Self.builtIn] {
      let page = reference.html
      let start = try #require(page.range(of: "<body>")?.lowerBound)
      let script = try #require(page.range(of: "<script>")?.lowerBound)
      let body =
        page[start..<script].replacing(/<input [^>]*>/, with: "").replacing(" hidden>", with: ">")
        .replacing("<details open>", with: "<details>") + "</body>"
      let reader = AnchorReader()
      let parser = XMLParser(data: Data(body.utf8))
      parser.delegate = reader
      #expect(parser.parse(), "\(parser.parserError?.localizedDescription ?? "")")
      #expect(Set(reader.ids).count == reader.ids.count, "anchors are unique")
      #expect(reader.targets.allSatisfy { reader.ids.contains($0) })
      #expect(reader.articles == reference.sections.reduce(0) { $0 + $1.entries.count })
    }
  }
}

/// The anchors of a page and what links to them.
private final class AnchorReader: NSObject, XMLParserDelegate {
  var ids: [String] = []
  var targets: [String] = []
  var articles = 0

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    if name == "article" { articles += 1 }
    if let id = attributes["id"] { ids.append(id) }
    if let target = attributes["href"], target.hasPrefix("#") {
      targets.append(String(target.dropFirst()))
    }
  }
}
