/// Puts the entries of leaves together to nested values.
///
/// Source: Melnik and others, "Dremel: Interactive Analysis of Web-Scale Datasets" (2010), with
/// the levels as Parquet writes them.
struct RowAssembler {
  private var leaves: [LeafEntries]
  private var entry: [Int]
  private var value: [Int]
  private let first: Int

  /// - Parameter leaves: The entries of all leaves of the column.
  init(_ column: ParquetNode, _ leaves: [LeafEntries]) {
    self.leaves = leaves
    first = column.leaves.lowerBound
    entry = leaves.map { _ in 0 }
    value = leaves.map { _ in 0 }
  }

  /// The values of all rows.
  mutating func rows(_ column: ParquetNode, count: Int) throws(ParquetError) -> [ParquetValue] {
    var result: [ParquetValue] = []
    result.reserveCapacity(count)
    for _ in 0..<count { result.append(try read(column)) }
    for (leaf, at) in zip(leaves, entry) where at != leaf.count {
      throw .damaged(reason: "the column `\(column.name)` has more values than rows")
    }
    return result
  }

  private func definition(_ leaf: Int) throws(ParquetError) -> Int {
    let at = leaf - first
    guard entry[at] < leaves[at].count else { throw .damaged(reason: "a row without its values") }
    return leaves[at].definitions.isEmpty ? 0 : Int(leaves[at].definitions[entry[at]])
  }

  private mutating func skip(_ node: ParquetNode) {
    for leaf in node.leaves { entry[leaf - first] += 1 }
  }

  private mutating func read(_ node: ParquetNode) throws(ParquetError) -> ParquetValue {
    guard node.repetition == .repeated else { return try one(node) }
    guard let leaf = node.leaves.first else { return .list([]) }
    if try definition(leaf) < node.definition {
      skip(node)
      return .list([])
    }
    var items: [ParquetValue] = []
    repeat {
      items.append(try one(node))
    } while goesOn(leaf, node.repeats)
    return .list(items)
  }

  /// Whether the next entry of a leaf is another item of the list at a level.
  private func goesOn(_ leaf: Int, _ level: Int) -> Bool {
    let at = leaf - first
    guard entry[at] < leaves[at].count, !leaves[at].repeats.isEmpty else { return false }
    return Int(leaves[at].repeats[entry[at]]) == level
  }

  private mutating func one(_ node: ParquetNode) throws(ParquetError) -> ParquetValue {
    guard let leaf = node.leaves.first else { return .record([]) }
    if try definition(leaf) < node.definition {
      skip(node)
      return .null
    }
    if node.type != nil {
      let at = leaf - first
      guard value[at] < leaves[at].values.count else {
        throw .damaged(reason: "a column with too few values")
      }
      defer {
        entry[at] += 1
        value[at] += 1
      }
      return leaves[at].values[value[at]]
    }
    if node.shape == .list, node.children.count == 1, let middle = node.children.first,
      middle.repetition == .repeated
    {
      let list = try read(middle)
      // The middle is only a wrapping unless it is the item itself, as in older files.
      guard middle.type == nil, middle.children.count == 1, middle.name != "array",
        middle.name != node.name + "_tuple", let items = list.items
      else { return list }
      return .list(items.map { $0[middle.children[0].name] ?? .null })
    }
    if node.shape == .map, node.children.count == 1 { return try read(node.children[0]) }
    var fields: [(name: String, value: ParquetValue)] = []
    fields.reserveCapacity(node.children.count)
    for child in node.children { fields.append((child.name, try read(child))) }
    return .record(fields)
  }
}
