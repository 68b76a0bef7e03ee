import MDMDeclarations
import MDMRuntime

/// A domain value whose fields are one table.
protocol FieldedValue: DomainValue {
  static var fields: [(name: String, read: @Sendable (Self) -> Datum)] { get }
}

extension FieldedValue {
  var fieldNames: [String] { Self.fields.map(\.name) }

  func field(_ name: String) -> Datum? { Self.fields.first { $0.name == name }?.read(self) }

  func isEqual(to other: any DomainValue) -> Bool { other === self }
}

extension Datum {
  /// A Float.
  static func number(_ value: Double) -> Datum { .float(value) }

  static func strings(_ values: [String]) -> Datum { .list(values.map(Datum.string)) }

  static func numbers(_ values: [Double]) -> Datum { .list(values.map(Datum.float)) }

  /// What to do where another type was expected, for the values that know it.
  var hintWhereUnexpected: String? {
    if case .domain(let value) = self { value.hintWhereUnexpected } else { nil }
  }

  /// What a message calls the value: `String "abc"`, `Int 3`.
  var brief: String {
    switch self {
    case .string(let text): "String \"\(text.prefix(40))\""
    case .int(let value): "Int \(value)"
    case .float(let value): "Float \(value)"
    default: typeName
    }
  }
}

extension NativeCall {
  /// The value of an optional argument, nil where it was not given.
  func optional<T>(_ index: Int, _ read: (Int) throws -> T) rethrows -> T? {
    isMissing(index) ? nil : try read(index)
  }

  /// A list of domain values of one class.
  func domains<T: DomainValue>(_ index: Int, as type: T.Type, called name: String) throws -> [T] {
    try list(index).enumerated().map { position, item in
      guard case .domain(let object) = item, let value = object as? T else {
        throw fail(
          "E0406", "element \(position) should be a \(name), but is \(item.brief)",
          hint: item.hintWhereUnexpected, argument: index)
      }
      return value
    }
  }

  /// A list of strings.
  func strings(_ index: Int) throws -> [String] {
    try list(index).enumerated().map { position, item in
      guard let text = item.text else {
        throw fail(
          "E0406", "element \(position) should be a String, but is \(item.brief)", argument: index)
      }
      return text
    }
  }
}
