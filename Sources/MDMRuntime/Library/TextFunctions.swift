import MDMDeclarations

/// Strings.
enum TextFunctions {
  private static let family = "strings"
  private static let s = ParameterDeclaration("s", .string, "The text.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "split",
        [
          s,
          ParameterDeclaration(
            "separator", .string, default: "none", "Without it, runs of white space separate."),
        ], returns: .list, family: family, "The parts of a text between separators.",
        examples: [
          Example("split(\"a,b,c\", \",\")", prints: "[\"a\", \"b\", \"c\"]"),
          Example("\" a  b \".split()", prints: "[\"a\", \"b\"]"),
        ]), form: .both([.string]), raw: split),
    NativeFunction(
      FunctionSignature(
        "join",
        [
          ParameterDeclaration("xs", .list, "The parts."),
          ParameterDeclaration("separator", .string, default: "\"\"", "What stands between them."),
        ], returns: .string, family: family, "The texts of a list's elements in one String.",
        examples: [Example("join([1, 2], \"-\")", prints: "1-2")]), form: .both([.list]),
      raw: join),
    NativeFunction(
      FunctionSignature(
        "replace",
        [
          s, ParameterDeclaration("old", .string, "What to look for."),
          ParameterDeclaration("new", .string, "What to put there."),
        ], returns: .string, family: family, "The text with every `old` replaced.",
        examples: [Example("replace(\"aXbX\", \"X\", \"-\")", prints: "a-b-")]),
      form: .both([.string]), raw: replace),
    simple("upper", "The text in capitals.", Example("upper(\"aé\")", prints: "AÉ")) {
      $0.uppercased()
    },
    simple("lower", "The text in small letters.", Example("lower(\"AB\")", prints: "ab")) {
      $0.lowercased()
    },
    simple(
      "strip", "The text without white space at its ends.", Example("strip(\" a \")", prints: "a")
    ) {
      text in
      let scalars = text.unicodeScalars
      let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
      guard let first = scalars.firstIndex(where: { !isSpace($0) }),
        let last = scalars.lastIndex(where: { !isSpace($0) })
      else { return "" }
      return String(scalars[first...last])
    },
    affix(
      "starts_with", "Whether the text begins with another.",
      Example("starts_with(\"abc\", \"ab\")", prints: "true")
    ) {
      text, part in text.starts(with: part)
    },
    affix(
      "ends_with", "Whether the text ends with another.",
      Example("\"abc\".ends_with(\"bc\")", prints: "true")
    ) {
      text, part in text.suffix(part.count).elementsEqual(part)
    },
    NativeFunction(
      FunctionSignature(
        "find", [s, ParameterDeclaration("part", .string, "What to look for.")],
        returns: .either([.int, .none]), family: family,
        "The position of the first occurrence, in scalars; none where there is none.",
        examples: [Example("find(\"hello\", \"l\")", prints: "2")]), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        return string.find(call.bytes(1)).map { Value(string.scalarPosition(ofByte: $0)) } ?? .none
      }),
    NativeFunction(
      FunctionSignature(
        "parse_number", [s], returns: .either([.number, .none]), family: family,
        "The number that a text is, white space around it aside; none where it is none.",
        examples: [
          Example("parse_number(\" 1.5 \")", prints: "1.5"),
          Example("parse_number(\"x\") ?? 0", prints: "0"),
        ]), form: .both([.string]), raw: { call in number(in: try call.string(0)) ?? .none }),
    NativeFunction(
      FunctionSignature(
        "format",
        [
          ParameterDeclaration("x", .any, "Any value."),
          ParameterDeclaration("spec", .string, "As after the colon in f\"{x:…}\"."),
        ], returns: .string, family: family, "The text of a value under a format.",
        examples: [Example("format(0.256, \".1%\")", prints: "25.6%")]),
      raw: { call in try call.machine.format(call.value(0), call.value(1)) }),
  ]

  private static func simple(
    _ name: String, _ summary: String, _ example: Example,
    _ change: @escaping @Sendable (String) -> String
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [s], returns: .string, family: family, summary, examples: [example]),
      form: .both([.string]), raw: { call in call.text(change(try call.string(0))) })
  }

  private static func affix(
    _ name: String, _ summary: String, _ example: Example,
    _ test:
      @escaping @Sendable (UnsafeBufferPointer<UInt8>, UnsafeBufferPointer<UInt8>) -> Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [s, ParameterDeclaration("part", .string, "The other text.")], returns: .bool,
        family: family, summary, examples: [example]), form: .both([.string]),
      raw: { call in Value(test(call.bytes(0), call.bytes(1))) })
  }

  private static func slice(
    _ call: NativeCall, _ string: Ref<StringObject>, _ start: Int, _ end: Int
  ) -> Value {
    Value(
      call.machine.heap.pointee.newString(
        UnsafeBufferPointer(start: string.bytes + start, count: end - start)))
  }

  private static func split(_ call: NativeCall) throws -> Value {
    let string = call.value(0).string
    let list = call.machine.heap.pointee.newList(capacity: 8)
    let add = { (start: Int, end: Int) in
      call.machine.heap.pointee.append(slice(call, string, start, end), to: list)
    }
    var start = 0
    if call.isMissing(1) {
      for position in 0...string.byteCount {
        let isSpace =
          position == string.byteCount || string.bytes[position] == 0x20
          || (0x09...0x0D).contains(string.bytes[position])
        if isSpace {
          if position > start { add(start, position) }
          start = position + 1
        }
      }
      return Value(list)
    }
    let separator = call.bytes(1)
    if separator.isEmpty {
      throw call.fail(
        .value, "the separator is empty", hint: "list(text) gives its characters", argument: 1)
    }
    while let hit = string.find(separator, from: start) {
      add(start, hit)
      start = hit + separator.count
    }
    add(start, string.byteCount)
    return Value(list)
  }

  private static func join(_ call: NativeCall) throws -> Value {
    let list = call.value(0).list
    let separator = call.bytes(1)
    var bytes: [UInt8] = []
    for position in 0..<list.count {
      if position > 0 { bytes.append(contentsOf: separator) }
      let item = list.items[position]
      if item.tag == .string {
        bytes.append(contentsOf: item.string.buffer)
      } else {
        bytes.append(contentsOf: call.machine.text(item).utf8)
      }
      if bytes.count & 0xFFFF == 0 { try call.machine.checkRoom(bytes.count) }
    }
    return bytes.withUnsafeBufferPointer { Value(call.machine.heap.pointee.newString($0)) }
  }

  private static func replace(_ call: NativeCall) throws -> Value {
    let string = call.value(0).string
    let (old, new) = (call.bytes(1), call.bytes(2))
    if old.isEmpty { throw call.fail(.value, "the text to replace is empty", argument: 1) }
    var bytes: [UInt8] = []
    var start = 0
    while let hit = string.find(old, from: start) {
      bytes.append(contentsOf: string.buffer[start..<hit])
      bytes.append(contentsOf: new)
      start = hit + old.count
      if bytes.count > 1 << 30 { try call.machine.checkRoom(bytes.count * 2) }
    }
    bytes.append(contentsOf: string.buffer[start...])
    return bytes.withUnsafeBufferPointer { Value(call.machine.heap.pointee.newString($0)) }
  }

  /// The Int or Float that a text is; nil where it is neither. `1_000` and `1e3` are numbers.
  static func number(in text: String) -> Value? {
    let scalars = text.unicodeScalars.drop { $0.properties.isWhitespace }
    var trimmed = String(scalars)
    while let last = trimmed.unicodeScalars.last, last.properties.isWhitespace {
      trimmed.unicodeScalars.removeLast()
    }
    if trimmed.contains("_") { trimmed.removeAll { $0 == "_" } }
    if let whole = Int64(trimmed) { return Value(whole) }
    guard let first = trimmed.unicodeScalars.first(where: { $0 != "-" && $0 != "+" }),
      ("0"..."9").contains(first) || first == ".",
      // Swift reads hexadecimal Floats too; scripts do not write them.
      !trimmed.contains("x"), !trimmed.contains("X")
    else { return nil }
    return Double(trimmed).map { Value($0) }
  }
}
