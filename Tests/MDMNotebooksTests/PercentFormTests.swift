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
      "# %% [markdown] id=\"a\"\n# x\n\n# %% id=\"a\"\ny\n",
    ]) func scriptsComeBackByteByByte(_ text: String) throws
  {
    let notebook = Notebook(script: text)
    #expect(notebook.script == text)
    #expect(try Notebook(ipynb: notebook.ipynb).script == text)
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
