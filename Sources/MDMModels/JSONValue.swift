/// A JSON document; numbers keep their text so that 64-bit integers survive.
package indirect enum JSONValue: Equatable, Sendable {
  case null
  case boolean(Bool)
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  /// The member of an object, or nil.
  package subscript(_ name: String) -> JSONValue? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  /// A whole number, or nil.
  package var integer: Int? {
    guard case .number(let text) = self else { return nil }
    if let value = Int(text) { return value }
    guard let value = Double(text), value == value.rounded(), abs(value) < 1e15 else { return nil }
    return Int(value)
  }

  /// A finite number, or nil.
  package var double: Double? {
    guard case .number(let text) = self, let value = Double(text), value.isFinite else {
      return nil
    }
    return value
  }

  /// A text, or nil.
  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  /// The elements of an array, or nil.
  package var elements: [JSONValue]? {
    if case .array(let elements) = self { elements } else { nil }
  }

  /// The members of an object, or nil.
  package var members: [String: JSONValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// Reads one document; `what` names it in errors.
  package init(parsing bytes: some Collection<UInt8>, what: String) throws(ModelError) {
    var reader = JSONReader(bytes: Array(bytes), what: what)
    self = try reader.document()
  }

  /// A text as a JSON string with its quotes.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      default:
        if scalar.value < 32 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

/// A recursive-descent reader with a bounded depth.
private struct JSONReader {
  let bytes: [UInt8]
  let what: String
  var at = 0

  func failure(_ reason: String) -> ModelError {
    .malformedJSON(what: what, offset: at, reason: reason)
  }

  mutating func document() throws(ModelError) -> JSONValue {
    let value = try value(depth: 0)
    skipSpace()
    if at < bytes.count { throw failure("something follows the document") }
    return value
  }

  mutating func skipSpace() {
    while at < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[at]) { at += 1 }
  }

  mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard at < bytes.count, bytes[at] == byte else { return false }
    at += 1
    return true
  }

  mutating func word(_ text: StaticString, _ value: JSONValue) throws(ModelError) -> JSONValue {
    let wanted = UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    guard bytes.count - at >= wanted.count, bytes[at..<(at + wanted.count)].elementsEqual(wanted)
    else { throw failure("`\(text)` expected") }
    at += wanted.count
    return value
  }

  mutating func value(depth: Int) throws(ModelError) -> JSONValue {
    if depth > 64 { throw failure("more than 64 levels") }
    skipSpace()
    guard at < bytes.count else { throw failure("a value is missing") }
    switch bytes[at] {
    case UInt8(ascii: "{"):
      at += 1
      return try object(depth: depth)
    case UInt8(ascii: "["):
      at += 1
      return try array(depth: depth)
    case UInt8(ascii: "\""):
      at += 1
      return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .boolean(true))
    case UInt8(ascii: "f"): return try word("false", .boolean(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return try number()
    }
  }

  mutating func object(depth: Int) throws(ModelError) -> JSONValue {
    var members: [String: JSONValue] = [:]
    if take(UInt8(ascii: "}")) { return .object(members) }
    repeat {
      guard take(UInt8(ascii: "\"")) else { throw failure("a member's name expected") }
      let name = try string()
      guard take(UInt8(ascii: ":")) else { throw failure("`:` expected") }
      members[name] = try value(depth: depth + 1)
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw failure("`}` expected") }
    return .object(members)
  }

  mutating func array(depth: Int) throws(ModelError) -> JSONValue {
    var elements: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(elements) }
    repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw failure("`]` expected") }
    return .array(elements)
  }

  mutating func number() throws(ModelError) -> JSONValue {
    let start = at
    while at < bytes.count {
      let byte = bytes[at]
      guard (0x30...0x39).contains(byte) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) else {
        break
      }
      at += 1
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    guard Double(text) != nil else {
      at = start
      throw failure("a value expected")
    }
    return .number(text)
  }

  mutating func hexadecimal() throws(ModelError) -> UInt32 {
    guard at + 4 <= bytes.count,
      let value = UInt32(String(decoding: bytes[at..<(at + 4)], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits expected") }
    at += 4
    return value
  }

  mutating func escape(into result: inout [UInt8]) throws(ModelError) {
    guard at < bytes.count else { throw failure("the text does not end") }
    at += 1
    switch bytes[at - 1] {
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "u"):
      var code = try hexadecimal()
      if (0xD800..<0xDC00).contains(code), at + 1 < bytes.count, bytes[at] == 0x5C,
        bytes[at + 1] == UInt8(ascii: "u")
      {
        at += 2
        let low = try hexadecimal()
        code =
          (0xDC00..<0xE000).contains(low)
          ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD
      }
      result += Array(String(Unicode.Scalar(code) ?? "\u{FFFD}").utf8)
    case let plain where [0x22, 0x5C, 0x2F].contains(plain): result.append(plain)
    default: throw failure("an unknown escape")
    }
  }

  mutating func string() throws(ModelError) -> String {
    var result: [UInt8] = []
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == 0x22 {
        guard let text = String(validating: result, as: UTF8.self) else {
          throw failure("the text is not UTF-8")
        }
        return text
      }
      if byte < 0x20 { throw failure("a control character in a text") }
      if byte == 0x5C { try escape(into: &result) } else { result.append(byte) }
    }
    throw failure("the text does not end")
  }
}
