import CCompression

/// Writes rows as a Parquet file: plain values, snappy, data pages of version 1.
///
/// Source: Apache Parquet format, parquet.thrift; the three-level lists of LogicalTypes.md.
public struct ParquetWriter {
  private struct Chunk {
    let start: Int
    let size: Int
    let unpackedSize: Int
    let count: Int
  }

  private let columns: [ParquetType.Field]
  private let metadata: [(key: String, value: String)]
  private var leaves: [WrittenLeaf] = []
  private var out: [UInt8] = Array("PAR1".utf8)
  /// The bytes that were taken before.
  private var taken = 0
  private var groups: [(rows: Int, chunks: [Chunk])] = []
  private var rows = 0

  /// - Parameter metadata: Pairs that readers find in the footer.
  public init(columns: [ParquetType.Field], metadata: [(key: String, value: String)] = []) {
    self.columns = columns
    self.metadata = metadata
    begin()
  }

  private mutating func begin() {
    leaves = []
    for column in columns { add(column.type, path: [column.name], definition: 1, repeats: 0) }
    rows = 0
  }

  private mutating func add(_ type: ParquetType, path: [String], definition: Int, repeats: Int) {
    switch type {
    case .list(let item):
      add(
        item, path: path + ["list", "element"], definition: definition + 2, repeats: repeats + 1)
    case .record(let fields):
      for field in fields {
        add(field.type, path: path + [field.name], definition: definition + 1, repeats: repeats)
      }
    default:
      leaves.append(WrittenLeaf(path: path, type: type, definition: definition, repeats: repeats))
    }
  }

  /// Adds a row of values in the columns' order; what does not fit its column counts as null.
  public mutating func append(_ row: [ParquetValue]) {
    var leaf = 0
    for (index, column) in columns.enumerated() {
      shred(
        index < row.count ? row[index] : .null, column.type, leaf: &leaf, definition: 0, repeats: 0,
        depth: 0)
    }
    rows += 1
    // A group of about 32 MB stays small enough to be held by readers as a whole.
    if leaves.reduce(0, { $0 + $1.values.count }) > 32 << 20 { endGroup() }
  }

  private mutating func shred(
    _ value: ParquetValue, _ type: ParquetType, leaf: inout Int, definition: Int, repeats: Int,
    depth: Int
  ) {
    switch type {
    case .record(let fields):
      let isHere = if case .record = value { true } else { false }
      for field in fields {
        shred(
          isHere ? value[field.name] ?? .null : .null, field.type, leaf: &leaf,
          definition: isHere ? definition + 1 : definition, repeats: repeats,
          depth: isHere ? depth : -1)
      }
    case .list(let item):
      guard let items = value.items, depth >= 0, !items.isEmpty else {
        let isEmptyList = value.items != nil && depth >= 0
        var last = leaf
        shred(
          .null, item, leaf: &last, definition: isEmptyList ? definition + 1 : definition,
          repeats: repeats, depth: -1)
        leaf = last
        return
      }
      var last = leaf
      for (index, element) in items.enumerated() {
        last = leaf
        // The level of the innermost list that goes on: this one, whose leaves repeat once more.
        let level = index == 0 ? repeats : listLevel(leaf, below: item)
        shred(element, item, leaf: &last, definition: definition + 2, repeats: level, depth: 0)
      }
      leaf = last
    default:
      leaves[leaf].repetitions.append(repeats)
      let isWritten = depth >= 0 && leaves[leaf].write(value)
      leaves[leaf].definitions.append(isWritten ? leaves[leaf].definition : definition)
      leaf += 1
    }
  }

  /// The repetition level of the list that holds items of a type, whose first leaf is given.
  private func listLevel(_ leaf: Int, below item: ParquetType) -> Int {
    leaves[leaf].repeats - Self.lists(alongFirstLeafOf: item)
  }

  private static func lists(alongFirstLeafOf type: ParquetType) -> Int {
    switch type {
    case .list(let item): 1 + lists(alongFirstLeafOf: item)
    case .record(let fields): fields.first.map { lists(alongFirstLeafOf: $0.type) } ?? 0
    default: 0
    }
  }

  private mutating func endGroup() {
    guard rows > 0 else { return }
    var chunks: [Chunk] = []
    for leaf in leaves {
      let page = leaf.page
      var packed = [UInt8](repeating: 0, count: mdm_snappy_bound(page.count))
      let size = mdm_compress_snappy(page, page.count, &packed)
      var header = ThriftWriter()
      header.item { header in
        header.int32(1, 0)
        header.int32(2, page.count)
        header.int32(3, size)
        header.record(5) { data in
          data.int32(1, leaf.definitions.count)
          data.int32(2, 0)
          data.int32(3, 3)
          data.int32(4, 3)
        }
      }
      chunks.append(
        Chunk(
          start: taken + out.count, size: header.bytes.count + size,
          unpackedSize: header.bytes.count + page.count, count: leaf.definitions.count))
      out += header.bytes
      out += packed.prefix(size)
    }
    groups.append((rows, chunks))
    begin()
  }

  /// The bytes of the row groups that are complete since the last call; `finish` gives the rest.
  public mutating func takeFinished() -> [UInt8] {
    defer {
      taken += out.count
      out = []
    }
    return out
  }

  /// The last bytes of the file, or all where none were taken before.
  public mutating func finish() -> [UInt8] {
    endGroup()
    let (shape, columns) = (leaves, columns)
    var footer = ThriftWriter()
    footer.item { footer in
      footer.int32(1, 2)
      var elements: [(inout ThriftWriter) -> Void] = []
      elements.append { element in
        element.text(4, "schema")
        element.int32(5, columns.count)
      }
      for column in columns { Self.describe(column.name, column.type, into: &elements) }
      footer.records(2, count: elements.count) { writer, index in elements[index](&writer) }
      footer.int64(3, groups.reduce(0) { $0 + $1.rows })
      footer.records(4, count: groups.count) { writer, index in
        let group = groups[index]
        writer.records(1, count: group.chunks.count) { writer, place in
          let (chunk, leaf) = (group.chunks[place], shape[place])
          writer.int64(2, chunk.start)
          writer.record(3) { writer in
            writer.int32(1, leaf.type.physical)
            writer.ints(2, [0, 3])
            writer.texts(3, leaf.path)
            writer.int32(4, 1)
            writer.int64(5, chunk.count)
            writer.int64(6, chunk.unpackedSize)
            writer.int64(7, chunk.size)
            writer.int64(9, chunk.start)
          }
        }
        writer.int64(2, group.chunks.reduce(0) { $0 + $1.unpackedSize })
        writer.int64(3, group.rows)
      }
      if !metadata.isEmpty {
        footer.records(5, count: metadata.count) { writer, index in
          writer.text(1, metadata[index].key)
          writer.text(2, metadata[index].value)
        }
      }
      footer.text(6, "mdm")
    }
    let length = UInt32(footer.bytes.count)
    return out + footer.bytes + withUnsafeBytes(of: length.littleEndian) { Array($0) }
      + Array("PAR1".utf8)
  }

  private static func describe(
    _ name: String, _ type: ParquetType, into elements: inout [(inout ThriftWriter) -> Void]
  ) {
    switch type {
    case .record(let fields):
      elements.append { element in
        element.int32(3, 1)
        element.text(4, name)
        element.int32(5, fields.count)
      }
      for field in fields { describe(field.name, field.type, into: &elements) }
    case .list(let item):
      elements.append { element in
        element.int32(3, 1)
        element.text(4, name)
        element.int32(5, 1)
        element.int32(6, 3)
        element.record(10) { logical in logical.record(3) { _ in } }
      }
      elements.append { element in
        element.int32(3, 2)
        element.text(4, "list")
        element.int32(5, 1)
      }
      describe("element", item, into: &elements)
    default:
      elements.append { element in
        element.int32(1, type.physical)
        element.int32(3, 1)
        element.text(4, name)
        if type == .text {
          element.int32(6, 0)
          element.record(10) { logical in logical.record(1) { _ in } }
        }
      }
    }
  }
}
