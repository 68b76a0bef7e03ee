import MDMJSON

// Messages are written down as they look in JSON.

extension JSONNode: ExpressibleByStringLiteral {
  public init(stringLiteral value: String) { self = .string(value) }
}

extension JSONNode: ExpressibleByBooleanLiteral {
  public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONNode: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self = .int(value) }
}

extension JSONNode: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: JSONNode...) { self = .array(elements) }
}

extension JSONNode: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONNode)...) {
    self = .object(elements.map { Member(name: $0.0, value: $0.1) })
  }
}

extension JSONNode {
  static func int(_ value: Int) -> JSONNode { .number(Double(value)) }

  /// The value at a path of members; nil where one is missing.
  func at(_ path: String...) -> JSONNode? {
    var node = self
    for name in path {
      guard let next = node[name] else { return nil }
      node = next
    }
    return node
  }

  var isTrue: Bool { self == .bool(true) }

  /// The object with one more member.
  func adding(_ name: String, _ value: JSONNode?) -> JSONNode {
    guard let value, case .object(let members) = self else { return self }
    return .object(members + [Member(name: name, value: value)])
  }
}
