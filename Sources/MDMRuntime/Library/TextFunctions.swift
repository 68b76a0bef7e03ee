import MDMDeclarations

/// Strings.
enum TextFunctions {
  private static let family = "strings"
  private static let s = ParameterDeclaration("s", .string, "The text.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "join",
        [
          ParameterDeclaration("xs", .list, "The parts."),
          ParameterDeclaration("separator", .string, default: "\"\"", "What stands between them."),
        ], returns: .string, family: family, "The texts of a list's elements in one String.",
        examples: [Example("join([1, 2], \"-\")", prints: "1-2")]), form: .both([.list]),
      raw: join),
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
        "format",
        [
          ParameterDeclaration("x", .any, "Any value."),
          ParameterDeclaration("spec", .string, "As after the colon in f\"{x:…}\"."),
        ], returns: .string, family: family, "The text of a value under a format.",
        examples: [Example("format(0.256, \".1%\")", prints: "25.6%")]),
      raw: { call in try call.machine.format(call.value(0), call.value(1)) }),
  ]

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
    return bytes.withUnsafeBufferPointer { Value(call.heap.pointee.newString($0)) }
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
