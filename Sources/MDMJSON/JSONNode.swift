/// A value of a JSON text.
public indirect enum JSONNode: Sendable, Equatable {
  case null
  case bool(Bool)
  /// A number without point and exponent that fits into 64 bits.
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONNode])
  /// Members in the order of the text; names are unique.
  case object([Member])

  /// One member of an object.
  public struct Member: Sendable, Equatable {
    public let name: String
    public let value: JSONNode

    public init(name: String, value: JSONNode) {
      self.name = name
      self.value = value
    }
  }

  /// The deepest nesting that a text may have.
  public static let depthLimit = 200

  /// Reads a whole JSON text, strictly: no comments, trailing commas, duplicate names, NaN or
  /// lone surrogates.
  ///
  /// - Throws: `JSONError` with the line and column of the first fault.
  ///
  /// Source: RFC 8259.
  public init(parsing bytes: [UInt8]) throws(JSONError) {
    var reader = JSONReader(bytes)
    self = try reader.document()
  }

  /// The member of an object; nil for other values and names.
  public subscript(name: String) -> JSONNode? {
    members?.first { $0.name == name }?.value
  }

  /// The members of an object.
  public var members: [Member]? { if case .object(let members) = self { members } else { nil } }

  /// The elements of an array.
  public var elements: [JSONNode]? { if case .array(let items) = self { items } else { nil } }

  /// The text of a string.
  public var text: String? { if case .string(let text) = self { text } else { nil } }

  /// The value of a number.
  public var number: Double? {
    switch self {
    case .number(let value): value
    case .integer(let value): Double(value)
    default: nil
    }
  }

  /// What kind of value it is, for messages: `a string`.
  public var kind: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .number, .integer: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

/// The first fault of a JSON text.
public struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  /// From 1.
  public let line: Int
  /// In bytes, from 1.
  public let column: Int
  public let reason: String
  /// Whether the fault is that the bytes are not UTF-8.
  public let isEncoding: Bool

  public var description: String { "\(line):\(column): \(reason)" }
}
