/// The values of a page, without those that are null.
///
/// Source: Apache Parquet format, Encodings.md.
enum PageValues {
  case values([ParquetValue])
  /// Byte arrays by their places in the page; text or not is the column's.
  case ranges([Range<Int>])

  /// Reads values that stand one behind the other.
  static func plain(
    _ reader: inout ByteReader, _ column: ParquetNode, count: Int
  ) throws(ParquetError) -> PageValues {
    var values: [ParquetValue] = []
    func room(_ size: Int) throws(ParquetError) {
      guard count <= reader.left / size else { throw .truncated }
      values.reserveCapacity(count)
    }
    switch column.type {
    case 0:
      let packed = try reader.take((count + 7) / 8)
      for i in 0..<count { values.append(.bool(packed[i >> 3] >> UInt8(i & 7) & 1 == 1)) }
    case 1:
      try room(4)
      for _ in 0..<count { values.append(integer(Int64(try reader.number(Int32.self)), column)) }
    case 2:
      try room(8)
      for _ in 0..<count { values.append(integer(try reader.number(Int64.self), column)) }
    case 3:
      // INT96: nanoseconds of a day, then a Julian day; seconds since 1970 here.
      try room(12)
      for _ in 0..<count {
        let nanoseconds = Double(try reader.number(Int64.self))
        let day = Double(try reader.number(UInt32.self)) - 2_440_588
        values.append(.double(day * 86_400 + nanoseconds / 1e9))
      }
    case 4:
      try room(4)
      for _ in 0..<count {
        values.append(.double(Double(Float(bitPattern: try reader.number(UInt32.self)))))
      }
    case 5:
      try room(8)
      for _ in 0..<count {
        values.append(.double(Double(bitPattern: try reader.number(UInt64.self))))
      }
    case 6:
      try room(4)
      var ranges: [Range<Int>] = []
      ranges.reserveCapacity(count)
      for _ in 0..<count {
        let length = try reader.length()
        ranges.append(reader.at..<(reader.at + length))
        _ = try reader.take(length)
      }
      return .ranges(ranges)
    default:
      let size = column.fixedLength
      guard size > 0, count <= reader.left / size else { throw .truncated }
      var ranges: [Range<Int>] = []
      for _ in 0..<count {
        ranges.append(reader.at..<(reader.at + size))
        _ = try reader.take(size)
      }
      return .ranges(ranges)
    }
    return .values(values)
  }

  /// A whole number as its column means it.
  static func integer(_ value: Int64, _ column: ParquetNode) -> ParquetValue {
    switch column.meaning {
    case .decimal(let scale): .double(Double(value) / power(scale))
    case .unsigned where column.type == 1: .int(Int64(UInt32(truncatingIfNeeded: value)))
    default: .int(value)
    }
  }

  private static func power(_ scale: Int) -> Double {
    (0..<max(0, min(scale, 38))).reduce(1.0) { power, _ in power * 10 }
  }

  /// No text is longer: a file of some KiB can unpack to one that fills the memory.
  static let textLimit = 64 << 20

  /// Bytes as their column means them.
  static func value(
    _ bytes: UnsafeRawBufferPointer, _ column: ParquetNode
  ) throws(ParquetError) -> ParquetValue {
    switch column.meaning {
    case .text:
      guard bytes.count <= textLimit else {
        throw .damaged(reason: "a text of \(bytes.count) bytes in column `\(column.name)`")
      }
      guard let text = String(validating: bytes, as: UTF8.self) else {
        throw .damaged(reason: "a text of column `\(column.name)` that is not UTF-8")
      }
      return .text(text)
    case .decimal(let scale):
      var value = Int64(bytes.first.map { $0 >= 0x80 } ?? false ? -1 : 0)
      for byte in bytes { value = value << 8 | Int64(byte) }
      return .double(Double(value) / power(scale))
    case .halfFloat where bytes.count == 2:
      let bits = UInt16(bytes[0]) | UInt16(bytes[1]) << 8
      return .double(half(bits))
    default: return .bytes(Array(bytes))
    }
  }

  private static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 1 ? -1.0 : 1.0
    let (exponent, fraction) = (Int(bits >> 10 & 31), Double(bits & 1023))
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default:
      return sign * (1 + fraction / 1024)
        * Double(sign: .plus, exponent: exponent - 15, significand: 1)
    }
  }

  // MARK: Differences

  /// DELTA_BINARY_PACKED: blocks of differences to the number before.
  static func deltas(_ reader: inout ByteReader, count limit: Int) throws(ParquetError) -> [Int64] {
    let block = try reader.varint()
    let parts = try reader.varint()
    let total = try reader.varint()
    var last = try reader.zigzag()
    guard parts > 0, block > 0, block <= 1 << 20, block % parts == 0, block / parts % 8 == 0,
      total <= UInt64(limit)
    else { throw .damaged(reason: "wrong differences") }
    let size = Int(block / parts)
    var result: [Int64] = total > 0 ? [last] : []
    while result.count < Int(total) {
      let least = try reader.zigzag()
      let widths = try reader.take(Int(parts))
      for width in widths where result.count < Int(total) {
        guard width <= 64 else { throw .damaged(reason: "differences of \(width) bits") }
        let packed = try reader.take(size / 8 * Int(width))
        try Levels.unpack(packed, width: Int(width), count: min(size, Int(total) - result.count)) {
          last = last &+ least &+ Int64(bitPattern: $0)
          result.append(last)
        }
      }
    }
    return result
  }

  /// DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.
  static func deltaLengths(
    _ reader: inout ByteReader, count: Int
  ) throws(ParquetError) -> [Range<Int>] {
    let lengths = try deltas(&reader, count: count)
    var ranges: [Range<Int>] = []
    for length in lengths {
      guard length >= 0, length <= Int64(reader.left) else { throw .truncated }
      ranges.append(reader.at..<(reader.at + Int(length)))
      _ = try reader.take(Int(length))
    }
    return ranges
  }

  /// DELTA_BYTE_ARRAY: how much of the one before comes again, then what follows it.
  static func deltaBytes(
    _ reader: inout ByteReader, count: Int, _ column: ParquetNode
  ) throws(ParquetError) -> [ParquetValue] {
    let shared = try deltas(&reader, count: count)
    let rests = try deltaLengths(&reader, count: count)
    guard shared.count == rests.count else { throw .damaged(reason: "wrong prefixes") }
    var last: [UInt8] = []
    var total = 0
    var result: [ParquetValue] = []
    for (prefix, rest) in zip(shared, rests) {
      guard prefix >= 0, prefix <= Int64(last.count) else {
        throw .damaged(reason: "wrong prefixes")
      }
      last.removeSubrange(Int(prefix)...)
      last += reader.bytes[rest]
      total += last.count
      guard total <= Codec.pageLimit else { throw .damaged(reason: "a page of \(total) bytes") }
      result.append(
        try last.withUnsafeBufferPointer { bytes throws(ParquetError) in
          try value(UnsafeRawBufferPointer(bytes), column)
        })
    }
    return result
  }

  /// BYTE_STREAM_SPLIT: the first bytes of all numbers, then all second ones, and so on.
  static func split(
    _ reader: inout ByteReader, _ column: ParquetNode, count: Int
  ) throws(ParquetError) -> PageValues {
    let size = [1: 4, 2: 8, 4: 4, 5: 8][column.type ?? -1] ?? column.fixedLength
    guard size > 0, count <= reader.left / size else { throw .truncated }
    let part = try reader.take(count * size)
    var joined = [UInt8](repeating: 0, count: count * size)
    for i in 0..<count {
      for byte in 0..<size { joined[i * size + byte] = part[byte * count + i] }
    }
    let values = try joined.withUnsafeBufferPointer {
      part throws(ParquetError) -> [ParquetValue] in
      let bytes = UnsafeRawBufferPointer(part)
      var inner = ByteReader(bytes)
      switch try plain(&inner, column, count: count) {
      case .values(let values): return values
      case .ranges(let ranges):
        var values: [ParquetValue] = []
        for range in ranges {
          values.append(try value(UnsafeRawBufferPointer(rebasing: bytes[range]), column))
        }
        return values
      }
    }
    return .values(values)
  }
}
