extension Notebook {
  /// Takes the outputs of another notebook's cells where the cells are the same: by id, else by
  /// their text.
  public mutating func takeOutputs(from other: Notebook) {
    var left = other.cells.filter { $0.kind == .code }
    for index in cells.indices where cells[index].kind == .code {
      let cell = cells[index]
      let same = left.firstIndex { $0.id == cell.id && $0.source == cell.source }
      guard let found = same ?? left.firstIndex(where: { $0.source == cell.source }) else {
        continue
      }
      cells[index].outputs = left[found].outputs
      cells[index].executionCount = left[found].executionCount
      left.remove(at: found)
    }
  }
}
