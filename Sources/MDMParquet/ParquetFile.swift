/// A Parquet file: its columns, and their values by row group.
///
/// Source: Apache Parquet format, parquet.thrift and README.md.
public final class ParquetFile: Sendable {
  /// The number of rows.
  public let rowCount: Int
  /// What its writer added: a schema of Arrow, the features of Hugging Face.
  public let metadata: [String: String]
  /// The columns, in the file's order.
  public var columns: [ParquetNode] { root.children }

  private let root: ParquetNode
  private let groups: [(rows: Int, chunks: [ColumnChunk])]

  /// Opens a file; its values are read when they are asked for.
  ///
  /// - Parameter cache: Keeps unpacked pages for what is read again; files can share one.
  public convenience init(
    path: String, cache: PageCache = PageCache()
  ) throws(ParquetError) {
    try self.init(FileBytes(path: path), cache)
  }

  /// A file in memory.
  public convenience init(bytes: [UInt8]) throws(ParquetError) {
    try self.init(FileBytes(bytes), PageCache())
  }

  private init(_ data: FileBytes, _ cache: PageCache) throws(ParquetError) {
    let magic = Array("PAR1".utf8)
    guard data.count >= 4, Array(data.part(0..<4)) == magic else { throw .notParquet }
    let end = data.count - 8
    guard end >= 4, Array(data.part((end + 4)..<(end + 8))) == magic else { throw .truncated }
    var tail = ByteReader(data.part(end..<(end + 4)))
    let length = Int(try tail.number(UInt32.self))
    guard length <= end - 4 else { throw .damaged(reason: "a footer longer than the file") }
    var reader = ByteReader(data.part((end - length)..<end))
    let footer = try ThriftValue(structIn: &reader)
    guard let schema = footer[2]?.items, let groups = footer[4]?.items else {
      throw .damaged(reason: "a footer without columns or rows")
    }
    let root = try ParquetNode.tree(schema)
    self.root = root
    var metadata: [String: String] = [:]
    for pair in footer[5]?.items ?? [] {
      if let key = pair[1]?.text { metadata[key] = pair[2]?.text ?? "" }
    }
    self.metadata = metadata
    let leaves = root.allLeaves
    var read: [(rows: Int, chunks: [ColumnChunk])] = []
    var total = 0
    for group in groups {
      guard let rows = group[3]?.int, rows >= 0, rows <= 1 << 40 else {
        throw .damaged(reason: "a row group without rows")
      }
      guard let columns = group[1]?.items, columns.count == leaves.count else {
        throw .damaged(reason: "a row group without its columns")
      }
      var chunks: [ColumnChunk] = []
      for (column, leaf) in zip(columns, leaves) {
        guard column[1]?.text ?? "" == "", let metadata = column[3] else {
          throw .unsupported("columns in other files")
        }
        let chunk = try ColumnChunk(metadata, node: leaf, data: data, cache: cache)
        // Every row has an entry, so that no count can promise what no page holds.
        guard chunk.entryCount >= rows else {
          throw .damaged(reason: "a row group of \(rows) rows")
        }
        chunks.append(chunk)
      }
      if leaves.isEmpty, rows > 0 { throw .damaged(reason: "rows without columns") }
      total += rows
      read.append((rows, chunks))
    }
    self.groups = read
    rowCount = total
  }

  /// The number of row groups.
  public var groupCount: Int { groups.count }

  /// The number of rows of a group.
  public func rowCount(ofGroup group: Int) -> Int { groups[group].rows }

  /// A column by its name.
  public func column(_ name: String) throws(ParquetError) -> ParquetNode {
    guard let found = columns.first(where: { $0.name == name }) else {
      throw .noColumn(name, known: columns.map(\.name))
    }
    return found
  }

  /// The values of a column in one row group, a value a row; bytes stay in the file.
  public func values(_ column: ParquetNode, group: Int) throws(ParquetError) -> [ParquetValue] {
    var leaves: [LeafEntries] = []
    for chunk in groups[group].chunks[column.leaves] { leaves.append(try chunk.entries()) }
    var assembler = RowAssembler(column, leaves)
    return try assembler.rows(column, count: groups[group].rows)
  }

  /// All values of a column.
  public func values(_ name: String) throws(ParquetError) -> [ParquetValue] {
    let column = try column(name)
    var result: [ParquetValue] = []
    for group in 0..<groupCount { result += try values(column, group: group) }
    return result
  }
}
