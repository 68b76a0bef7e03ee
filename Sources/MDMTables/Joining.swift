/// Which rows a join keeps.
public enum JoinKind: String, CaseIterable, Sendable {
  /// Rows with a partner.
  case inner
  /// All rows of the left table.
  case left
  /// All rows of the right table; those without a partner come last.
  case right
  /// All rows of both tables.
  case outer
  /// Rows of the left table that have a partner, without the right table's columns.
  case semi
  /// Rows of the left table that have none.
  case anti
}

extension Table {
  /// Rows of two tables side by side where their keys are equal.
  ///
  /// The order is that of the left table; several partners follow in the order of the right one. A
  /// missing key has no partner.
  ///
  /// - Parameters:
  ///   - keys: the columns that have to be equal, by their names in the two tables.
  ///   - suffix: what the right table's columns get behind a name that both have; without it such a
  ///     name is an error.
  public func joined(
    _ other: Table, on keys: [(left: String, right: String)], _ kind: JoinKind,
    suffix: String? = nil
  ) throws(TableError) -> Table {
    let groups = try keyGroups(other, keys)
    let matches = try Joining.match(groups, leftCount: rowCount, kind)
    if kind == .semi || kind == .anti { return gather(matches.left) }
    var columns: [(name: String, column: Column)] = []
    for (name, column) in zip(names, self.columns) {
      var made = column.gather(matches.left)
      if let key = keys.first(where: { $0.left == name }), matches.hasUnmatchedRight {
        // Rows without a left partner take their key from the right.
        let right = try other.column(key.right).gather(matches.right)
        let isLeft = matches.left.map { $0 >= 0 }
        made = Joining.merge(made, right, isLeft)
      }
      columns.append((name, made))
    }
    let rightKeys = Set(keys.map(\.right))
    for (name, column) in zip(other.names, other.columns) where !rightKeys.contains(name) {
      let isTaken = names.contains(name)
      guard !isTaken || suffix != nil else { throw .doubledColumn(name) }
      columns.append((isTaken ? name + (suffix ?? "") : name, column.gather(matches.right)))
    }
    return try Table(columns, rowCount: matches.left.count)
  }

  /// The group of each row's key, left rows first; -1 where a part of the key is missing.
  private func keyGroups(
    _ other: Table, _ keys: [(left: String, right: String)]
  ) throws(TableError) -> [Int32] {
    var joint: [(name: String, column: Column)] = []
    var isMissing = [Bool](repeating: false, count: rowCount + other.rowCount)
    for (position, key) in keys.enumerated() {
      let (left, right) = (try column(key.left), try other.column(key.right))
      let both = Column.concatenate([left, right])
      guard both.type != .mixed else {
        throw .keyTypes(
          left: key.left, leftType: left.type, right: key.right, rightType: right.type)
      }
      if let mask = both.missing { isMissing = zip(isMissing, mask).map { $0 || $1 } }
      joint.append(("\(position)", both))
    }
    let table = try Table(joint, rowCount: isMissing.count)
    let grouping = try Grouping(table, by: table.names)
    return zip(grouping.groups, isMissing).map { $1 ? -1 : $0 }
  }
}

enum Joining {
  struct Matches {
    var left: [Int32] = []
    var right: [Int32] = []
    var hasUnmatchedRight = false
  }

  static func match(
    _ groups: [Int32], leftCount: Int, _ kind: JoinKind
  ) throws(TableError) -> Matches {
    let rightCount = groups.count - leftCount
    let groupCount = Int(groups.max() ?? -1) + 1
    var starts = [Int](repeating: 0, count: groupCount + 1)
    for group in groups[leftCount...] where group >= 0 { starts[Int(group) + 1] += 1 }
    for group in 0..<groupCount { starts[group + 1] += starts[group] }
    var next = starts
    var rows = [Int32](repeating: 0, count: rightCount)
    for row in 0..<rightCount {
      let group = groups[leftCount + row]
      guard group >= 0 else { continue }
      rows[next[Int(group)]] = Int32(row)
      next[Int(group)] += 1
    }
    // Known before any of them is made: keys that many rows share multiply.
    let pairs = groups[..<leftCount].reduce(0) { sum, group in
      group < 0 ? sum : sum + starts[Int(group) + 1] - starts[Int(group)]
    }
    guard pairs + leftCount + rightCount < Int(Int32.max) else { throw .tooManyRows(pairs) }
    var matches = Matches()
    matches.left.reserveCapacity(leftCount)
    var isUsed = [Bool](repeating: false, count: rightCount)
    for row in 0..<leftCount {
      let group = Int(groups[row])
      let range = group < 0 ? 0..<0 : starts[group]..<starts[group + 1]
      if kind == .semi || kind == .anti {
        if range.isEmpty == (kind == .anti) { matches.left.append(Int32(row)) }
        continue
      }
      if range.isEmpty, kind == .left || kind == .outer {
        matches.left.append(Int32(row))
        matches.right.append(-1)
      }
      for place in range {
        matches.left.append(Int32(row))
        matches.right.append(rows[place])
        isUsed[Int(rows[place])] = true
      }
    }
    if kind == .right || kind == .outer {
      for row in 0..<rightCount where !isUsed[row] {
        matches.left.append(-1)
        matches.right.append(Int32(row))
        matches.hasUnmatchedRight = true
      }
    }
    return matches
  }

  /// The first column's cells where a mask is true, the second's elsewhere.
  static func merge(_ first: Column, _ second: Column, _ isFirst: [Bool]) -> Column {
    let count = Int32(first.count)
    let rows = isFirst.enumerated().map { $1 ? Int32($0) : count + Int32($0) }
    return Column.concatenate([first, second]).gather(rows)
  }
}

extension Column {
  /// Another column's cells where this one's are missing.
  public func filled(with other: Column) -> Column {
    guard let missing else { return self }
    return Joining.merge(self, other, missing.map { !$0 })
  }

  /// The last cell that is there before a missing one; those at the start stay missing.
  public var filledDown: Column {
    guard let missing else { return self }
    var last: Int32 = -1
    return gather(
      missing.enumerated().map { row, isMissing in
        if !isMissing { last = Int32(row) }
        return last
      })
  }
}
