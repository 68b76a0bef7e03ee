/// A recursive-descent reader of JSON bytes.
struct JSONReader {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func document() throws(JSONError) -> JSONNode {
    skipSpace()
    let value = try value(depth: 0)
    skipSpace()
    if at < bytes.count { throw fault("something follows the value") }
    return value
  }

  private var current: UInt8? { at < bytes.count ? bytes[at] : nil }

  private func fault(_ reason: String, at place: Int? = nil, encoding: Bool = false) -> JSONError {
    let end = min(place ?? at, bytes.count)
    var (line, start) = (1, 0)
    for i in 0..<end where bytes[i] == UInt8(ascii: "\n") { (line, start) = (line + 1, i + 1) }
    return JSONError(line: line, column: end - start + 1, reason: reason, isEncoding: encoding)
  }

  private mutating func skipSpace() {
    while let byte = current, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D {
      at += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONError) -> JSONNode {
    guard depth < JSONNode.depthLimit else { throw fault("nested too deeply") }
    guard let byte = current else { throw fault("the text ends where a value should stand") }
    switch byte {
    case UInt8(ascii: "{"): return try object(depth: depth)
    case UInt8(ascii: "["): return try array(depth: depth)
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
    default: throw fault("no value begins with this character")
    }
  }

  private mutating func literal(_ text: String, _ value: JSONNode) throws(JSONError) -> JSONNode {
    guard bytes[at...].starts(with: text.utf8) else { throw fault("no value begins like this") }
    at += text.utf8.count
    return value
  }

  private mutating func object(depth: Int) throws(JSONError) -> JSONNode {
    at += 1
    var members: [JSONNode.Member] = []
    var names: Set<String> = []
    skipSpace()
    if current == UInt8(ascii: "}") {
      at += 1
      return .object([])
    }
    while true {
      skipSpace()
      let start = at
      guard current == UInt8(ascii: "\"") else {
        throw fault("a member's name in double quotes should stand here")
      }
      let name = try string()
      guard names.insert(name).inserted else {
        throw fault("the name \(JSONNode.quoted(String(name.prefix(40)))) occurs twice", at: start)
      }
      skipSpace()
      guard current == UInt8(ascii: ":") else { throw fault("`:` should stand here") }
      at += 1
      skipSpace()
      members.append(JSONNode.Member(name: name, value: try value(depth: depth + 1)))
      skipSpace()
      if current == UInt8(ascii: "}") {
        at += 1
        return .object(members)
      }
      guard current == UInt8(ascii: ",") else { throw fault("`,` or `}` should stand here") }
      at += 1
    }
  }

  private mutating func array(depth: Int) throws(JSONError) -> JSONNode {
    at += 1
    var items: [JSONNode] = []
    skipSpace()
    if current == UInt8(ascii: "]") {
      at += 1
      return .array([])
    }
    while true {
      skipSpace()
      items.append(try value(depth: depth + 1))
      skipSpace()
      if current == UInt8(ascii: "]") {
        at += 1
        return .array(items)
      }
      guard current == UInt8(ascii: ",") else { throw fault("`,` or `]` should stand here") }
      at += 1
    }
  }

  private mutating func digits() throws(JSONError) {
    let start = at
    while let byte = current, byte >= 0x30, byte <= 0x39 { at += 1 }
    if at == start { throw fault("a digit should stand here") }
  }

  private mutating func number() throws(JSONError) -> JSONNode {
    let start = at
    var isWhole = true
    if current == UInt8(ascii: "-") { at += 1 }
    if current == UInt8(ascii: "0") {
      at += 1
      if let byte = current, byte >= 0x30, byte <= 0x39 {
        throw fault("a number has no leading zero", at: start)
      }
    } else {
      try digits()
    }
    if current == UInt8(ascii: ".") {
      at += 1
      isWhole = false
      try digits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      at += 1
      isWhole = false
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { at += 1 }
      try digits()
    }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    if isWhole, text != "-0", let value = Int64(text) { return .integer(value) }
    guard let value = Double(text), value.isFinite else {
      throw fault("the number is too large", at: start)
    }
    return .number(value)
  }

  private mutating func string() throws(JSONError) -> String {
    let opening = at
    at += 1
    var result: [UInt8] = []
    while let byte = current {
      if byte == UInt8(ascii: "\"") {
        at += 1
        return try text(result, from: opening + 1)
      }
      if byte < 0x20 { throw fault("a control character in a string must be escaped") }
      at += 1
      if byte == UInt8(ascii: "\\") { try escape(&result) } else { result.append(byte) }
    }
    throw fault("the string that begins here has no end", at: opening)
  }

  private func text(_ decoded: [UInt8], from start: Int) throws(JSONError) -> String {
    if let text = String(validating: decoded, as: UTF8.self) { return text }
    // Escapes decode to UTF-8, so the fault is in the text itself: after its good scalars.
    var decoder = UTF8()
    var rest = bytes[start..<at].makeIterator()
    var good = start
    while case .scalarValue(let scalar) = decoder.decode(&rest) {
      good += UTF8.width(scalar)
    }
    throw fault("the text is not UTF-8", at: good, encoding: true)
  }

  private mutating func escape(_ result: inout [UInt8]) throws(JSONError) {
    guard let byte = current else { throw fault("the text ends in an escape") }
    at += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      let start = at - 2
      var code = try hexadecimal()
      if (0xD800...0xDBFF).contains(code), current == UInt8(ascii: "\\"), at + 1 < bytes.count,
        bytes[at + 1] == UInt8(ascii: "u")
      {
        at += 2
        let low = try hexadecimal()
        guard (0xDC00...0xDFFF).contains(low) else {
          throw fault("half of a surrogate pair", at: start)
        }
        code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw fault("half of a surrogate pair", at: start)
      }
      result += Array(String(Character(scalar)).utf8)
    default: throw fault("no escape is written like this", at: at - 2)
    }
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard bytes.count - at >= 4 else { throw fault("four hexadecimal digits should stand here") }
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Character(Unicode.Scalar(bytes[at])).hexDigitValue, bytes[at] < 0x80 else {
        throw fault("a hexadecimal digit should stand here")
      }
      code = code << 4 | UInt32(digit)
      at += 1
    }
    return code
  }
}
