/// A value of a column.
public indirect enum ParquetValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int64)
  case double(Double)
  case text(String)
  case bytes([UInt8])
  /// Bytes that stay in the file until they are asked for.
  case stored(StoredBytes)
  case list([ParquetValue])
  case record([(name: String, value: ParquetValue)])

  /// A field of a record.
  public subscript(name: String) -> ParquetValue? {
    if case .record(let fields) = self { fields.first { $0.name == name }?.value } else { nil }
  }

  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var items: [ParquetValue]? { if case .list(let items) = self { items } else { nil } }
  public var isNull: Bool { if case .null = self { true } else { false } }

  /// What a message calls it.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .int, .double: "a number"
    case .text: "a text"
    case .bytes, .stored: "bytes"
    case .list: "a list"
    case .record: "a record"
    }
  }

  public static func == (a: ParquetValue, b: ParquetValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.int(let x), .int(let y)): x == y
    case (.double(let x), .double(let y)): x == y
    case (.text(let x), .text(let y)): x == y
    case (.bytes(let x), .bytes(let y)): x == y
    case (.stored(let x), .stored(let y)): x == y
    case (.list(let x), .list(let y)): x == y
    case (.record(let x), .record(let y)):
      x.count == y.count && zip(x, y).allSatisfy { $0.name == $1.name && $0.value == $1.value }
    default: false
    }
  }
}
