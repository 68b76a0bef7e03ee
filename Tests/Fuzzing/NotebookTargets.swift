import Foundation
import MDMJSON
import MDMNotebooks

/// Any bytes are a notebook or refused with a sentence; what is read is written so that it reads
/// back the same, by others too, and goes through a script without loss.
public struct NotebookTarget: FuzzTarget {
  public static let name = "ipynb"
  private let mutator: Mutator

  public init(root: String) {
    let made = Corpus.scripts(below: root).filter { $0.utf8.count < 1500 }.prefix(40).map {
      String(decoding: Notebook(script: $0).ipynb, as: UTF8.self)
    }
    mutator = Mutator(
      corpus: [Self.sample, Self.sample, Self.older] + made,
      words: [
        "{", "}", "[", "]", ",", ":", "null", "true", "1.0", "1e300", "-0", "9007199254740993",
        "\"\"", "\"id\": \"run\",", "\"cell_type\": \"raw\"", "\"cell_type\": \"markdown\"",
        "\"source\": \"a\\r\\nb\"", "\"source\": [\"# %%\\n\", \"# # %% x\"]", "\"nbformat\": 3",
        "\"attachments\": {},", "\"title\": \"a b=1\",", "\"mdm\": {\"text\": \"# %%\\nx\\n\"},",
        "\"mdm\": {\"head\": \"# a\\n\"},", "\"tags\": [\"a b\"],", "\\n", "\\u0301", "\\u2028",
        "\\u0000", "\\ud83d\\ude00", "# %%", "é", "\u{0301}", "\u{feff}",
      ])
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    Array(mutator.text(&random).utf8)
  }

  public func run(_ input: [UInt8]) throws {
    let notebook: Notebook
    do throws(NotebookError) {
      notebook = try Notebook(ipynb: input)
    } catch {
      try BrokenLaw.unless(
        !error.message.isEmpty && !error.message.contains("\n"), "refused with \(error.message)")
      return
    }
    try BrokenLaw.unless(
      Set(notebook.cells.map(\.id)).count == notebook.cells.count, "two cells have one id")
    let written = notebook.ipynb
    let again = try Notebook(ipynb: written)
    try BrokenLaw.unless(again == notebook, "what is written reads back as something else")
    try BrokenLaw.unless(again.ipynb == written, "written again it changes")
    _ = try JSONSerialization.jsonObject(with: Data(written))
    try checkScript(of: notebook)
  }

  /// A script keeps all but outputs and the ids that were made.
  private func checkScript(of notebook: Notebook) throws {
    let script = notebook.script
    let read = Notebook(script: script)
    try BrokenLaw.unless(read.cells.count == notebook.cells.count, "the script has other cells")
    for (cell, old) in zip(read.cells, notebook.withoutOutputs.cells) {
      try BrokenLaw.unless(cell.kind == old.kind, "\(old.kind) became \(cell.kind)")
      try BrokenLaw.unless(
        cell.source.utf8.elementsEqual(old.source.utf8), "the source \(old.source) changed")
      try BrokenLaw.unless(
        cell.metadata.filter { $0.name != "mdm" } == old.metadata.filter { $0.name != "mdm" },
        "the metadata \(old.metadata) became \(cell.metadata)")
      try BrokenLaw.unless(cell.attachments == old.attachments, "attachments changed")
      try BrokenLaw.unless(
        cell.id == old.id || old.id.hasPrefix("mdm-"), "the id \(old.id) became \(cell.id)")
    }
    try BrokenLaw.unless(
      read.script.utf8.elementsEqual(script.utf8), "the script of the script is another")
  }

  private static let older = """
    {"nbformat": 4, "nbformat_minor": 2, "metadata": {"a": 1.0, "kernelspec": {"name": "mdm"}},
     "cells": [{"cell_type": "code", "source": "1 + 1\\n", "metadata": {"collapsed": false},
     "outputs": [], "execution_count": 3}, {"cell_type": "raw", "source": [], "metadata": {}}]}
    """

  private static let sample = """
    {"cells": [
      {"attachments": {"a.png": {"image/png": "aGk="}}, "cell_type": "markdown", "id": "intro",
       "metadata": {"title": "T [raw]"}, "source": ["# Title\\n", "\\n", "text é"]},
      {"cell_type": "code", "execution_count": 1, "id": "run",
       "metadata": {"tags": ["slow"], "x": {"y": [1, 2.5, null]}},
       "outputs": [
        {"name": "stdout", "output_type": "stream", "text": ["a\\n", "b"]},
        {"data": {"application/vnd.mdm.plot+json": {"version": 1, "y": [1, 2.0]},
          "image/png": "aGk=\\n", "image/svg+xml": ["<svg>\\n", "</svg>"], "text/plain": "7"},
         "execution_count": 1, "metadata": {}, "output_type": "execute_result"},
        {"data": {"text/plain": ["x"]}, "metadata": {"a": 1}, "output_type": "display_data"},
        {"ename": "E0404", "evalue": "out", "output_type": "error", "traceback": ["a", "b"]}],
       "source": ["# %% not a cell\\n", "let x = 1\\n", "x"]}],
     "metadata": {"language_info": {"name": "mdm"}, "kept": 1.5}, "nbformat": 4,
     "nbformat_minor": 5}
    """
}

/// Any script is a notebook, and that notebook, its file too, is the same script byte for byte.
public struct PercentTarget: FuzzTarget {
  public static let name = "percent"
  private let mutator: Mutator

  public init(root: String) {
    mutator = Mutator(
      corpus: Corpus.scripts(below: root) + [
        "#!/usr/bin/env mdm\n# About.\n\n# %% A tags=[\"a b\"] x={\"y\": 1.0}\nx\n\n"
          + "# %% [markdown] id=\"m\"\n# # T\n#\n# t\n\n# %% [raw] format=\"rst\"\n# r\n",
        "# ---\n# jupyter: {\"a\":1}\n# ---\n\n# %% b\n# # %% c\nx\n", "# %%\r\nx\r\n# %%\r\ny\r\n",
      ],
      words: Mutator.language + [
        "# %%", "\n# %% ", "#%%", "# %% [markdown]\n", "# %% [raw] ", "[md]", "[code]", "# # %%",
        "# ", "#\n", "a=1", "a=1.0", "title=\"x\"", "id=\"a\"", "id=5", "mdm={\"text\": \"x\"}",
        "tags=[\"a\"]", "=[", "=\"", "\\\"", "# jupyter: {\"mdm\": {\"head\": \"x\"}}\n",
        "# jupyter: {\"mdm\":{\"line_end\":\"\\r\\n\"}}\n", "\r", "\r\n", "\n\n", "\u{0301}",
        "attachments={}",
      ])
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    var text = mutator.text(&random)
    if random.oneIn(8) { text = text.replacingOccurrences(of: "\n", with: "\r\n") }
    return Array(text.utf8)
  }

  public func run(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    let notebook = Notebook(script: text)
    try BrokenLaw.unless(notebook.script.utf8.elementsEqual(text.utf8), "the script changed")
    try BrokenLaw.unless(
      Set(notebook.cells.map(\.id)).count == notebook.cells.count, "two cells have one id")
    let back: Notebook
    do throws(NotebookError) {
      back = try Notebook(ipynb: notebook.ipynb)
    } catch {
      throw BrokenLaw("what is written is refused: \(error.message)")
    }
    try BrokenLaw.unless(
      back.script.utf8.elementsEqual(text.utf8), "the script changed on its way through a file")
    // Code is in code cells: nothing that would run is lost.
    let lines = notebook.cells.reduce(0) { $0 + $1.source.utf8.count { $0 == 10 } + 1 }
    try BrokenLaw.unless(
      lines <= text.utf8.count { $0 == 10 } + 1 + notebook.cells.count, "lines were made up")
  }
}
