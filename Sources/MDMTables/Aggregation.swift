/// What the cells of a group are reduced to. Missing cells are skipped by all of them.
public enum Aggregation: Sendable, Equatable {
  /// How many cells are there.
  case count
  /// How many different cells are there.
  case uniqueCount
  case sum
  case mean
  /// The standard deviation, with so much subtracted from the count.
  case std(freedom: Int)
  case min
  case max
  /// Between the two nearest cells by their distance, as R's type 7 does it.
  case quantile(Double)
  case first
  case last

  /// What a message calls it.
  public var name: String {
    switch self {
    case .count: "count"
    case .uniqueCount: "unique_count"
    case .sum: "sum"
    case .mean: "mean"
    case .std: "std"
    case .min: "min"
    case .max: "max"
    case .quantile: "quantile"
    case .first: "first"
    case .last: "last"
    }
  }

  /// One cell a group; missing where the group has too few cells that are there.
  ///
  /// - Parameter name: the column's, for errors.
  public func apply(
    to column: Column, called name: String, _ grouping: Grouping
  ) throws(TableError) -> Column {
    switch self {
    case .count:
      var counts = [Int64](repeating: 0, count: grouping.count)
      Self.scan(column, grouping) { _, group in counts[group] += 1 }
      return Column(.int(counts))
    case .uniqueCount: return try uniqueCounts(column, name, grouping)
    case .first, .last:
      var rows = [Int32](repeating: -1, count: grouping.count)
      let isFirst = self == .first
      Self.scan(column, grouping) { row, group in
        if rows[group] < 0 || !isFirst { rows[group] = Int32(row) }
      }
      return column.gather(rows)
    case .min, .max: return try extremes(column, name, grouping)
    case .sum:
      if case .int(let values) = column.storage {
        return try intSums(values, column, name, grouping)
      }
      if case .bool(let values) = column.storage {
        return try intSums(values.map { $0 ? 1 : 0 }, column, name, grouping)
      }
      let (sums, _) = Self.sums(try numbers(column, name), column, grouping)
      return Column(.float(sums))
    case .mean:
      let (sums, counts) = Self.sums(try numbers(column, name), column, grouping)
      return Self.column(zip(sums, counts).map { $1 == 0 ? nil : $0 / Double($1) })
    case .std(let freedom):
      return Self.column(try deviations(column, name, grouping, freedom: freedom))
    case .quantile(let share): return try quantiles(column, name, grouping, share)
    }
  }

  private func numbers(_ column: Column, _ name: String) throws(TableError) -> [Double] {
    if let numbers = column.numbers { return numbers }
    if column.isEmpty { return [Double](repeating: .nan, count: column.count) }
    throw .type(column: name, type: column.type, operation: "have a \(self.name)")
  }

  private static func column(_ values: [Double?]) -> Column {
    Column(.float(values.map { $0 ?? .nan }), missing: values.map { $0 == nil })
  }

  /// Visits the cells that are there, in the order of the rows.
  @inline(__always)
  private static func scan(
    _ column: Column, _ grouping: Grouping, _ body: (_ row: Int, _ group: Int) -> Void
  ) {
    grouping.groups.withUnsafeBufferPointer { groups in
      if let missing = column.missing {
        for row in 0..<groups.count where !missing[row] { body(row, Int(groups[row])) }
      } else {
        for row in 0..<groups.count { body(row, Int(groups[row])) }
      }
    }
  }

  /// Added up in the order of the rows, as a loop in a script would.
  private static func sums(
    _ values: [Double], _ column: Column, _ grouping: Grouping
  ) -> (sums: [Double], counts: [Int]) {
    var sums = [Double](repeating: 0, count: grouping.count)
    var counts = [Int](repeating: 0, count: grouping.count)
    values.withUnsafeBufferPointer { values in
      sums.withUnsafeMutableBufferPointer { sums in
        counts.withUnsafeMutableBufferPointer { counts in
          scan(column, grouping) { row, group in
            sums[group] += values[row]
            counts[group] &+= 1
          }
        }
      }
    }
    return (sums, counts)
  }

  private func intSums(
    _ values: [Int64], _ column: Column, _ name: String, _ grouping: Grouping
  ) throws(TableError) -> Column {
    var sums = [Int64](repeating: 0, count: grouping.count)
    var isTooLarge = false
    Self.scan(column, grouping) { row, group in
      let (sum, overflow) = sums[group].addingReportingOverflow(values[row])
      sums[group] = sum
      isTooLarge = isTooLarge || overflow
    }
    if isTooLarge { throw .overflow(column: name) }
    return Column(.int(sums))
  }

  private func deviations(
    _ column: Column, _ name: String, _ grouping: Grouping, freedom: Int
  ) throws(TableError) -> [Double?] {
    let values = try numbers(column, name)
    let (sums, counts) = Self.sums(values, column, grouping)
    let means = zip(sums, counts).map { $0 / Double($1) }
    var squares = [Double](repeating: 0, count: grouping.count)
    Self.scan(column, grouping) { row, group in
      let difference = values[row] - means[group]
      squares[group] += difference * difference
    }
    return zip(squares, counts).map { square, count in
      count - freedom <= 0 ? nil : (square / (Double(count) - Double(freedom))).squareRoot()
    }
  }

  private func extremes(
    _ column: Column, _ name: String, _ grouping: Grouping
  ) throws(TableError) -> Column {
    var rows = [Int32](repeating: -1, count: grouping.count)
    let isMinimum = self == .min
    func keep<Key>(_ key: (Int) -> Key, _ isLess: (Key, Key) -> Bool) {
      Self.scan(column, grouping) { row, group in
        let best = Int(rows[group])
        if best < 0
          || (isMinimum ? isLess(key(row), key(best)) : isLess(key(best), key(row)))
        {
          rows[group] = Int32(row)
        }
      }
    }
    switch column.storage {
    case .bool(let values): keep({ values[$0] ? 1 : 0 }, { $0 < $1 })
    case .int(let values): keep({ values[$0] }, { $0 < $1 })
    case .float(let values):
      // A NaN wins, as it does in `min` and `max` of lists.
      Self.scan(column, grouping) { row, group in
        let best = Int(rows[group])
        if best < 0 {
          rows[group] = Int32(row)
        } else if !values[best].isNaN {
          let isBetter = isMinimum ? values[row] < values[best] : values[row] > values[best]
          if isBetter || values[row].isNaN { rows[group] = Int32(row) }
        }
      }
    case .text(let codes, let pool):
      let ranks = pool.ranks
      keep({ ranks[Int(codes[$0])] }, { $0 < $1 })
    case .mixed: throw .type(column: name, type: .mixed, operation: "have a \(self.name)")
    }
    return column.gather(rows)
  }

  private func uniqueCounts(
    _ column: Column, _ name: String, _ grouping: Grouping
  ) throws(TableError) -> Column {
    guard let cells = Grouping(column) else {
      throw .type(column: name, type: column.type, operation: "have its cells counted")
    }
    var seen: Set<UInt64> = []
    var counts = [Int64](repeating: 0, count: grouping.count)
    Self.scan(column, grouping) { row, group in
      if seen.insert(UInt64(group) << 32 | UInt64(cells.groups[row])).inserted {
        counts[group] += 1
      }
    }
    return Column(.int(counts))
  }

  private func quantiles(
    _ column: Column, _ name: String, _ grouping: Grouping, _ share: Double
  ) throws(TableError) -> Column {
    let values = try numbers(column, name)
    let (starts, rows) = grouping.buckets
    return Self.column(
      (0..<grouping.count).map { group in
        var own: [Double] = []
        for row in rows[starts[group]..<starts[group + 1]] where !column.isMissing(Int(row)) {
          own.append(values[Int(row)])
        }
        return Self.quantile(&own, share)
      })
  }

  private static func quantile(_ values: inout [Double], _ share: Double) -> Double? {
    if values.isEmpty { return nil }
    if values.contains(where: \.isNaN) { return .nan }
    values.sort()
    let place = share * Double(values.count - 1)
    let low = Int(place.rounded(.down))
    let high = Swift.min(low + 1, values.count - 1)
    // Equal neighbours first: inf - inf is nan.
    if values[low] == values[high] { return values[low] }
    return values[low] + (place - Double(low)) * (values[high] - values[low])
  }
}

extension Table {
  /// The first row of each group with some columns only: the keys of a grouping.
  public func keys(_ grouping: Grouping, of names: [String]) throws(TableError) -> Table {
    let rows = try select(names).gather(grouping.firstRows)
    return names.isEmpty ? Table(unchecked: [], [], grouping.count) : rows
  }
}
