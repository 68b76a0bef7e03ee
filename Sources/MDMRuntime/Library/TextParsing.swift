import MDMDeclarations

/// Numbers, durations and sizes in texts; `none` where there is none.
enum TextParsing {
  private static let family = "strings"
  private static let s = ParameterDeclaration("s", .string, "The text.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "parse_number", [s], returns: .either([.number, .none]), family: family,
        "The number that a text is, white space around it aside; none where it is none.",
        examples: [
          Example("parse_number(\" 1.5 \")", prints: "1.5"),
          Example("parse_number(\"x\") ?? 0", prints: "0"),
        ]), form: .both([.string]),
      raw: { call in TextFunctions.number(in: try call.string(0)) ?? .none }),
    NativeFunction(
      FunctionSignature(
        "parse_int", [s, ParameterDeclaration("base", .int, default: "10", "From 2 to 36.")],
        returns: .either([.int, .none]), family: family,
        "The Int that a text is, white space around it aside; none where it is none.",
        examples: [
          Example("parse_int(\"42\")", prints: "42"),
          Example("parse_int(\"ff\", base: 16)", prints: "255"),
          Example("parse_int(\"4.2\") ?? \"no\"", prints: "no"),
        ]), form: .both([.string]), raw: parseInt),
    NativeFunction(
      FunctionSignature(
        "parse_float", [s], returns: .either([.float, .none]), family: family,
        "The Float of the number that a text is; inf and nan are numbers here.",
        examples: [
          Example("parse_float(\"3\")", prints: "3.0"),
          Example("parse_float(\"-inf\")", prints: "-inf"),
        ]), form: .both([.string]), raw: parseFloat),
    unit(
      "parse_duration", .duration, "The Duration that a text such as 5min is; none for others.",
      Example("parse_duration(\"1.5h\") == 90min", prints: "true")),
    unit(
      "parse_size", .size, "The Size that a text such as 512MB is; none for others.",
      Example("parse_size(\"512MB\") == 512MB", prints: "true")),
  ]

  private static func stripped(_ call: NativeCall) -> String {
    let bytes = call.bytes(0)
    let range = TextBytes.trimmed(bytes, start: true, end: true, TextBytes.isSpace)
    return String(decoding: bytes[range], as: UTF8.self)
  }

  private static func parseInt(_ call: NativeCall) throws -> Value {
    let base = try call.int(1)
    guard (2...36).contains(base) else {
      throw call.fail(.value, "`base` is from 2 to 36, got \(base)", argument: 1)
    }
    var text = stripped(call)
    text.removeAll { $0 == "_" }
    return Int64(text, radix: base).map { Value($0) } ?? .none
  }

  private static func parseFloat(_ call: NativeCall) throws -> Value {
    let text = stripped(call)
    if let number = TextFunctions.number(in: text) { return Value(number.number) }
    switch text.lowercased() {
    case "inf", "+inf", "infinity", "+infinity": return Value(Double.infinity)
    case "-inf", "-infinity": return Value(-Double.infinity)
    case "nan": return Value(Double.nan)
    default: return .none
    }
  }

  private static func unit(
    _ name: String, _ tag: Tag, _ summary: String, _ example: Example
  ) -> NativeFunction {
    let type: ScriptType = tag == .duration ? .duration : .size
    return NativeFunction(
      FunctionSignature(
        name, [s], returns: .either([type, .none]), family: family, summary, examples: [example]),
      form: .both([.string]),
      raw: { call in
        let text = stripped(call)
        // The language's own literals; nothing but one literal gets through to its parser.
        guard text.utf8.count <= 40,
          text.utf8.allSatisfy({
            ($0 &- 0x30) < 10 || (($0 | 0x20) &- 0x61) < 26 || $0 == 0x2E || $0 == 0x5F
              || $0 == 0x2D
          }), let value = call.machine.literal(text), value.tag == tag
        else { return .none }
        return value
      })
  }
}
