import MDMJSON

/// What differs between two notebooks, cell by cell.
public struct NotebookDifference: Sendable {
  /// The text of the report, a block for each cell that differs; empty where nothing does.
  public let text: String

  /// - Parameters:
  ///   - comparison: how outputs are compared; nil leaves them out.
  public init(_ before: Notebook, _ after: Notebook, comparison: OutputComparison?) {
    var blocks: [String] = []
    for (old, new) in Self.pairs(before.cells, after.cells) {
      switch (old, new) {
      case (let old?, nil): blocks.append(Self.whole(before.cells[old], old, "-", "gone"))
      case (nil, let new?): blocks.append(Self.whole(after.cells[new], new, "+", "new"))
      case (let old?, let new?):
        let lines = Self.lines(before.cells[old], after.cells[new], comparison)
        guard !lines.isEmpty else { continue }
        let moved = old == new ? "" : ", was cell \(old + 1)"
        blocks.append(
          "cell \(new + 1)\(Self.title(after.cells[new]))\(moved)\n"
            + lines.map { $0 + "\n" }.joined())
      case (nil, nil): break
      }
    }
    if before.metadata != after.metadata, Self.own(before) != Self.own(after) {
      blocks.append("the notebook's metadata differ\n")
    }
    text = blocks.joined(separator: "\n")
  }

  private static func own(_ notebook: Notebook) -> [JSONNode.Member] {
    notebook.metadata.filter { !["kernelspec", "language_info"].contains($0.name) }
      .sorted { $0.name < $1.name }
  }

  /// Which cells belong together, in the order of the new notebook, gone ones at their place: by id
  /// first, then by equal text, then by their place between cells that belong together.
  private static func pairs(
    _ before: [NotebookCell], _ after: [NotebookCell]
  ) -> [(old: Int?, new: Int?)] {
    var partner: [Int: Int] = [:]
    var taken: Set<Int> = []
    func match(_ isSame: (NotebookCell, NotebookCell) -> Bool) {
      for new in after.indices where partner[new] == nil {
        let old = before.indices.first { !taken.contains($0) && isSame(before[$0], after[new]) }
        guard let old else { continue }
        partner[new] = old
        taken.insert(old)
      }
    }
    match { $0.id == $1.id && $0.kind == $1.kind }
    match { $0.source == $1.source && $0.kind == $1.kind }
    // What is left between the same neighbours is the same cell, changed.
    for new in after.indices where partner[new] == nil {
      let previous = new == 0 ? -1 : partner[new - 1] ?? -2
      let old = previous + 1
      if previous >= -1, old < before.count, !taken.contains(old),
        before[old].kind == after[new].kind
      {
        partner[new] = old
        taken.insert(old)
      }
    }
    var pairs: [(old: Int?, new: Int?)] = after.indices.map { (partner[$0], $0) }
    for old in before.indices where !taken.contains(old) {
      let position = pairs.lastIndex { $0.old.map { $0 < old } ?? false }.map { $0 + 1 } ?? 0
      pairs.insert((old, nil), at: position)
    }
    return pairs
  }

  private static func title(_ cell: NotebookCell) -> String {
    cell.title.map { " (\($0))" } ?? (cell.kind == .code ? "" : " (\(cell.kind.rawValue))")
  }

  private static func whole(
    _ cell: NotebookCell, _ index: Int, _ sign: String, _ what: String
  ) -> String {
    "cell \(index + 1)\(title(cell)) is \(what)\n"
      + cell.source.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "\(sign) \($0)\n" }.joined()
  }

  private static func lines(
    _ old: NotebookCell, _ new: NotebookCell, _ comparison: OutputComparison?
  ) -> [String] {
    var lines: [String] = []
    if old.kind != new.kind {
      lines.append("its kind was \(old.kind.rawValue) and is \(new.kind.rawValue)")
    }
    if old.source != new.source { lines += changes(old.source, new.source) }
    func own(_ cell: NotebookCell) -> [JSONNode.Member] {
      cell.metadata.filter { !["mdm", "execution"].contains($0.name) }
        .sorted { $0.name < $1.name }
    }
    if own(old) != own(new) {
      func text(_ cell: NotebookCell) -> String {
        String(decoding: JSONNode.object(own(cell)).compact, as: UTF8.self)
      }
      lines += ["metadata", "- " + text(old), "+ " + text(new)]
    }
    if let comparison { lines += comparison.differences(old.outputs, new.outputs) }
    return lines
  }

  /// The lines that came and went, with a line of what stays on both sides.
  private static func changes(_ old: String, _ new: String) -> [String] {
    let before = old.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let after = new.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let difference = after.difference(from: before)
    var gone: Set<Int> = []
    var added: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): gone.insert(offset)
      case .insert(let offset, _, _): added.insert(offset)
      }
    }
    var all: [(sign: String, text: String)] = []
    var (from, to) = (0, 0)
    while from < before.count || to < after.count {
      if gone.contains(from) {
        all.append(("-", before[from]))
        from += 1
      } else if added.contains(to) {
        all.append(("+", after[to]))
        to += 1
      } else {
        all.append((" ", after[to]))
        from += 1
        to += 1
      }
    }
    return all.indices.filter { index in
      all[max(0, index - 1)...min(all.count - 1, index + 1)].contains { $0.sign != " " }
    }.map { "\(all[$0].sign) \(all[$0].text)" }
  }
}
