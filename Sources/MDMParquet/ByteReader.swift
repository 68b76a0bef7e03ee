/// Reads little-endian numbers from bytes and never behind their end.
struct ByteReader {
  let bytes: UnsafeRawBufferPointer
  private(set) var at: Int

  init(_ bytes: UnsafeRawBufferPointer, at: Int = 0) {
    self.bytes = bytes
    self.at = at
  }

  var left: Int { bytes.count - at }

  mutating func byte() throws(ParquetError) -> UInt8 {
    guard at < bytes.count else { throw .truncated }
    defer { at += 1 }
    return bytes[at]
  }

  /// The next bytes, in place.
  mutating func take(_ count: Int) throws(ParquetError) -> UnsafeRawBufferPointer {
    guard count >= 0, count <= left else { throw .truncated }
    defer { at += count }
    return UnsafeRawBufferPointer(rebasing: bytes[at..<(at + count)])
  }

  mutating func number<T: FixedWidthInteger>(_ type: T.Type) throws(ParquetError) -> T {
    let part = try take(MemoryLayout<T>.size)
    return T(littleEndian: part.loadUnaligned(as: T.self))
  }

  /// A length that has to fit into what is left.
  mutating func length() throws(ParquetError) -> Int {
    let count = Int(try number(UInt32.self))
    guard count <= left else { throw .truncated }
    return count
  }

  /// An unsigned number of seven bits a byte, lowest first.
  mutating func varint() throws(ParquetError) -> UInt64 {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      let next = try byte()
      value |= UInt64(next & 0x7F) << min(shift, 63)
      if next < 0x80 { return value }
    }
    throw .damaged(reason: "a number of more than ten bytes")
  }

  /// A signed number whose sign is its lowest bit.
  mutating func zigzag() throws(ParquetError) -> Int64 {
    let value = try varint()
    return Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
  }
}
