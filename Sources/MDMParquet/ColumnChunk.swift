/// The entries of one leaf in one row group.
struct LeafEntries {
  /// How many of its optional and repeated ancestors an entry has; empty where none can miss.
  var definitions: [Int32] = []
  /// At which repeated ancestor an entry begins anew; empty where none repeats.
  var repeats: [Int32] = []
  /// The values that are not null.
  var values: [ParquetValue] = []
  var count = 0
}

/// Reads the pages of one leaf in one row group.
struct ColumnChunk {
  let data: FileBytes
  let cache: PageCache
  let node: ParquetNode
  let codec: Codec
  let entryCount: Int
  let start: Int
  let end: Int

  /// A page has no more entries than this: a header that says so is made to fill the memory.
  private static let entryLimit = 1 << 24
  /// Nor a page of texts more bytes, which are all held at once; pages of pictures have `Codec`'s limit.
  private static let textPageLimit = 256 << 20

  /// - Parameter metadata: The chunk's `ColumnMetaData`.
  init(
    _ metadata: ThriftValue, node: ParquetNode, data: FileBytes, cache: PageCache
  ) throws(ParquetError) {
    self.data = data
    self.cache = cache
    self.node = node
    guard let type = metadata[1]?.int, type == node.type, let codec = metadata[4]?.int,
      let count = metadata[5]?.int, (0...(1 << 27)).contains(count), let size = metadata[7]?.int,
      let first = metadata[9]?.int
    else { throw .damaged(reason: "the column `\(node.name)` is not described") }
    self.codec = try Codec(number: codec)
    entryCount = count
    var start = first
    if let dictionary = metadata[11]?.int, dictionary > 0 { start = min(start, dictionary) }
    // A chunk without values may stand nowhere.
    if count == 0 { start = 4 }
    guard start >= 4, size >= 0, start <= data.count, count == 0 || size <= data.count - start
    else { throw .truncated }
    self.start = start
    end = start + size
  }

  func entries() throws(ParquetError) -> LeafEntries {
    var entries = LeafEntries()
    var dictionary: [ParquetValue] = []
    var at = start
    while entries.count < entryCount {
      guard at < end else { throw .damaged(reason: "the column `\(node.name)` has too few values") }
      var reader = ByteReader(data.part(at..<end))
      let header = try ThriftValue(structIn: &reader)
      guard let type = header[1]?.int, let size = header[2]?.int, let packed = header[3]?.int,
        size >= 0, packed >= 0, packed <= reader.left
      else { throw .damaged(reason: "a page of the column `\(node.name)` reaches too far") }
      guard node.meaning != .text || size <= Self.textPageLimit else {
        throw .damaged(reason: "a page of \(size) bytes in the column `\(node.name)`")
      }
      let place = (at + reader.at)..<(at + reader.at + packed)
      at = place.upperBound
      switch type {
      case 0: try dataPage(header[5], place, size: size, dictionary, &entries)
      case 2:
        guard let count = header[7]?[1]?.int, count >= 0, count <= Self.entryLimit else {
          throw .damaged(reason: "a dictionary without a count")
        }
        let page = StoredPage(data: data, place: place, size: size, codec: codec, cache: cache)
        dictionary = try values(of: page, from: 0, encoding: 0, count: count, dictionary: [])
      case 3: try dataPageV2(header[8], place, size: size, dictionary, &entries)
      default: continue
      }
    }
    return entries
  }

  private func counted(_ header: ThriftValue?) throws(ParquetError) -> Int {
    guard let count = header?[1]?.int, (0...Self.entryLimit).contains(count) else {
      throw .damaged(reason: "a page without a count")
    }
    return count
  }

  private func dataPage(
    _ header: ThriftValue?, _ place: Range<Int>, size: Int, _ dictionary: [ParquetValue],
    _ entries: inout LeafEntries
  ) throws(ParquetError) {
    let count = try counted(header)
    let page = StoredPage(data: data, place: place, size: size, codec: codec, cache: cache)
    let bytes = codec == .none ? [] : try cache.page(page)
    if codec == .none, place.count != size { throw .damaged(reason: "a page of a wrong size") }
    var present = count
    let from = try with(page, bytes) { whole throws(ParquetError) in
      var reader = ByteReader(whole)
      func levels(_ greatest: Int, _ encoding: Int) throws(ParquetError) -> [Int32] {
        guard header?[encoding]?.int == 3 else { throw .unsupported("the old packing of levels") }
        let length = try reader.length()
        var part = ByteReader(try reader.take(length))
        return try Levels.hybrid(&part, width: Levels.width(greatest), count: count)
      }
      if node.repeats > 0 { entries.repeats += try levels(node.repeats, 4) }
      if node.definition > 0 {
        let definitions = try levels(node.definition, 3)
        present = definitions.count { $0 == node.definition }
        entries.definitions += definitions
      }
      return reader.at
    }
    entries.values += try values(
      of: page, from: from, encoding: header?[2]?.int ?? -1, count: present, dictionary: dictionary)
    entries.count += count
  }

  private func dataPageV2(
    _ header: ThriftValue?, _ place: Range<Int>, size: Int, _ dictionary: [ParquetValue],
    _ entries: inout LeafEntries
  ) throws(ParquetError) {
    let count = try counted(header)
    guard let definitionSize = header?[5]?.int, let repeatSize = header?[6]?.int,
      definitionSize >= 0, repeatSize >= 0, definitionSize <= place.count,
      repeatSize <= place.count - definitionSize
    else { throw .damaged(reason: "a page whose levels reach too far") }
    let levelSize = definitionSize + repeatSize
    guard size >= levelSize else { throw .damaged(reason: "a page of a wrong size") }
    var present = count
    var reader = ByteReader(data.part(place))
    var repeats = ByteReader(try reader.take(repeatSize))
    var definitions = ByteReader(try reader.take(definitionSize))
    if node.repeats > 0 {
      entries.repeats += try Levels.hybrid(
        &repeats, width: Levels.width(node.repeats), count: count)
    }
    if node.definition > 0 {
      let levels = try Levels.hybrid(
        &definitions, width: Levels.width(node.definition), count: count)
      present = levels.count { $0 == node.definition }
      entries.definitions += levels
    }
    let isPacked = header?[7]?.bool ?? true
    let page = StoredPage(
      data: data, place: (place.lowerBound + levelSize)..<place.upperBound, size: size - levelSize,
      codec: isPacked ? codec : .none, cache: cache)
    entries.values += try values(
      of: page, from: 0, encoding: header?[4]?.int ?? -1, count: present, dictionary: dictionary)
    entries.count += count
  }

  /// Calls a function with the unpacked bytes of a page.
  private func with<T>(
    _ page: StoredPage, _ unpacked: [UInt8],
    _ body: (UnsafeRawBufferPointer) throws(ParquetError) -> T
  ) throws(ParquetError) -> T {
    if page.codec == .none {
      // Else a column of pictures would stay in memory as far as its lengths lie apart.
      defer { data.release(page.place) }
      return try body(data.part(page.place))
    }
    return try unpacked.withUnsafeBufferPointer { bytes throws(ParquetError) in
      try body(UnsafeRawBufferPointer(bytes))
    }
  }

  private func values(
    of page: StoredPage, from: Int, encoding: Int, count: Int, dictionary: [ParquetValue]
  ) throws(ParquetError) -> [ParquetValue] {
    if count == 0 { return [] }
    let unpacked = page.codec == .none ? [] : try cache.page(page)
    return try with(page, unpacked) { bytes throws(ParquetError) in
      guard from <= bytes.count else { throw .truncated }
      var reader = ByteReader(bytes, at: from)
      var found: PageValues
      switch encoding {
      case 0: found = try PageValues.plain(&reader, node, count: count)
      case 2, 8:
        let width = Int(try reader.byte())
        let places = try Levels.hybrid(&reader, width: width, count: count)
        var values: [ParquetValue] = []
        values.reserveCapacity(count)
        for place in places {
          guard place >= 0, Int(place) < dictionary.count else {
            throw .damaged(reason: "an index outside of its dictionary")
          }
          values.append(dictionary[Int(place)])
        }
        found = .values(values)
      case 3:
        let length = try reader.length()
        var part = ByteReader(try reader.take(length))
        found = .values(try Levels.hybrid(&part, width: 1, count: count).map { .bool($0 == 1) })
      case 5:
        found = .values(
          try PageValues.deltas(&reader, count: count).map { PageValues.integer($0, node) })
      case 6: found = .ranges(try PageValues.deltaLengths(&reader, count: count))
      case 7: found = .values(try PageValues.deltaBytes(&reader, count: count, node))
      case 9: found = try PageValues.split(&reader, node, count: count)
      default: throw .unsupported("the encoding \(encoding)")
      }
      let values: [ParquetValue]
      switch found {
      case .values(let known): values = known
      case .ranges(let ranges) where node.type == 6 && node.meaning == .plain:
        values = ranges.map { .stored(StoredBytes(page: page, range: $0)) }
      case .ranges(let ranges):
        var made: [ParquetValue] = []
        made.reserveCapacity(ranges.count)
        for range in ranges {
          made.append(try PageValues.value(UnsafeRawBufferPointer(rebasing: bytes[range]), node))
        }
        values = made
      }
      guard values.count == count else { throw .damaged(reason: "a page with too few values") }
      return values
    }
  }
}
