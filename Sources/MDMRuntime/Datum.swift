/// A script value as other modules see it: a copy that owns its content.
public enum Datum: Sendable {
  case none
  case bool(Bool)
  case int(Int64)
  case float(Double)
  case string(String)
  /// Seconds.
  case duration(Double)
  /// Bytes.
  case size(Int64)
  case list([Datum])
  case record(RecordDatum)
  case range(RangeDatum)
  case function(FunctionHandle)
  case domain(any DomainValue)

  /// An Int.
  public static func int(_ value: Int) -> Datum { .int(Int64(value)) }

  /// A record of entries in order.
  public static func record(_ entries: [(String, Datum)]) -> Datum { .record(RecordDatum(entries)) }

  /// The type's name as scripts see it.
  public var typeName: String {
    switch self {
    case .none: "None"
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Float"
    case .string: "String"
    case .duration: "Duration"
    case .size: "Size"
    case .list: "List"
    case .record: "Record"
    case .range: "Range"
    case .function: "Function"
    case .domain(let value): value.typeName
    }
  }

  /// The number of an Int or a Float.
  public var number: Double? {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    default: nil
    }
  }

  /// The text of a String.
  public var text: String? { if case .string(let value) = self { value } else { nil } }

  /// The integer of an Int.
  public var integer: Int? { if case .int(let value) = self { Int(value) } else { nil } }

  /// The elements of a List.
  public var elements: [Datum]? { if case .list(let value) = self { value } else { nil } }

  /// The entries of a Record.
  public var fields: RecordDatum? { if case .record(let value) = self { value } else { nil } }

  /// Whether this is `none`.
  public var isNone: Bool { if case .none = self { true } else { false } }
}

/// An ordered record; Int and Bool keys of a script record appear as their text.
public struct RecordDatum: Sendable, ExpressibleByDictionaryLiteral {
  public var entries: [(key: String, value: Datum)]

  public init(_ entries: [(String, Datum)] = []) {
    self.entries = entries.map { (key: $0.0, value: $0.1) }
  }

  public init(dictionaryLiteral elements: (String, Datum)...) { self.init(elements) }

  /// The names in order.
  public var names: [String] { entries.map(\.key) }

  /// The value of a field; setting nil removes it.
  public subscript(name: String) -> Datum? {
    get { entries.first { $0.key == name }?.value }
    set {
      let position = entries.firstIndex { $0.key == name }
      switch (position, newValue) {
      case (let position?, let value?): entries[position].value = value
      case (let position?, nil): entries.remove(at: position)
      case (nil, let value?): entries.append((name, value))
      case (nil, nil): break
      }
    }
  }
}

/// A range; an end that is nil is open.
public struct RangeDatum: Sendable, Equatable {
  public let start: Double?
  public let end: Double?
  public let step: Double
  public let isClosed: Bool
  /// All given numbers are Ints.
  public let isInteger: Bool

  public init(
    start: Double?, end: Double?, step: Double = 1, isClosed: Bool = false, isInteger: Bool = false
  ) {
    self.start = start
    self.end = end
    self.step = step
    self.isClosed = isClosed
    self.isInteger = isInteger
  }
}
