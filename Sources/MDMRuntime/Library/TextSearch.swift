import MDMDeclarations

/// What is looked for in a text: another text, or a pattern.
struct Needle {
  private let text: TextBytes.Bytes
  let regex: RegexPattern?
  /// The match found last: start and end of the whole, then of the groups that are wanted.
  private(set) var spans: [Int]

  /// A needle of a String; it lives on the stack of the call.
  init(_ text: TextBytes.Bytes) {
    self.text = text
    regex = nil
    spans = [0, 0]
  }

  /// A pattern, with the groups that the caller wants to see.
  init(_ regex: RegexPattern, groups: Bool = false) {
    text = TextBytes.Bytes(start: nil, count: 0)
    self.regex = regex
    spans = [Int](repeating: -1, count: groups ? 2 + 2 * regex.groupNames.count : 2)
  }

  var isEmptyText: Bool { regex == nil && text.isEmpty }

  /// The next occurrence at or after an offset, in bytes.
  @inline(__always)
  mutating func next(_ string: Ref<StringObject>, from start: Int) throws -> Range<Int>? {
    if let regex {
      guard try regex.match(string.buffer, from: start, into: &spans) else { return nil }
      return spans[0]..<spans[1]
    }
    guard let hit = string.find(text, from: start) else { return nil }
    return hit..<hit + text.count
  }

  /// Calls a body for each occurrence in turn until it gives false; they do not overlap.
  mutating func forEach(
    _ call: NativeCall, _ string: Ref<StringObject>, from start: Int = 0,
    _ body: (Range<Int>, [Int]) throws -> Bool
  ) throws {
    var at = start
    var step = 0
    while at <= string.byteCount, let hit = try next(string, from: at) {
      try call.poll(step)
      step += 1
      guard try body(hit, spans) else { return }
      at = hit.upperBound
      if hit.isEmpty {
        // Past one character, or past the end.
        at += at < string.byteCount ? TextBytes.scalar(string.buffer, at).length : 1
      }
    }
  }
}

extension NativeCall {
  /// A parameter that takes a String or a Regex.
  static let needleType = ScriptType.either([.string, .domain("Regex")])

  /// What an argument of that type looks for.
  func needle(_ index: Int, groups: Bool = false) -> Needle {
    if value(index).tag == .domain, let regex = value(index).domain.object as? RegexPattern {
      return Needle(regex, groups: groups)
    }
    return Needle(bytes(index))
  }

  /// As `needle`, but an empty text is refused.
  func solidNeedle(_ index: Int, groups: Bool = false, hint: String? = nil) throws -> Needle {
    let needle = needle(index, groups: groups)
    if needle.isEmptyText {
      let name = native.function.signature.parameters[index].name
      throw fail(.value, "`\(name)` is empty", hint: hint, argument: index)
    }
    return needle
  }
}

/// Finding and counting in texts.
enum TextSearch {
  private static let family = "strings"
  private static let s = ParameterDeclaration("s", .string, "The text.")
  private static let part = ParameterDeclaration(
    "part", NativeCall.needleType, "What to look for: a text, or a pattern.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "find",
        [
          s, part,
          ParameterDeclaration(
            "from", .int, default: "0", "Where to begin, in characters; negative from the end."),
        ], returns: .either([.int, .none]), family: family,
        "The position of the first occurrence, in scalars; none where there is none.",
        examples: [
          Example("find(\"hello\", \"l\")", prints: "2"),
          Example("find(\"hello\", \"l\", from: 3)", prints: "3"),
          Example("find(\"run 12\", regex(r\"\\d\"))", prints: "4"),
        ]), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        var start = try call.int(2)
        if start < 0 { start = max(start + string.length, 0) }
        if start > string.length { return .none }
        var needle = call.needle(1)
        guard let hit = try needle.next(string, from: string.byteOffset(ofScalar: start)) else {
          return .none
        }
        return Value(string.scalarPosition(ofByte: hit.lowerBound))
      }),
    NativeFunction(
      FunctionSignature(
        "find_last", [s, part], returns: .either([.int, .none]), family: family,
        "The position of the last occurrence, in scalars; none where there is none.",
        examples: [Example("find_last(\"hello\", \"l\")", prints: "3")]), form: .both([.string]),
      raw: { call in
        let string = call.value(0).string
        var found: Int?
        if call.value(1).tag == .string {
          found = TextBytes.last(call.bytes(1), in: string.buffer, endingBy: string.byteCount)
        } else {
          var needle = call.needle(1)
          try needle.forEach(call, string) { hit, _ in
            found = hit.lowerBound
            return true
          }
        }
        return found.map { Value(string.scalarPosition(ofByte: $0)) } ?? .none
      }),
    NativeFunction(
      FunctionSignature(
        "count",
        [
          ParameterDeclaration("xs", .any, "A text, a list, or anything a loop goes through."),
          ParameterDeclaration("value", .any, "What to count; in a text, a text or a pattern."),
        ], returns: .int, family: "lists",
        "How many elements equal a value; in a text, how often it occurs without overlap.",
        examples: [
          Example("count([1, 2, 1], 1)", prints: "2"),
          Example("\"banana\".count(\"an\")", prints: "2"),
        ]), form: .both([.list, .string]), raw: count),
    NativeFunction(
      FunctionSignature(
        "replace",
        [
          s, ParameterDeclaration("old", NativeCall.needleType, "A text, or a pattern."),
          ParameterDeclaration(
            "new", .either([.string, .function]),
            "What to put there. For a pattern, $1 and ${name} stand for its groups, $0 for the "
              + "match and $$ for a dollar; or a function of the match."),
          ParameterDeclaration(
            "count", .int, default: "none", "At most so many, from the left; all without it."),
        ], returns: .string, family: family, "The text with every `old` replaced.",
        examples: [
          Example("replace(\"aXbX\", \"X\", \"-\")", prints: "a-b-"),
          Example(
            "replace(\"2026-11\", regex(r\"(\\d+)-(\\d+)\"), \"$2/$1\")", prints: "11/2026"),
          Example(
            "replace(\"1 2\", regex(r\"\\d\"), fn(m) str(int(m.text) * 10))", prints: "10 20"),
        ]), form: .both([.string]), raw: TextReplacing.replace),
  ]

  private static func count(_ call: NativeCall) throws -> Value {
    if call.value(0).tag == .string {
      guard call.value(1).tag == .string || call.value(1).tag == .domain else {
        throw call.fail(
          .argumentType,
          "`value` takes a String or Regex in a text, got \(call.machine.brief(call.value(1)))",
          argument: 1)
      }
      var needle = try call.solidNeedle(1)
      var total = 0
      try needle.forEach(call, call.value(0).string) { _, _ in
        total += 1
        return true
      }
      return Value(total)
    }
    let list = try call.elements(0)
    var total = 0
    for position in 0..<list.count {
      try call.poll(position)
      if try call.machine.equal(list.items[position], call.value(1)) { total += 1 }
    }
    return Value(total)
  }
}
