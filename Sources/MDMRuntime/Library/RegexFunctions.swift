import MDMDeclarations

/// Regular expressions.
enum RegexFunctions {
  private static let family = "patterns"
  private static let s = ParameterDeclaration("s", .string, "The text.")
  private static let pattern = ParameterDeclaration(
    "pattern", NativeCall.needleType, "A pattern, or the text of one.")
  private static let source = "RE2 syntax, github.com/google/re2/wiki/Syntax"

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "regex",
        [
          ParameterDeclaration("pattern", .string, "RE2's syntax; best written r\"…\"."),
          ParameterDeclaration(
            "ignore_case", .bool, default: "false", "Capitals match small ones."),
          ParameterDeclaration(
            "multi_line", .bool, default: "false", "^ and $ match at every line's ends."),
          ParameterDeclaration("dot_all", .bool, default: "false", "The dot matches line ends."),
        ], returns: .domain("Regex"), family: family,
        "A pattern for find, replace, split, split_once, count, contains and `in`; matching takes "
          + "linear time.",
        examples: [
          Example(
            "regex(\"yes|no\", ignore_case: true) in \"Maybe YES\"", prints: "true"),
          Example("split(\"a1b22c\", regex(r\"\\d+\"))", prints: "[\"a\", \"b\", \"c\"]"),
        ], source: source),
      raw: { call in
        var flags: Int32 = 0
        for (index, flag) in RegexPattern.flagNames.enumerated() where call.value(index + 1).bool {
          flags |= flag.bit
        }
        let compiled = try compile(call, 0, flags)
        return Value(call.heap.pointee.newDomain(compiled))
      }),
    NativeFunction(
      FunctionSignature(
        "matches", [s, pattern], returns: .bool, family: family,
        "Whether the whole text matches a pattern; `regex(…) in text` tells whether a part does.",
        examples: [
          Example("matches(\"42\", r\"\\d+\")", prints: "true"),
          Example("\"42 \".matches(r\"\\d+\")", prints: "false"),
        ], source: source), form: .both([.string]),
      raw: { call in
        var spans: [Int] = []
        return Value(
          try given(call, 1).match(call.bytes(0), from: 0, whole: true, into: &spans))
      }),
    NativeFunction(
      FunctionSignature(
        "find_match",
        [
          s, pattern,
          ParameterDeclaration("from", .int, default: "0", "Where to begin, in characters."),
        ], returns: .either([.record, .none]), family: family,
        "The first match as {text, start, end, groups, named}; none where there is none.",
        examples: [
          Example("find_match(\"x = 12\", r\"(\\w+) = (\\d+)\").groups", prints: "[\"x\", \"12\"]"),
          Example("find_match(\"a1\", r\"(?<n>\\d)\").named.n", prints: "1"),
        ], source: source), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        let start = try call.int(2, atLeast: 0)
        if start > string.length { return .none }
        var needle = Needle(try given(call, 1), groups: true)
        guard try needle.next(string, from: string.byteOffset(ofScalar: start)) != nil,
          let regex = needle.regex
        else { return .none }
        var counter = ScalarCounter(string)
        return record(call, regex, string, needle.spans, &counter)
      }),
    NativeFunction(
      FunctionSignature(
        "find_matches", [s, pattern], returns: .list, family: family,
        "All matches that do not overlap, each as find_match gives it.",
        examples: [
          Example("find_matches(\"3 + 14\", r\"\\d+\") |> map(.text)", prints: "[\"3\", \"14\"]")
        ], source: source), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        var needle = Needle(try given(call, 1), groups: true)
        guard let regex = needle.regex else { return .none }
        let list = call.newList()
        var counter = ScalarCounter(string)
        try needle.forEach(call, string) { _, spans in
          call.append(record(call, regex, string, spans, &counter), to: list)
          if list.count & 0xFFF == 0 { try call.machine.checkRoom(0) }
          return true
        }
        return Value(list)
      }),
    NativeFunction(
      FunctionSignature(
        "escape_regex", [s], returns: .string, family: family,
        "The pattern that matches a text literally.",
        examples: [Example("matches(\"1.5\", escape_regex(\"1.5\"))", prints: "true")],
        source: source), form: .both([.string]),
      raw: { call in
        var result: [UInt8] = []
        for byte in call.bytes(0) {
          let isPlain =
            byte >= 0x80 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
            || byte == UInt8(ascii: "_")
          if byte == 0 {
            result += Array("\\x00".utf8)
          } else {
            if !isPlain { result.append(UInt8(ascii: "\\")) }
            result.append(byte)
          }
        }
        return try call.text(result)
      }),
  ]

  /// The pattern of an argument: a Regex, or a String that is compiled once.
  private static func given(_ call: NativeCall, _ index: Int) throws -> RegexPattern {
    if call.value(index).tag == .domain,
      let regex = call.value(index).domain.object as? RegexPattern
    {
      return regex
    }
    return try compile(call, index, 0)
  }

  private static func compile(
    _ call: NativeCall, _ index: Int, _ flags: Int32
  ) throws -> RegexPattern {
    let text = call.value(index).string.text
    do throws(RegexError) {
      return try call.machine.patterns.pattern(text, flags: flags)
    } catch {
      var failure = call.fail(.pattern, error.message, hint: error.hint, argument: index)
      failure.inner = ScriptError.InnerPlace(text: text, range: error.place)
      throw failure
    }
  }

  /// A match as scripts see it.
  static func record(
    _ call: NativeCall, _ regex: RegexPattern, _ string: Ref<StringObject>, _ spans: [Int],
    _ counter: inout ScalarCounter
  ) -> Value {
    let heap = call.heap
    let record = heap.pointee.newRecord()
    let set = { (name: String, value: Value, target: Ref<RecordObject>) in
      heap.pointee.set(Value(call.machine.symbol(name)), value, in: target)
    }
    set("text", call.piece(string, spans[0], spans[1]), record)
    set("start", Value(counter.position(spans[0])), record)
    set("end", Value(counter.position(spans[1])), record)
    let groups = heap.pointee.newList(capacity: regex.groupNames.count)
    let named = heap.pointee.newRecord()
    for (position, name) in regex.groupNames.enumerated() {
      let (start, end) = (spans[2 * position + 2], spans[2 * position + 3])
      let value = start < 0 ? Value.none : call.piece(string, start, end)
      heap.pointee.append(value, to: groups)
      if let name { set(name, value, named) }
    }
    set("groups", Value(groups), record)
    set("named", Value(named), record)
    return Value(record)
  }
}
