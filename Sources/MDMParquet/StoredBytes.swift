import Synchronization

/// Bytes of a file that are read when they are asked for.
public struct StoredBytes: Sendable, Equatable {
  let page: StoredPage
  let range: Range<Int>

  /// The number of bytes.
  public var count: Int { range.count }

  /// A copy of the bytes; their page is unpacked if it was not a moment ago.
  public func bytes() throws(ParquetError) -> [UInt8] { try page.bytes(range) }

  public static func == (a: StoredBytes, b: StoredBytes) -> Bool {
    (a.page === b.page && a.range == b.range)
      || (try? a.bytes()).map { $0 == (try? b.bytes()) } ?? false
  }
}

/// A file of any kind whose parts are read when they are asked for.
public struct StoredFile: Sendable {
  private let data: FileBytes
  private let cache = PageCache(limit: 0)

  public init(path: String) throws(ParquetError) { data = try FileBytes(path: path) }

  /// The number of its bytes.
  public var count: Int { data.count }

  /// A part of the file; nil where it reaches outside.
  public func part(_ range: Range<Int>) -> StoredBytes? {
    guard range.lowerBound >= 0, range.upperBound <= data.count else { return nil }
    return StoredBytes(
      page: StoredPage(data: data, place: range, size: range.count, codec: .none, cache: cache),
      range: 0..<range.count)
  }
}

/// Where the values of one page stand in a file.
final class StoredPage: Sendable {
  let data: FileBytes
  let place: Range<Int>
  let size: Int
  let codec: Codec
  private let cache: PageCache
  /// Of a large page of snappy: its blocks, when they are known, nil in it where they cannot be told.
  private let blocks = Mutex<SnappyBlocks??>(nil)

  /// Pages of more bytes are not unpacked as a whole for one value where that can be helped.
  private static let wholeLimit = 1 << 20

  init(data: FileBytes, place: Range<Int>, size: Int, codec: Codec, cache: PageCache) {
    self.data = data
    self.place = place
    self.size = size
    self.codec = codec
    self.cache = cache
  }

  func bytes(_ range: Range<Int>) throws(ParquetError) -> [UInt8] {
    if codec == .none {
      let bytes = Array(data.part(place)[range])
      data.release((place.lowerBound + range.lowerBound)..<(place.lowerBound + range.upperBound))
      return bytes
    }
    if codec == .snappy, size > Self.wholeLimit, let blocks = snappyBlocks(), blocks.total == size {
      let part = data.part(place)
      defer {
        let first = blocks.starts[range.lowerBound / SnappyBlocks.size]
        let last = blocks.starts[(max(range.upperBound, 1) - 1) / SnappyBlocks.size + 1]
        data.release((place.lowerBound + first)..<(place.lowerBound + last))
      }
      return try blocks.unpacked(range, of: part)
    }
    return Array(try cache.page(self)[range])
  }

  private func snappyBlocks() -> SnappyBlocks? {
    blocks.withLock { blocks in
      if let blocks { return blocks }
      let found = SnappyBlocks(data.part(place))
      data.release(place)
      blocks = .some(found)
      return found
    }
  }

  func unpacked() throws(ParquetError) -> [UInt8] {
    defer { data.release(place) }
    return try codec.unpacked(data.part(place), size: size)
  }
}
