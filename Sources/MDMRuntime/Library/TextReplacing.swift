/// Putting other text where something was found.
enum TextReplacing {
  /// A part of what `new` says: plain bytes, or a group of the match.
  private enum Part {
    case bytes([UInt8])
    case group(Int)
  }

  static func replace(_ call: NativeCall) throws -> Value {
    let string = call.value(0).string
    var needle = try call.solidNeedle(1, groups: true)
    let most = call.isMissing(3) ? Int.max : try call.int(3, atLeast: 0)
    let regex = needle.regex
    let function = call.value(2).tag == .string ? nil : call.value(2)
    if function != nil, regex == nil {
      throw call.fail(
        .argumentType, "a function as `new` goes with a pattern as `old`",
        hint: "regex(escape_regex(text)) is a pattern of a plain text", argument: 2)
    }
    let parts: [Part] =
      if let regex, function == nil { try template(call, regex) } else if function == nil {
        [.bytes(Array(call.bytes(2)))]
      } else { [] }
    var result: [UInt8] = []
    var copied = 0
    var done = 0
    var counter = ScalarCounter(string)
    if most > 0 {
      try needle.forEach(call, string) { hit, spans in
        result.append(contentsOf: string.buffer[copied..<hit.lowerBound])
        if let function, let regex {
          let match = RegexFunctions.record(call, regex, string, spans, &counter)
          let answer = try call.apply(function, match)
          guard answer.tag == .string else {
            throw call.fail(
              .argumentType,
              "the function has to give a String, got \(call.machine.brief(answer))", argument: 2)
          }
          result.append(contentsOf: answer.string.buffer)
        } else {
          for part in parts {
            switch part {
            case .bytes(let bytes): result.append(contentsOf: bytes)
            case .group(let group):
              if spans[2 * group] >= 0 {
                result.append(contentsOf: string.buffer[spans[2 * group]..<spans[2 * group + 1]])
              }
            }
          }
        }
        copied = hit.upperBound
        done += 1
        if result.count > 1 << 30 { try call.machine.checkRoom(result.count * 2) }
        return done < most
      }
    }
    if done == 0 { return call.value(0) }
    result.append(contentsOf: string.buffer[copied...])
    return try call.text(result)
  }

  /// `$1`, `${name}`, `$0`, `$$`; every other dollar is itself.
  private static func template(_ call: NativeCall, _ regex: RegexPattern) throws -> [Part] {
    let bytes = call.bytes(2)
    var parts: [Part] = []
    var plain: [UInt8] = []
    var at = 0
    let group = { (name: String) throws -> Int in
      if let number = Int(name), number <= regex.groupNames.count { return number }
      if let position = regex.groupNames.firstIndex(of: name) { return position + 1 }
      throw call.fail(
        .value, "the pattern has no group `\(name)`",
        hint: regex.groupNames.isEmpty
          ? "it has no groups; $$ is a dollar" : "it has \(regex.groupNames.count); $$ is a dollar",
        argument: 2)
    }
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "$"), at + 1 < bytes.count else {
        plain.append(bytes[at])
        at += 1
        continue
      }
      var name: String?
      var end = at + 1
      if bytes[end] == UInt8(ascii: "{"),
        let close = bytes[end...].firstIndex(of: UInt8(ascii: "}"))
      {
        name = String(decoding: bytes[(end + 1)..<close], as: UTF8.self)
        end = close + 1
      } else if bytes[end] &- 0x30 < 10 {
        while end < bytes.count, bytes[end] &- 0x30 < 10 { end += 1 }
        name = String(decoding: bytes[(at + 1)..<end], as: UTF8.self)
      } else if bytes[end] == UInt8(ascii: "$") {
        end += 1
      }
      if let name {
        if !plain.isEmpty { parts.append(.bytes(plain)) }
        plain = []
        parts.append(.group(try group(name)))
      } else {
        plain.append(UInt8(ascii: "$"))
      }
      at = end
    }
    if !plain.isEmpty { parts.append(.bytes(plain)) }
    return parts
  }
}

/// Turns byte offsets that only grow into scalar positions, in one walk over the text.
struct ScalarCounter {
  private let string: Ref<StringObject>
  private let isASCII: Bool
  private var byte = 0
  private var scalar = 0

  init(_ string: Ref<StringObject>) {
    self.string = string
    isASCII = string.isASCII
  }

  mutating func position(_ offset: Int) -> Int {
    if isASCII { return offset }
    if offset < byte { return string.scalarPosition(ofByte: offset) }
    for value in string.buffer[byte..<offset] where value & 0xC0 != 0x80 { scalar += 1 }
    byte = offset
    return scalar
  }
}
