/// Where the blocks of 64 KiB begin in a page that snappy packed, so that a part of the page can be
/// unpacked without the rest.
///
/// Snappy's own compressor packs each block for itself. The format does not promise it, so it is
/// looked whether no copy reaches back behind its block.
///
/// Source: google/snappy, format_description.txt.
struct SnappyBlocks {
  static let size = 1 << 16

  /// The place of each block in the packed bytes, and of their end.
  let starts: [Int]
  /// The bytes of the unpacked page.
  let total: Int

  /// - Returns: nil where the blocks depend on each other or the page is damaged.
  init?(_ packed: UnsafeRawBufferPointer) {
    var reader = ByteReader(packed)
    guard let length = try? reader.varint(), length <= UInt64(Codec.pageLimit) else { return nil }
    total = Int(length)
    var (at, out) = (reader.at, 0)
    var starts: [Int] = []
    starts.reserveCapacity(total / Self.size + 2)
    while out < total {
      if out % Self.size == 0 { starts.append(at) }
      guard at < packed.count else { return nil }
      let tag = Int(packed[at])
      var (size, count) = (1, (tag >> 2) + 1)
      /// How far a copy reaches back.
      var back = 0
      func number(_ bytes: Int) -> Int? {
        guard packed.count - at > bytes else { return nil }
        return (0..<bytes).reduce(0) { $0 | Int(packed[at + 1 + $1]) << (8 * $1) }
      }
      switch tag & 3 {
      case 0:
        let extra = max(0, count - 60)
        if extra > 0 {
          guard let long = number(extra) else { return nil }
          count = long + 1
        }
        size += extra + count
      case 1:
        guard let low = number(1) else { return nil }
        (size, count, back) = (2, (tag >> 2 & 7) + 4, (tag >> 5) << 8 | low)
      case 2:
        guard let offset = number(2) else { return nil }
        (size, back) = (3, offset)
      default:
        guard let offset = number(4) else { return nil }
        (size, back) = (5, offset)
      }
      let place = out % Self.size
      guard place + count <= Self.size, back <= place, tag & 3 == 0 || back > 0,
        size <= packed.count - at
      else { return nil }
      at += size
      out += count
    }
    guard out == total, at == packed.count else { return nil }
    starts.append(at)
    self.starts = starts
  }

  /// A part of the page.
  func unpacked(
    _ range: Range<Int>, of packed: UnsafeRawBufferPointer
  ) throws(ParquetError) -> [UInt8] {
    guard range.lowerBound >= 0, range.upperBound <= total else { throw .truncated }
    var result: [UInt8] = []
    if range.isEmpty { return result }
    result.reserveCapacity(range.count)
    for block in (range.lowerBound / Self.size)...((range.upperBound - 1) / Self.size) {
      let first = block * Self.size
      let size = min(Self.size, total - first)
      // A stream of its own: its length in seven bits a byte, then the block.
      var stream = [UInt8(size & 0x7F | 0x80), UInt8(size >> 7 & 0x7F | 0x80), UInt8(size >> 14)]
      stream += packed[starts[block]..<starts[block + 1]]
      let bytes = try stream.withUnsafeBufferPointer { stream throws(ParquetError) in
        try Codec.snappy.unpacked(UnsafeRawBufferPointer(stream), size: size)
      }
      result +=
        bytes[max(range.lowerBound - first, 0)..<min(range.upperBound - first, size)]
    }
    return result
  }
}
