import Foundation
import MDMJSON
import MDMNotebooks
import Testing

/// Scripts with `# %%` cells as notebooks, and back.
@Suite struct PercentFormTests {
  private func cells(_ text: String) -> [NotebookCell] { Notebook(script: text).cells }

  @Test func markersHaveTitleKindAndMetadata() {
    let found = cells(
      """
      # %% Settings tags=["parameters"] slow=true
      let x = 1

      # %% [markdown]
      # # Title
      #
      # Text.

      # %% [raw] format="text/x-rst"
      # .. note::
      """)
    #expect(found.map(\.kind) == [.code, .markdown, .raw])
    #expect(found.map(\.source) == ["let x = 1", "# Title\n\nText.", ".. note::"])
    #expect(found[0].title == "Settings" && found[0].tags == ["parameters"])
    #expect(found[0].metadata["slow"] == .bool(true))
    #expect(found[2].metadata["format"] == .string("text/x-rst"))
  }

  @Test func whatIsNoMarkerIsText() {
    #expect(cells("# %% a\n# %%% b\n# %%time\nx").map(\.source) == ["# %%% b\n# %%time\nx"])
    #expect(cells("let x = 1").count == 1 && cells("").isEmpty)
  }

  /// Every script is a notebook, and that notebook is the same script.
  @Test(
    arguments: [
      "", "\n", "x", "x\n", "# %%", "# %%\n", "# %%\n\n# %%\n", "# %%\nx\n# %%\ny\n", "#%% a\nx\n",
      "#!/usr/bin/env mdm\n# About this.\n\n# %% a\nx\n\n\n# %% b\n\ny\n\n",
      "#!/usr/bin/env mdm\nlet x = 1\n# %% [markdown]\n# Text\n#no blank\n\ncode()\n",
      "# %% [markdown]\n# a\n\n# b\n\n# %%   wide   \nx\n", "# %% {\"a\": 1}\nx\n",
      "# %% a=1 b\nx\n", "# %% [md]\n# x\n\n# %% [code]\ny", "# %%\r\nx\r\n# %%\r\ny\r\n",
      "# ---\n# jupyter: {\"a\":1}\n# ---\n\n# %%\nx\n", "# %% é 🙂 tags=[\"ü\"]\n\"🙂\"\n",
      "# %% [markdown] id=\"a\"\n# x\n\n# %% id=\"a\"\ny\n", "x\r\n\n# %%\r\ny\r\n\n# %%\nz\r\n",
      "# %% tags=[\"b\"] a={\"z\": 1.0, \"y\": 1}\nx\n", "# %% T title=\"U\" id=5\nx\n",
      "# %% mdm={\"text\": \"y\"}\nx\n", "# jupyter: {\"mdm\":{\"head\":\"x\"}}\n# %%\nx\n",
      "# ---\n# jupyter: {\"b\":1,\"a\":{}}\n# ---\n", "# %% [markdown]\n# \u{0301}a\n#\u{0301}b\n",
      "# %%\n# #\u{0301} %%\n# %%\u{0301}\n", "# %% metadata={\"a b\":1}\nx\n",
      "\u{FEFF}# %% [markdown]\n# a\n", "\u{FEFF}", "\u{FEFF}# a\r\n\r\n# %%\r\nx\r\n",
    ]) func scriptsComeBackByteByByte(_ text: String) throws
  {
    let notebook = Notebook(script: text)
    #expect(notebook.script.utf8.elementsEqual(text.utf8))
    #expect(try Notebook(ipynb: notebook.ipynb).script == text)
  }

  @Test func linesMayEndAsWindowsEndsThem() {
    let text = "# %% One\r\nlet x = 1\r\nx\r\n\r\n# %% [markdown]\r\n# Text\r\n\r\n# %%\r\nx\r\n"
    let notebook = Notebook(script: text)
    #expect(notebook.cells.map(\.source) == ["let x = 1\nx", "Text", "x"])
    #expect(notebook.cells.allSatisfy { $0.metadata["mdm"] == nil })
    #expect(notebook.script.utf8.elementsEqual(text.utf8))
    let mixed = cells("# %%\r\nx\r\n# %%\ny\n")
    #expect(mixed.map { Array($0.source.utf8.prefix(1)) } == [Array("x".utf8), Array("y".utf8)])
  }

  /// Some editors put a byte order mark first.
  @Test func aByteOrderMarkHidesNoMarker() {
    let found = cells("\u{FEFF}# %% [markdown]\n# a\n")
    #expect(found.map(\.kind) == [.markdown] && found.map(\.source) == ["a"])
  }

  /// Titles of any length are read in time that grows with the length.
  @Test func longMarkersAreRead() {
    for line in ["word ", "a=1 ", "a=[ ", "a=\"b "] {
      let found = cells("# %% " + String(repeating: line, count: 20_000) + "\nx\n")
      #expect(found.map(\.source) == ["x"])
    }
    let options = (0..<2000).map { " a\($0)=\($0)" }.joined()
    let metadata = cells("# %% T" + options + "\nx\n")[0].metadata
    #expect(metadata.count { $0.name != "mdm" } == 2001)
  }

  @Test func theProjectsOwnScriptsComeBackByteByByte() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    for folder in ["notebooks", "stdlib", "Tests/Scripts"] {
      let files = FileManager.default.enumerator(
        at: root.appending(path: folder), includingPropertiesForKeys: nil)
      for case let file as URL in files ?? .init() where file.pathExtension == "mdm" {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { continue }
        let notebook = Notebook(script: text)
        #expect(try Notebook(ipynb: notebook.ipynb).script == text, "\(file.lastPathComponent)")
      }
    }
  }

  /// And every notebook is a script that is the same notebook.
  @Test(
    arguments: [
      "x", "", "\n", "a\n", "a\n\nb", "# %% not a cell", "# # %% nor this", "# comment", "  x  ",
    ]) func sourcesComeBack(_ source: String)
  {
    for kind in [NotebookCell.Kind.code, .markdown, .raw] {
      let notebook = Notebook(cells: [
        NotebookCell(
          kind, id: "first", source: source,
          metadata: [
            .init(name: "title", value: .string("a [raw] b=1")),
            .init(name: "tags", value: .array([.string("a b")])),
          ]),
        NotebookCell(kind, id: "second", source: source),
      ])
      let back = Notebook(script: notebook.script)
      #expect(back.cells.map(\.source) == [source, source], "\(kind)")
      #expect(
        back.cells.map(\.kind) == [kind, kind] && back.cells.map(\.id) == ["first", "second"])
      #expect(back.cells[0].tags == ["a b"] && back.cells[0].title == "a [raw] b=1")
    }
  }

  /// Colab writes `id` into the metadata, extensions write names that are no words.
  @Test func anyMetadataComeBack() {
    let metadata: [JSONNode.Member] = [
      .init(name: "@org/tool", value: .bool(true)), .init(name: "a b", value: .number(1)),
      .init(name: "attachments", value: .null), .init(name: "id", value: .string("colab id")),
      .init(name: "metadata", value: .array([])), .init(name: "title", value: .string("a\nb")),
    ]
    let notebook = Notebook(cells: [NotebookCell(id: "a", source: "x", metadata: metadata)])
    #expect(Notebook(script: notebook.script).cells == notebook.cells)
  }

  @Test func aCellInFrontOfAScriptWithoutMarkersStaysApart() {
    var notebook = Notebook(script: "# A script.\nlet x = 1\n")
    notebook.cells.insert(NotebookCell(id: "new", source: "2"), at: 0)
    #expect(Notebook(script: notebook.script).cells.map(\.source) == notebook.cells.map(\.source))
  }

  @Test func changedMetadataReplaceThoseOfTheHead() {
    var notebook = Notebook(script: "#!/usr/bin/env mdm\n# Mine.\n\n# %%\nx\n")
    notebook.metadata["title"] = .string("T")
    let script = notebook.script
    #expect(script.hasPrefix("#!/usr/bin/env mdm\n# Mine.\n"))
    var back = Notebook(script: script)
    #expect(back.metadata["title"] == .string("T"))
    back.metadata["title"] = .string("U")
    #expect(Notebook(script: back.script).metadata["title"] == .string("U"))
    #expect(!back.script.contains("\"T\""))
  }

  @Test func aGivenIdIsWritten() {
    var notebook = Notebook(script: "# %%   wide\nx\n")
    notebook.cells[0].id = "mine"
    #expect(Notebook(script: notebook.script).cells[0].id == "mine")
  }

  @Test func aChangedCellForgetsItsLayout() {
    var notebook = Notebook(script: "# %%\n\n\nx\n# %%\ny\n")
    notebook.cells[0].source = "z"
    #expect(notebook.script == "# %%\nz\n\n# %%\ny\n")
  }

  @Test func idsFollowFromTheText() {
    let (first, second) = (cells("# %%\nx\n\n# %%\nx\n"), cells("# %%\nx\n\n# %%\nx\n"))
    #expect(first.map(\.id) == second.map(\.id) && first[0].id != first[1].id)
  }
}
