import MDMJSON

/// Why a schema cannot be used.
struct SchemaFault: Error {
  let reason: String
  var hint: String?
}

/// Checks values against a JSON Schema, in steps that are counted.
struct SchemaCheck {
  let root: JSONNode
  /// Schemas that may still be applied: `$ref` can multiply them.
  private var fuel = 1_000_000
  private var depth = 0

  init(root: JSONNode) { self.root = root }

  private static let silent: Set<String> = [
    "title", "description", "default", "examples", "$schema", "$id", "$comment", "$defs",
    "definitions",
  ]
  private static let known: Set<String> = [
    "type", "enum", "const", "properties", "required", "additionalProperties", "minProperties",
    "maxProperties", "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "minLength",
    "maxLength", "pattern", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "allOf", "anyOf", "oneOf", "not", "$ref",
  ]

  /// Throws where a schema, or one inside it, has a keyword that is not known or a broken value.
  mutating func validate(_ schema: JSONNode) throws(SchemaFault) {
    if case .bool = schema { return }
    guard let members = schema.members else {
      throw SchemaFault(reason: "a schema is a record, true or false, not \(schema.kind)")
    }
    for member in members {
      guard Self.known.contains(member.name) || Self.silent.contains(member.name) else {
        throw SchemaFault(
          reason: "the schema's keyword `\(member.name.prefix(40))` is not supported",
          hint: "?json_schema lists those that are")
      }
      switch member.name {
      case "properties", "$defs", "definitions":
        for inner in member.value.members ?? [] { try validate(inner.value) }
      case "items", "additionalProperties", "not": try validate(member.value)
      case "prefixItems", "allOf", "anyOf", "oneOf":
        guard let schemas = member.value.elements else {
          throw SchemaFault(reason: "`\(member.name)` is a list of schemas")
        }
        for inner in schemas { try validate(inner) }
      case "enum", "required":
        guard member.value.elements != nil else {
          throw SchemaFault(reason: "`\(member.name)` is a list")
        }
      case "pattern": _ = try pattern(member.value)
      case "$ref": _ = try resolve(member.value)
      case "minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties",
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf":
        guard let number = member.value.number, number.isFinite,
          member.name != "multipleOf" || number > 0
        else { throw SchemaFault(reason: "`\(member.name)` is a number") }
      default: break
      }
    }
  }

  /// Whether a schema allows a value.
  mutating func allows(_ value: JSONNode, _ schema: JSONNode) throws(SchemaFault) -> Bool {
    fuel -= 1
    depth += 1
    defer { depth -= 1 }
    guard fuel > 0, depth < 500 else {
      throw SchemaFault(reason: "the schema refers to itself without end, or is too large")
    }
    if case .bool(let isAllowed) = schema { return isAllowed }
    for member in schema.members ?? [] {
      guard try allows(value, member.name, member.value, schema) else { return false }
    }
    return true
  }

  private mutating func allows(
    _ value: JSONNode, _ keyword: String, _ wanted: JSONNode, _ schema: JSONNode
  ) throws(SchemaFault) -> Bool {
    switch keyword {
    case "type":
      let names = wanted.text.map { [$0] } ?? (wanted.elements ?? []).compactMap(\.text)
      return names.contains { Self.has(value, type: $0) }
    case "enum": return (wanted.elements ?? []).contains { Self.areEqual($0, value) }
    case "const": return Self.areEqual(wanted, value)
    case "$ref": return try allows(value, resolve(wanted))
    case "not": return try !allows(value, wanted)
    case "allOf":
      for inner in wanted.elements ?? [] { guard try allows(value, inner) else { return false } }
      return true
    case "anyOf":
      for inner in wanted.elements ?? [] where try allows(value, inner) { return true }
      return false
    case "oneOf":
      var hits = 0
      for inner in wanted.elements ?? [] where try allows(value, inner) { hits += 1 }
      return hits == 1
    default: break
    }
    switch value {
    case .object(let members):
      return try object(members, keyword, wanted, schema)
    case .array(let items):
      return try array(items, keyword, wanted, schema)
    case .string(let text):
      switch keyword {
      case "minLength": return Double(text.unicodeScalars.count) >= wanted.number ?? 0
      case "maxLength": return Double(text.unicodeScalars.count) <= wanted.number ?? .infinity
      case "pattern": return try pattern(wanted).matches(text, whole: false)
      default: return true
      }
    case .integer, .number:
      guard let number = value.number, let bound = wanted.number else { return true }
      switch keyword {
      case "minimum": return number >= bound
      case "maximum": return number <= bound
      case "exclusiveMinimum": return number > bound
      case "exclusiveMaximum": return number < bound
      case "multipleOf":
        let quotient = number / bound
        return quotient.isFinite && quotient == quotient.rounded()
      default: return true
      }
    case .null, .bool: return true
    }
  }

  private mutating func object(
    _ members: [JSONNode.Member], _ keyword: String, _ wanted: JSONNode, _ schema: JSONNode
  ) throws(SchemaFault) -> Bool {
    switch keyword {
    case "properties":
      for property in wanted.members ?? [] {
        guard let member = members.first(where: { $0.name == property.name }) else { continue }
        guard try allows(member.value, property.value) else { return false }
      }
    case "required":
      let names = Set(members.map(\.name))
      return (wanted.elements ?? []).allSatisfy { $0.text.map(names.contains) ?? false }
    case "additionalProperties":
      let named = Set((schema["properties"]?.members ?? []).map(\.name))
      for member in members where !named.contains(member.name) {
        guard try allows(member.value, wanted) else { return false }
      }
    case "minProperties": return Double(members.count) >= wanted.number ?? 0
    case "maxProperties": return Double(members.count) <= wanted.number ?? .infinity
    default: break
    }
    return true
  }

  private mutating func array(
    _ items: [JSONNode], _ keyword: String, _ wanted: JSONNode, _ schema: JSONNode
  ) throws(SchemaFault) -> Bool {
    switch keyword {
    case "prefixItems":
      for (item, inner) in zip(items, wanted.elements ?? []) {
        guard try allows(item, inner) else { return false }
      }
    case "items":
      for item in items.dropFirst(schema["prefixItems"]?.elements?.count ?? 0) {
        guard try allows(item, wanted) else { return false }
      }
    case "minItems": return Double(items.count) >= wanted.number ?? 0
    case "maxItems": return Double(items.count) <= wanted.number ?? .infinity
    case "uniqueItems":
      guard case .bool(true) = wanted else { return true }
      var seen: Set<[UInt8]> = []
      return items.allSatisfy { seen.insert($0.sorted.compact).inserted }
    default: break
    }
    return true
  }

  private static func has(_ value: JSONNode, type: String) -> Bool {
    switch (type, value) {
    case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array),
      ("object", .object), ("integer", .integer), ("number", .integer), ("number", .number):
      true
    case ("integer", .number(let number)): number == number.rounded()
    default: false
    }
  }

  /// Equality by value: 1 and 1.0 are the same, the order of members does not count.
  private static func areEqual(_ a: JSONNode, _ b: JSONNode) -> Bool {
    if let x = a.number, let y = b.number { return x == y }
    return a.sorted == b.sorted
  }

  private func pattern(_ node: JSONNode) throws(SchemaFault) -> AnswerPattern {
    guard let text = node.text else { throw SchemaFault(reason: "`pattern` is a text") }
    do throws(AnswerPattern.Fault) {
      return try AnswerPattern.cached(text, ignoresCase: false)
    } catch {
      throw SchemaFault(reason: "the schema's pattern is not possible: \(error.reason)")
    }
  }

  /// The schema that `#/$defs/name` names.
  private func resolve(_ node: JSONNode) throws(SchemaFault) -> JSONNode {
    guard let text = node.text, text == "#" || text.hasPrefix("#/") else {
      throw SchemaFault(
        reason: "`$ref` leads out of the schema",
        hint: "#/$defs/name names a part of the same schema")
    }
    var place = root
    for step in text.dropFirst(2).split(separator: "/") {
      let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
      guard let next = place[String(name)] else {
        throw SchemaFault(reason: "`$ref` names \(text.prefix(60)), which is not there")
      }
      place = next
    }
    return place
  }
}
