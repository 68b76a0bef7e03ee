import MDMJSON
import MDMNotebooks
import Testing

/// Notebooks as pages of HTML.
@Suite struct NotebookPageTests {
  private func page(_ script: String, outputs: [NotebookOutput] = []) -> String {
    var notebook = Notebook(script: script)
    if !outputs.isEmpty { notebook.cells[notebook.cells.count - 1].outputs = outputs }
    return NotebookPage(notebook, name: "name").html
  }

  private func display(_ type: String, _ text: String) -> NotebookOutput {
    .display(
      data: [
        .init(name: type, value: .string(text)),
        .init(name: "text/plain", value: .string("plain text")),
      ], metadata: [])
  }

  /// HTML runs nowhere, and nothing that it says is lost.
  @Test func htmlInMarkdownIsShownAsText() {
    let html = page(
      "# %% [markdown]\n# a <b>x</b> <br/> y <!-- unseen -->\n#\n# <script>\n# f()\n# </script>\n")
    #expect(html.contains("a &lt;b&gt;x&lt;/b&gt; <br />"))
    #expect(html.contains("<pre><code>&lt;script&gt;\nf()\n&lt;/script&gt;"))
    #expect(!html.contains("unseen") && !html.contains("<script"))
  }

  @Test func columnsOfTablesKeepTheirSides() {
    let html = page("# %% [markdown]\n# | a | b |\n# |---|--:|\n# | 1 | 2 |\n")
    #expect(html.contains("<td align=\"right\">2</td>"))
    #expect(html.contains("td:not([align]) { text-align: left; }"))
  }

  @Test func markdownBecomesHTMLWithAnchors() {
    let html = page("# %% [markdown]\n# # A & B\n# | a |\n# |---|\n# | 1 |\n")
    #expect(html.contains("<title>A &amp; B</title>") && html.contains("<td>1</td>"))
    #expect(html.contains("<h1 id=\"A---B\"><a href=\"#A---B\">A &amp; B</a></h1>"))
  }

  @Test func codeIsColouredAndTitled() {
    let html = page("# %% Train\nlet x = \"<b>\"\n")
    #expect(html.contains("<h2 id=\"Train\">") && html.contains("<span class=\"k\">let</span>"))
    #expect(html.contains("<span class=\"s\">&quot;&lt;b&gt;&quot;</span>"))
  }

  @Test func picturesStandInside() {
    #expect(
      page("# %%\n1\n", outputs: [display("image/svg+xml", "<svg></svg>")])
        .contains("src=\"data:image/svg+xml;base64,PHN2Zz48L3N2Zz4=\""))
    #expect(
      page("# %%\n1\n", outputs: [display("image/png", "aGk=\n")])
        .contains("src=\"data:image/png;base64,aGk=\""))
    #expect(page("# %%\n1\n", outputs: [display("image/png", "<oops>")]).contains("plain text"))
  }

  @Test func attachmentsStandInside() {
    var notebook = Notebook(script: "# %% [markdown]\n# ![dot](attachment:dot.png)\n")
    notebook.cells[0].attachments = .object([
      .init(
        name: "dot.png", value: .object([.init(name: "image/png", value: .string("aGk="))]))
    ])
    #expect(
      NotebookPage(notebook, name: "").html.contains("<img src=\"data:image/png;base64,aGk=\""))
  }

  @Test func tablesAreKeptAndScriptsAreNot() {
    #expect(
      page("# %%\n1\n", outputs: [display("text/html", "<table><tr><td>1</td></tr></table>")])
        .contains("<td>1</td>"))
    for html in [
      "<script>alert(1)</script>", "<p onclick=\"x()\">a</p>", "<img src=x onerror=y>",
      "<a href=\"javascript:x\">a</a>", "<iframe>", "<p style=\"background:url(//x)\">",
    ] {
      let text = page("# %%\n1\n", outputs: [display("text/html", html)])
      #expect(text.contains("plain text") && !text.contains(html), "\(html)")
    }
    #expect(!page("# %% [markdown]\n# <script>alert(1)</script>\n").contains("<script"))
    #expect(!page("# %% [markdown]\n# [a](javascript:x)\n").contains("javascript:"))
  }

  @Test func coloursOfATerminalBecomeClasses() {
    let error = NotebookOutput.error(
      name: "E0404", value: "out of range", traceback: ["\u{1B}[1;31merror\u{1B}[0m: <a>"])
    #expect(
      page("# %%\n1\n", outputs: [error])
        .contains("<span class=\"bold fg-red\">error</span>: &lt;a&gt;"))
  }

  @Test func aPageNeedsNoOtherFile() {
    let html = page("# %% [markdown]\n# text\n\n# %%\n1\n")
    #expect(!html.contains("<script") && !html.contains("http") && !html.contains("<link"))
  }
}
