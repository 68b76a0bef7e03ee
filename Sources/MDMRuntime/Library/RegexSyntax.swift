/// Why a pattern is none, with the place in its text.
struct RegexError: Error {
  let message: String
  let hint: String?
  /// In bytes of the pattern.
  let place: Range<Int>

  init(_ message: String, hint: String? = nil, place: Range<Int>) {
    self.message = message
    self.hint = hint
    self.place = place
  }

  /// An error about the first occurrence of a fragment.
  init(_ message: String, hint: String? = nil, about fragment: String, in pattern: String) {
    self.init(message, hint: hint, place: RegexSyntax.place(of: fragment, in: pattern))
  }

  static let tooLong = RegexError(
    "the pattern has more than \(RegexPattern.longest) bytes", place: 0..<0)
}

/// What RE2 leaves to say about the syntax of patterns.
enum RegexSyntax {
  /// RE2 of this age writes `(?P<name>…)`; scripts may write `(?<name>…)` as elsewhere.
  static func withStandardNames(_ pattern: String) -> String {
    guard pattern.utf8.contains(UInt8(ascii: "<")) else { return pattern }
    let bytes = Array(pattern.utf8)
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 8)
    walk(bytes) { at, isInClass in
      if !isInClass, bytes[at] == UInt8(ascii: "<"), at >= 2, bytes[at - 1] == UInt8(ascii: "?"),
        bytes[at - 2] == UInt8(ascii: "("), at + 1 < bytes.count,
        bytes[at + 1] != UInt8(ascii: "="), bytes[at + 1] != UInt8(ascii: "!")
      {
        result.append(UInt8(ascii: "P"))
      }
      result.append(bytes[at])
    } escaped: { range in
      result += bytes[range]
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// The place of the first `\C`: what it matches need not be text.
  static func singleByte(in pattern: String) -> Range<Int>? {
    let bytes = Array(pattern.utf8)
    guard bytes.contains(UInt8(ascii: "C")) else { return nil }
    var found: Range<Int>?
    walk(bytes) { _, _ in
    } escaped: { range in
      if found == nil, range.count == 2, bytes[range.lowerBound + 1] == UInt8(ascii: "C") {
        found = range
      }
    }
    return found
  }

  static func place(of fragment: String, in pattern: String) -> Range<Int> {
    let (text, part) = (Array(pattern.utf8), Array(fragment.utf8))
    guard !part.isEmpty, part.count <= text.count else { return 0..<text.count }
    for start in 0...(text.count - part.count) where text[start...].starts(with: part) {
      return start..<start + part.count
    }
    return 0..<text.count
  }

  /// RE2's verdict in words of our own.
  static func explain(_ code: Int, _ fragment: String, in pattern: String) -> RegexError {
    let about = { (message: String, hint: String?) in
      RegexError(message, hint: hint, about: fragment, in: pattern)
    }
    let linear = "matching takes linear time, which excludes it: match more and look at the groups"
    switch code {
    case 2:
      if let digit = fragment.utf8.last, fragment.utf8.count == 2, (0x31...0x39).contains(digit) {
        return about("`\(fragment)` refers back to a group, which patterns cannot", linear)
      }
      return about(
        "`\(fragment)` is not an escape of patterns", "escape_regex(text) escapes a plain text")
    case 3, 4: return about("`\(fragment)` is not a class or range of characters", nil)
    case 5:
      return about("this `[` is never closed", "close it with `]`, or write `\\[`")
    case 6:
      let open = unclosed(pattern)
      return RegexError(
        "this `(` is never closed", hint: "close it with `)`, or write `\\(`",
        place: open..<open + 1)
    case 7:
      let close = surplus(pattern)
      return RegexError(
        "this `)` closes nothing", hint: "write `\\)` for the character",
        place: close..<close + 1)
    case 8:
      let end = pattern.utf8.count
      return RegexError(
        "the pattern ends in a backslash", hint: "write `\\\\` for the character",
        place: max(end - 1, 0)..<end)
    case 9: return about("there is nothing that `\(fragment)` could repeat", nil)
    case 10:
      return about(
        "`\(fragment)` is not a possible number of repetitions", "at most 1000, nested ones too")
    case 11: return about("`\(fragment)` repeats a repetition", "put the inner one into (?:…)")
    case 12:
      let place = place(of: fragment, in: pattern)
      let tail = String(decoding: pattern.utf8.dropFirst(place.lowerBound).prefix(4), as: UTF8.self)
      for (sign, name) in [
        ("(?=", "looks ahead"), ("(?!", "looks ahead"), ("(?<=", "looks behind"),
        ("(?<!", "looks behind"),
      ] where tail.hasPrefix(sign) {
        return about("`\(sign)` \(name), which patterns cannot", linear)
      }
      if tail.hasPrefix("(?P=") {
        return about("`(?P=` refers back to a group, which patterns cannot", linear)
      }
      if tail.hasPrefix("(?>") {
        return about("`(?>` is an atomic group, which patterns do not have", "write (?:…)")
      }
      return about(
        "`\(fragment)` is not a group of patterns", "there are (…), (?:…), (?<name>…), (?i)")
    case 13: return about("the pattern is not UTF-8", nil)
    case 14: return about("`\(fragment)` is not a name of a group", "letters, digits and `_`")
    case 15:
      return RegexError(
        "the pattern is too large", hint: "smaller counts in {…} make it smaller",
        place: 0..<pattern.utf8.count)
    default: return about("the pattern could not be compiled", nil)
    }
  }

  /// Visits the bytes of a pattern that are neither escapes nor quoted by `\Q…\E`.
  private static func walk(
    _ bytes: [UInt8], plain: (_ at: Int, _ isInClass: Bool) -> Void,
    escaped: (Range<Int>) -> Void
  ) {
    var at = 0
    // The first `]` of a class is a character of it.
    var classStart: Int?
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "\\"), at + 1 < bytes.count {
        var end = at + 2
        if bytes[at + 1] == UInt8(ascii: "Q"), classStart == nil {
          while end < bytes.count,
            bytes[end - 2] != UInt8(ascii: "\\") || bytes[end - 1] != UInt8(ascii: "E")
              || end - 2 == at
          {
            end += 1
          }
        }
        escaped(at..<end)
        at = end
        continue
      }
      plain(at, classStart != nil)
      if let start = classStart {
        let isFirst =
          at == start + 1 || at == start + 2 && bytes[start + 1] == UInt8(ascii: "^")
        if bytes[at] == UInt8(ascii: "]"), !isFirst { classStart = nil }
      } else if bytes[at] == UInt8(ascii: "[") {
        classStart = at
      }
      at += 1
    }
  }

  /// The place of the innermost `(` without its `)`.
  private static func unclosed(_ pattern: String) -> Int {
    var open: [Int] = []
    let bytes = Array(pattern.utf8)
    walk(bytes) { at, isInClass in
      if isInClass { return }
      if bytes[at] == UInt8(ascii: "(") { open.append(at) }
      if bytes[at] == UInt8(ascii: ")") { _ = open.popLast() }
    } escaped: { _ in
    }
    return open.last ?? 0
  }

  /// The place of the first `)` without its `(`.
  private static func surplus(_ pattern: String) -> Int {
    var depth = 0
    var found: Int?
    let bytes = Array(pattern.utf8)
    walk(bytes) { at, isInClass in
      if isInClass { return }
      if bytes[at] == UInt8(ascii: "(") { depth += 1 }
      if bytes[at] == UInt8(ascii: ")") {
        if depth == 0, found == nil { found = at }
        depth = max(depth - 1, 0)
      }
    } escaped: { _ in
    }
    return found ?? 0
  }
}
