import MDMDeclarations

/// Taking away and adding at the ends of texts.
enum TextTrimming {
  private static let family = "strings"
  private static let s = ParameterDeclaration("s", .string, "The text.")

  static let all: [NativeFunction] = [
    strip(
      "strip", "The text without white space, or without some characters, at its ends.",
      [
        Example("strip(\" a \")", prints: "a"),
        Example("\"**bold**\".strip(\"*\")", prints: "bold"),
      ], start: true, end: true),
    strip(
      "strip_start", "The text without white space, or some characters, at its start.",
      [Example("repr(strip_start(\" a \"))", prints: "\"a \"")], start: true, end: false),
    strip(
      "strip_end", "The text without white space, or some characters, at its end.",
      [Example("strip_end(\"1.500\", \"0\")", prints: "1.5")], start: false, end: true),
    affix(
      "remove_prefix", "The text without another one at its start, where it stands there.",
      Example("remove_prefix(\"v1.2\", \"v\")", prints: "1.2"), atStart: true),
    affix(
      "remove_suffix", "The text without another one at its end, where it stands there.",
      Example("remove_suffix(\"run.mdm\", \".mdm\")", prints: "run"), atStart: false),
    pad(
      "pad_start", "The text, filled up at its start to so many characters.",
      Example("pad_start(\"7\", 3, \"0\")", prints: "007"), start: { $0 }),
    pad(
      "pad_end", "The text, filled up at its end to so many characters.",
      Example("repr(pad_end(\"ab\", 4))", prints: "\"ab  \""), start: { _ in 0 }),
    pad(
      "center", "The text between equal filling; an odd rest goes to the end.",
      Example("center(\"ab\", 7, \"-\")", prints: "--ab---"), start: { $0 / 2 }),
    NativeFunction(
      FunctionSignature(
        "normalize_space", [s], returns: .string, family: family,
        "The text with every run of white space as one space, and none at its ends.",
        examples: [Example("normalize_space(\" a \\n b \")", prints: "a b")]),
      form: .both([.string]), raw: normalizeSpace),
  ]

  private static func strip(
    _ name: String, _ summary: String, _ examples: [Example], start: Bool, end: Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name,
        [
          s,
          ParameterDeclaration(
            "chars", .string, default: "none", "The characters to take away, in any order."),
        ], returns: .string, family: family, summary, examples: examples), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        let range: Range<Int>
        if call.isMissing(1) {
          range = TextBytes.trimmed(string.buffer, start: start, end: end, TextBytes.isSpace)
        } else {
          let chars = TextBytes.scalars(call.bytes(1))
          range = TextBytes.trimmed(string.buffer, start: start, end: end) {
            chars.contains($0.value)
          }
        }
        return call.piece(string, range.lowerBound, range.upperBound)
      })
  }

  private static func affix(
    _ name: String, _ summary: String, _ example: Example, atStart: Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [s, ParameterDeclaration("part", .string, "What to take away.")], returns: .string,
        family: family, summary, examples: [example]), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        let (bytes, part) = (string.buffer, call.bytes(1))
        if atStart {
          return bytes.starts(with: part)
            ? call.piece(string, part.count, bytes.count) : call.value(0)
        }
        return bytes.suffix(part.count).elementsEqual(part)
          ? call.piece(string, 0, bytes.count - part.count) : call.value(0)
      })
  }

  private static func pad(
    _ name: String, _ summary: String, _ example: Example,
    start: @escaping @Sendable (Int) -> Int
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name,
        [
          s, ParameterDeclaration("width", .int, "Characters of the result, or more."),
          ParameterDeclaration("fill", .string, default: "\" \"", "One character."),
        ], returns: .string, family: family, summary, examples: [example]), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        guard call.value(2).string.length == 1 else {
          throw call.fail(
            .value, "`fill` is one character, got \(call.machine.brief(call.value(2)))",
            argument: 2)
        }
        let width = try call.int(1)
        if width <= string.length { return call.value(0) }
        let missing = width - string.length
        let fill = call.bytes(2)
        guard missing < 1 << 32 else { throw call.machine.outOfMemory() }
        try call.machine.checkRoom(missing * fill.count)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(string.byteCount + missing * fill.count)
        let before = start(missing)
        for _ in 0..<before { bytes.append(contentsOf: fill) }
        bytes.append(contentsOf: string.buffer)
        for _ in before..<missing { bytes.append(contentsOf: fill) }
        return try call.text(bytes)
      })
  }

  private static func normalizeSpace(_ call: NativeCall) throws -> Value {
    let bytes = call.bytes(0)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var at = 0
    var isPending = false
    while at < bytes.count {
      let (scalar, length) = TextBytes.scalar(bytes, at)
      if TextBytes.isSpace(scalar) {
        isPending = !result.isEmpty
      } else {
        if isPending { result.append(0x20) }
        isPending = false
        if length == 1 {
          result.append(bytes[at])
        } else {
          result.append(contentsOf: bytes[at..<at + length])
        }
      }
      at += length
    }
    return try call.text(result)
  }
}
