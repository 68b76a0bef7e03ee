/// What a column of a file that is written holds; every part of it may be null.
public indirect enum ParquetType: Sendable, Equatable {
  case bool, int, double, text, bytes
  case list(ParquetType)
  case record([Field])

  /// A named part of a record.
  public struct Field: Sendable, Equatable {
    public let name: String
    public let type: ParquetType

    public init(_ name: String, _ type: ParquetType) {
      self.name = name
      self.type = type
    }
  }

  /// The record in which Hugging Face keeps an image.
  public static let image = ParquetType.record([Field("bytes", .bytes), Field("path", .text)])

  /// The physical type of a leaf.
  var physical: Int {
    switch self {
    case .bool: 0
    case .int: 2
    case .double: 5
    default: 6
    }
  }
}
