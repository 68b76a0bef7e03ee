import MDMDeclarations

/// Taking texts apart.
enum TextSplitting {
  private static let family = "strings"
  private static let s = ParameterDeclaration("s", .string, "The text.")
  private static let limit = ParameterDeclaration(
    "limit", .int, default: "none", "At most so many cuts; all without it.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "split",
        [
          s,
          ParameterDeclaration(
            "separator", NativeCall.needleType, default: "none",
            "A text or a pattern; without it, runs of white space separate."), limit,
        ], returns: .list, family: family, "The parts of a text between separators.",
        examples: [
          Example("split(\"a,b,c\", \",\")", prints: "[\"a\", \"b\", \"c\"]"),
          Example("\" a  b \".split()", prints: "[\"a\", \"b\"]"),
          Example("split(\"a=b=c\", \"=\", limit: 1)", prints: "[\"a\", \"b=c\"]"),
          Example("split(\"a1b22c\", regex(r\"\\d+\"))", prints: "[\"a\", \"b\", \"c\"]"),
        ]), form: .both([.string]), raw: split),
    NativeFunction(
      FunctionSignature(
        "rsplit",
        [s, ParameterDeclaration("separator", .string, "What stands between the parts."), limit],
        returns: .list, family: family,
        "The parts of a text between separators, cut from its end.",
        examples: [Example("rsplit(\"a/b/c\", \"/\", limit: 1)", prints: "[\"a/b\", \"c\"]")]),
      form: .both([.string]), raw: rsplit),
    NativeFunction(
      FunctionSignature(
        "split_once",
        [s, ParameterDeclaration("separator", NativeCall.needleType, "A text, or a pattern.")],
        returns: .either([.list, .none]), family: family,
        "What stands before and after the first separator; none where there is none.",
        examples: [
          Example("split_once(\"lr: 1e-4\", \": \")", prints: "[\"lr\", \"1e-4\"]"),
          Example("split_once(\"lr\", \": \") ?? \"no\"", prints: "no"),
        ]), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        var needle = try call.solidNeedle(1)
        guard let hit = try needle.next(string, from: 0) else { return .none }
        let list = call.newList(capacity: 2)
        call.append(call.piece(string, 0, hit.lowerBound), to: list)
        call.append(call.piece(string, hit.upperBound, string.byteCount), to: list)
        return Value(list)
      }),
    NativeFunction(
      FunctionSignature(
        "lines", [s], returns: .list, family: family,
        "The lines of a text without their ends; the end of the last one makes no empty line.",
        examples: [Example("lines(\"a\\nb\\r\\n\")", prints: "[\"a\", \"b\"]")]),
      form: .both([.string]), raw: lines),
    NativeFunction(
      FunctionSignature(
        "words", [s], returns: .list, family: family,
        "The runs of letters, digits and `_` in a text, without punctuation.",
        examples: [
          Example("words(\"It's two: A-b!\")", prints: "[\"It's\", \"two\", \"A\", \"b\"]")
        ]), form: .both([.string]), raw: words),
  ]

  private static func split(_ call: NativeCall) throws -> Value {
    let string = call.value(0).string
    let most = call.isMissing(2) ? Int.max : try call.int(2, atLeast: 0)
    if call.isMissing(1) { return Value(fields(call, string, most)) }
    let list = call.newList(capacity: 8)
    var needle = try call.solidNeedle(1, hint: "list(text) gives its characters")
    var start = 0
    var cuts = 0
    if most > 0 {
      try needle.forEach(call, string) { hit, _ in
        // A pattern that matches nothing separates nothing.
        if hit.isEmpty { return true }
        call.append(call.piece(string, start, hit.lowerBound), to: list)
        start = hit.upperBound
        cuts += 1
        return cuts < most
      }
    }
    call.append(call.piece(string, start, string.byteCount), to: list)
    return Value(list)
  }

  /// The parts between runs of white space.
  private static func fields(
    _ call: NativeCall, _ string: Ref<StringObject>, _ most: Int
  ) -> Ref<ListObject> {
    let list = call.newList(capacity: 8)
    let bytes = string.buffer
    var start = -1
    var at = 0
    while at < bytes.count {
      let (scalar, length) = TextBytes.scalar(bytes, at)
      if TextBytes.isSpace(scalar) {
        if start >= 0 { call.append(call.piece(string, start, at), to: list) }
        start = -1
      } else if start < 0 {
        start = at
        if list.count == most {
          let range = TextBytes.trimmed(bytes, start: false, end: true, TextBytes.isSpace)
          call.append(call.piece(string, start, range.upperBound), to: list)
          return list
        }
      }
      at += length
    }
    if start >= 0 { call.append(call.piece(string, start, bytes.count), to: list) }
    return list
  }

  private static func rsplit(_ call: NativeCall) throws -> Value {
    let string = call.value(0).string
    let separator = call.bytes(1)
    if separator.isEmpty { throw call.fail(.value, "`separator` is empty", argument: 1) }
    let most = call.isMissing(2) ? Int.max : try call.int(2, atLeast: 0)
    let list = call.newList(capacity: 8)
    var end = string.byteCount
    while list.count < most,
      let hit = TextBytes.last(separator, in: string.buffer, endingBy: end)
    {
      call.append(call.piece(string, hit + separator.count, end), to: list)
      end = hit
    }
    call.append(call.piece(string, 0, end), to: list)
    var parts = UnsafeMutableBufferPointer(start: list.items, count: list.count)
    parts.reverse()
    return Value(list)
  }

  private static func lines(_ call: NativeCall) throws -> Value {
    let string = call.value(0).string
    let list = call.newList(capacity: 8)
    var start = 0
    let end = [UInt8(0x0A)]
    end.withUnsafeBufferPointer { end in
      while start < string.byteCount {
        let stop = string.find(end, from: start) ?? string.byteCount
        let isReturn = stop > start && stop < string.byteCount && string.bytes[stop - 1] == 0x0D
        call.append(call.piece(string, start, isReturn ? stop - 1 : stop), to: list)
        start = stop + 1
      }
    }
    return Value(list)
  }

  private static func words(_ call: NativeCall) throws -> Value {
    let string = call.value(0).string
    let bytes = string.buffer
    let list = call.newList(capacity: 8)
    var start = -1
    var at = 0
    let isWord = { (scalar: Unicode.Scalar) -> Bool in
      scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
        || scalar.properties.generalCategory == .nonspacingMark
    }
    while at < bytes.count {
      let (scalar, length) = TextBytes.scalar(bytes, at)
      let belongs: Bool
      if scalar.value < 0x80 {
        let byte = UInt8(scalar.value)
        // An apostrophe between letters belongs to its word.
        belongs =
          (byte | 0x20) &- 0x61 < 26 || byte &- 0x30 < 10 || byte == 0x5F
          || byte == 0x27 && start >= 0 && at + 1 < bytes.count
            && isWord(TextBytes.scalar(bytes, at + 1).value)
      } else {
        belongs = isWord(scalar)
      }
      if belongs {
        if start < 0 { start = at }
      } else {
        if start >= 0 { call.append(call.piece(string, start, at), to: list) }
        start = -1
      }
      at += length
    }
    if start >= 0 { call.append(call.piece(string, start, bytes.count), to: list) }
    return Value(list)
  }
}
