/// The rows of a table by equal keys.
///
/// Groups are numbered in the order in which their first rows appear. A missing key is a group of its
/// own; all NaNs are one key, and 0.0 equals -0.0.
public struct Grouping: Sendable {
  /// The group of each row.
  public let groups: [Int32]
  /// The first row of each group.
  public let firstRows: [Int32]

  /// The number of groups.
  public var count: Int { firstRows.count }

  /// Groups by the columns of these names; without any, all rows are one group.
  public init(_ table: Table, by names: [String]) throws(TableError) {
    var result = Grouping(oneGroupOf: table.rowCount)
    for (position, name) in names.enumerated() {
      let column = try table.column(name)
      guard let own = Grouping(column) else {
        throw .type(column: name, type: column.type, operation: "be grouped by")
      }
      result = position == 0 ? own : Grouping(result, own)
    }
    self = result
  }

  private init(groups: [Int32], firstRows: [Int32]) {
    self.groups = groups
    self.firstRows = firstRows
  }

  /// All rows as one group.
  public init(oneGroupOf count: Int) {
    groups = [Int32](repeating: 0, count: count)
    firstRows = count == 0 ? [] : [0]
  }

  /// Groups one column by its cells; nil where their type has no equality to hash by.
  init?(_ column: Column) {
    let missing = column.missing
    switch column.storage {
    case .bool(let values):
      self = Self.direct(count: values.count, size: 3) {
        missing?[$0] ?? false ? 2 : values[$0] ? 1 : 0
      }
    case .text(let codes, let pool):
      let size = pool.texts.count + 1
      if size > codes.count * 4 + 1024 {
        self = Self.hashed(count: codes.count) {
          missing?[$0] ?? false ? .max : UInt64(codes[$0])
        }
      } else if let missing {
        self = Self.direct(count: codes.count, size: size) {
          missing[$0] ? size - 1 : Int(codes[$0])
        }
      } else {
        self = codes.withUnsafeBufferPointer { codes in
          Self.direct(count: codes.count, size: size) { Int(codes[$0]) }
        }
      }
    case .int(let values):
      let low = values.min() ?? 0
      let (span, overflow) = (values.max() ?? 0).subtractingReportingOverflow(low)
      if !overflow, span < values.count * 2 + 1024 {
        self = Self.direct(count: values.count, size: Int(span) + 2) {
          missing?[$0] ?? false ? Int(span) + 1 : Int(values[$0] - low)
        }
      } else if let missing {
        // A missing cell needs a key that no Int has: one bit more.
        let present = Self.hashed(count: values.count) {
          missing[$0] ? 0 : UInt64(bitPattern: values[$0])
        }
        let absent = Self.direct(count: values.count, size: 2) { missing[$0] ? 1 : 0 }
        self.init(present, absent)
      } else {
        self = Self.hashed(count: values.count) { UInt64(bitPattern: values[$0]) }
      }
    case .float(let values):
      // A NaN with a payload of its own stands for a missing cell.
      self = Self.hashed(count: values.count) {
        if missing?[$0] ?? false { return 0x7FF0_0000_0000_0001 }
        let value = values[$0]
        return value.isNaN ? 0x7FF8_0000_0000_0000 : value == 0 ? 0 : value.bitPattern
      }
    case .mixed: return nil
    }
  }

  /// The groups of two keys together.
  private init(_ first: Grouping, _ second: Grouping) {
    let width = second.count
    let (size, overflow) = first.count.multipliedReportingOverflow(by: width)
    if !overflow, size <= first.groups.count * 4 + 1024 {
      self = Self.direct(count: first.groups.count, size: max(size, 1)) {
        Int(first.groups[$0]) * width + Int(second.groups[$0])
      }
    } else {
      self = Self.hashed(count: first.groups.count) {
        UInt64(first.groups[$0]) << 32 | UInt64(second.groups[$0])
      }
    }
  }

  /// Keys that are small enough to be positions.
  @inline(__always)
  private static func direct(count: Int, size: Int, _ key: (Int) -> Int) -> Grouping {
    var known = [Int32](repeating: -1, count: size)
    var firstRows: [Int32] = []
    let groups = known.withUnsafeMutableBufferPointer { known in
      [Int32](unsafeUninitializedCapacity: count) { groups, used in
        for row in 0..<count {
          let key = key(row)
          if known[key] < 0 {
            known[key] = Int32(firstRows.count)
            firstRows.append(Int32(row))
          }
          groups[row] = known[key]
        }
        used = count
      }
    }
    return Grouping(groups: groups, firstRows: firstRows)
  }

  /// Keys of any size, in an open-addressed table.
  @inline(__always)
  private static func hashed(count: Int, _ key: (Int) -> UInt64) -> Grouping {
    var keys: [UInt64] = []
    var firstRows: [Int32] = []
    var mask = 1023
    var slots = [Int32](repeating: -1, count: mask + 1)
    let groups = [Int32](unsafeUninitializedCapacity: count) { groups, used in
      for row in 0..<count {
        let key = key(row)
        var slot = Int(truncatingIfNeeded: Hashing.mix(key)) & mask
        while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & mask }
        if slots[slot] < 0 {
          slots[slot] = Int32(keys.count)
          keys.append(key)
          firstRows.append(Int32(row))
        }
        groups[row] = slots[slot]
        if keys.count * 2 > mask {
          mask = mask * 2 + 1
          slots = [Int32](repeating: -1, count: mask + 1)
          for (group, key) in keys.enumerated() {
            var slot = Int(truncatingIfNeeded: Hashing.mix(key)) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(group)
          }
        }
      }
      used = count
    }
    return Grouping(groups: groups, firstRows: firstRows)
  }

  /// The number of rows of each group.
  public var sizes: [Int] {
    var sizes = [Int](repeating: 0, count: count)
    for group in groups { sizes[Int(group)] += 1 }
    return sizes
  }

  /// The rows sorted by group, each group's in order, and where each group starts.
  public var buckets: (starts: [Int], rows: [Int32]) {
    var starts = [0]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    var next = starts
    var rows = [Int32](repeating: 0, count: groups.count)
    for (row, group) in groups.enumerated() {
      rows[next[Int(group)]] = Int32(row)
      next[Int(group)] += 1
    }
    return (starts, rows)
  }
}

extension Table {
  /// The first row of each group of equal cells in some columns.
  public func unique(by names: [String]) throws(TableError) -> Table {
    gather(try Grouping(self, by: names).firstRows)
  }
}
