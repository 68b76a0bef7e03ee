/// Stable orders of rows.
extension Table {
  /// The rows in the order of some columns, the first column deciding before the others.
  ///
  /// Equal rows keep their order, descending ones too. A NaN stands behind all numbers and a missing
  /// cell behind everything, whatever the direction.
  public func sorted(by keys: [(name: String, isDescending: Bool)]) throws(TableError) -> Table {
    var columns: [(Column, Bool)] = []
    for key in keys {
      let column = try column(key.name)
      if column.type == .mixed {
        throw .type(column: key.name, type: .mixed, operation: "be sorted by")
      }
      columns.append((column, key.isDescending))
    }
    return gather(Sorting.order(of: columns, count: rowCount))
  }
}

enum Sorting {
  /// The rows in order: a radix sort of each key, the last key first.
  static func order(of keys: [(column: Column, isDescending: Bool)], count: Int) -> [Int32] {
    var rows = [Int32](unsafeUninitializedCapacity: count) { target, used in
      for row in 0..<count { target[row] = Int32(row) }
      used = count
    }
    for key in keys.reversed() {
      radixSort(&rows, ordinals(key.column, isDescending: key.isDescending))
    }
    return rows
  }

  /// For each row a number whose order is that of the cells.
  static func ordinals(_ column: Column, isDescending: Bool) -> [UInt64] {
    let sign: UInt64 = 1 << 63
    var ordinals: [UInt64]
    switch column.storage {
    case .bool(let values): ordinals = values.map { ($0 != isDescending) ? 1 : 0 }
    case .int(let values):
      // Counted from the least one, so that small ranges need few passes.
      let (low, high) = (values.min() ?? 0, values.max() ?? 0)
      ordinals = values.map {
        UInt64(bitPattern: isDescending ? high &- $0 : $0 &- low)
      }
    case .float(let values):
      ordinals = values.map {
        if $0.isNaN { return .max - 1 }
        let bits = ($0 == 0 ? 0 : $0).bitPattern
        let ascending = bits & sign == 0 ? bits | sign : ~bits
        return isDescending ? ~ascending : ascending
      }
    case .text(let codes, let pool):
      let ranks = pool.ranks
      let top = Int32(ranks.count)
      ordinals = codes.map {
        UInt64(isDescending ? top - ranks[Int($0)] : ranks[Int($0)])
      }
    case .mixed: ordinals = [UInt64](repeating: 0, count: column.count)
    }
    if let missing = column.missing {
      let last = (ordinals.indices.lazy.filter { !missing[$0] }.map { ordinals[$0] }.max() ?? 0)
      let beyond = last == .max ? .max : last + 1
      for row in ordinals.indices where missing[row] { ordinals[row] = beyond }
    }
    return ordinals
  }

  /// Sorts rows by the ordinals of their positions; least significant digits first, digits that all
  /// rows share skipped.
  private static func radixSort(_ rows: inout [Int32], _ ordinals: [UInt64]) {
    guard rows.count > 1 else { return }
    var all: UInt64 = .max
    var any: UInt64 = 0
    for ordinal in ordinals {
      all &= ordinal
      any |= ordinal
    }
    let varying = all ^ any
    let digitBits: UInt64 = rows.count > 1 << 14 ? 11 : 8
    let digitCount = 1 << Int(digitBits)
    var shift: UInt64 = 0
    var spare = rows
    while shift < 64 {
      let digit = UInt64(digitCount - 1)
      if (varying >> shift) & digit != 0 {
        var starts = [Int](repeating: 0, count: digitCount + 1)
        rows.withUnsafeBufferPointer { rows in
          ordinals.withUnsafeBufferPointer { ordinals in
            spare.withUnsafeMutableBufferPointer { spare in
              for row in rows { starts[Int(ordinals[Int(row)] >> shift & digit) + 1] += 1 }
              for place in 1...digitCount { starts[place] += starts[place - 1] }
              for row in rows {
                let place = Int(ordinals[Int(row)] >> shift & digit)
                spare[starts[place]] = row
                starts[place] += 1
              }
            }
          }
        }
        swap(&rows, &spare)
      }
      shift += digitBits
    }
  }
}
