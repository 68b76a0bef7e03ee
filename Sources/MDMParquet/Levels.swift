/// Runs of small numbers: levels, indices into a dictionary, and booleans.
///
/// Source: Apache Parquet format, Encodings.md, "Run Length Encoding / Bit-Packing Hybrid".
enum Levels {
  /// Reads exactly `count` numbers of a width in bits.
  static func hybrid(
    _ reader: inout ByteReader, width: Int, count: Int
  ) throws(ParquetError) -> [Int32] {
    guard (0...32).contains(width) else { throw .damaged(reason: "levels of \(width) bits") }
    var result: [Int32] = []
    result.reserveCapacity(count)
    while result.count < count {
      let head = try reader.varint()
      if head & 1 == 0 {
        let run = Int(truncatingIfNeeded: head >> 1)
        guard run > 0 else { throw .damaged(reason: "an empty run") }
        var value: UInt32 = 0
        for i in 0..<((width + 7) / 8) { value |= UInt32(try reader.byte()) << UInt32(8 * i) }
        let known = min(run, count - result.count)
        result.append(contentsOf: repeatElement(Int32(bitPattern: value), count: known))
      } else {
        let groups = head >> 1
        guard groups > 0, groups <= UInt64(max(1, (reader.left + 1) * 8)) else {
          throw .damaged(reason: "a run longer than its page")
        }
        // The last group may be cut off behind the values that count.
        let wanted = min(Int(groups) * width, max(reader.left, 0))
        let packed = try reader.take(wanted)
        try unpack(packed, width: width, count: min(Int(groups) * 8, count - result.count)) {
          result.append(Int32(truncatingIfNeeded: $0))
        }
      }
    }
    return result
  }

  /// Numbers packed from the lowest bit of each byte.
  static func unpack(
    _ bytes: UnsafeRawBufferPointer, width: Int, count: Int, _ body: (UInt64) -> Void
  ) throws(ParquetError) {
    if width == 0 {
      for _ in 0..<count { body(0) }
      return
    }
    guard bytes.count * 8 >= count * width else { throw .truncated }
    var bit = 0
    for _ in 0..<count {
      var value: UInt64 = 0
      var have = 0
      while have < width {
        let place = bit + have
        let part = UInt64(bytes[place >> 3]) >> UInt64(place & 7)
        value |= part << UInt64(have)
        have += 8 - (place & 7)
      }
      if width < 64 { value &= 1 << UInt64(width) - 1 }
      body(value)
      bit += width
    }
  }

  /// The bits that a number up to `greatest` takes.
  static func width(_ greatest: Int) -> Int {
    greatest == 0 ? 0 : Int.bitWidth - greatest.leadingZeroBitCount
  }
}
