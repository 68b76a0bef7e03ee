/// What can be wrong with a Parquet file.
public enum ParquetError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file cannot be opened; the reason is the system's.
  case cannotRead(reason: String)
  /// The file does not begin and end as Parquet files do.
  case notParquet
  /// The file ends before it should.
  case truncated
  /// Something in it contradicts itself.
  case damaged(reason: String)
  /// It uses a part of the format that is not read here.
  case unsupported(String)
  /// It has no such column.
  case noColumn(String, known: [String])

  /// What is wrong, to follow the name of the file.
  public var description: String {
    switch self {
    case .cannotRead(let reason): "cannot be read: \(reason)"
    case .notParquet: "is no Parquet file"
    case .truncated: "is a Parquet file that is cut off"
    case .damaged(let reason): "is a damaged Parquet file (\(reason))"
    case .unsupported(let part): "uses \(part), which is not supported"
    case .noColumn(let name, _): "has no column `\(name)`"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .cannotRead: "check the path and its permissions"
    case .notParquet: "it should begin and end with the letters PAR1"
    case .truncated: "copy or download it again"
    case .damaged: "write it again with another program"
    case .unsupported: "write it again with snappy, zstd, gzip or no compression"
    case .noColumn(_, let known): "its columns are " + known.joined(separator: ", ")
    }
  }
}
