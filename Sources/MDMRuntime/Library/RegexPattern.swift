import CRE2

/// A compiled regular expression, which scripts hold as a `Regex`: RE2's syntax, linear time.
///
/// Immutable, and RE2 matches from several threads at once, hence unchecked Sendable.
final class RegexPattern: DomainValue, @unchecked Sendable {
  let pattern: String
  let flags: Int32
  /// The groups without the whole match; nil where a group has no name.
  let groupNames: [String?]
  private let compiled: OpaquePointer

  static let flagNames: [(name: String, bit: Int32)] = [
    ("ignore_case", 1), ("multi_line", 2), ("dot_all", 4),
  ]

  /// A longer pattern is refused before anything is compiled.
  static let longest = 1 << 16

  init(_ pattern: String, flags: Int32 = 0) throws(RegexError) {
    guard pattern.utf8.count <= Self.longest else { throw .tooLong }
    if let place = RegexSyntax.singleByte(in: pattern) {
      throw RegexError(
        "`\\C` matches a single byte, which may be half a character",
        hint: "`.` matches a character",
        place: place)
    }
    var fault = cre2_error()
    var text = RegexSyntax.withStandardNames(pattern)
    let made = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        cre2_compile(chars.baseAddress, chars.count, flags, &fault)
      }
    }
    guard let made else {
      let count = min(fault.fragment_length, 256)
      let fragment = withUnsafeBytes(of: fault.fragment) {
        String(decoding: $0[..<count], as: UTF8.self)
      }
      throw RegexSyntax.explain(Int(fault.code), fragment, in: pattern)
    }
    let names = (1..<max(Int(cre2_group_count(made)) + 1, 1)).map { group in
      cre2_group_name(made, Int32(group)).map { String(cString: $0) }
    }
    var seen: Set<String> = []
    if let twice = names.lazy.compactMap({ $0 }).first(where: { !seen.insert($0).inserted }) {
      cre2_free(made)
      throw RegexError("two groups have the name `\(twice)`", about: "<\(twice)>", in: pattern)
    }
    self.pattern = pattern
    self.flags = flags
    groupNames = names
    compiled = made
  }

  deinit { cre2_free(compiled) }

  /// The byte ranges of a match and its groups from an offset on; nil where there is none.
  ///
  /// - Parameters:
  ///   - spans: Room for two numbers a group, the whole match first; how many groups are wanted.
  /// - Returns: Whether there is a match; an error where memory ran out.
  func match(
    _ text: UnsafeBufferPointer<UInt8>, from start: Int, whole: Bool = false,
    into spans: inout [Int]
  ) throws(ScriptError) -> Bool {
    let found = text.withMemoryRebound(to: CChar.self) { chars in
      spans.withUnsafeMutableBufferPointer { spans in
        cre2_match(
          compiled, chars.baseAddress, chars.count, start, whole ? 1 : 0, spans.baseAddress,
          Int32(spans.count / 2))
      }
    }
    if found < 0 { throw ScriptError(.memory, "matching this pattern needs too much memory") }
    return found > 0
  }

  // MARK: As a value of scripts

  var typeName: String { "Regex" }

  func display(_ width: Int) -> String {
    let quoted = pattern.contains("\"") || pattern.contains("\n") ? nil : "r\"\(pattern)\""
    let set = Self.flagNames.filter { flags & $0.bit != 0 }.map { ", \($0.name): true" }
    return "regex(\(quoted ?? "\"\"\"\(pattern)\"\"\"")\(set.joined()))"
  }

  let fieldNames = ["pattern", "groups", "names"]

  func field(_ name: String) -> Datum? {
    switch name {
    case "pattern": .string(pattern)
    case "groups": .int(groupNames.count)
    case "names": .list(groupNames.compactMap { $0.map(Datum.string) })
    default: nil
    }
  }

  func isEqual(to other: any DomainValue) -> Bool {
    guard let other = other as? RegexPattern else { return false }
    return pattern == other.pattern && flags == other.flags
  }
}

/// The patterns that a machine compiled last.
final class RegexCache {
  private struct Key: Hashable {
    let pattern: String
    let flags: Int32
  }

  private var known: [Key: RegexPattern] = [:]
  private var order: [Key] = []
  /// One pattern takes at most 4 MiB.
  private static let capacity = 32

  /// A compiled pattern, from the cache where it is known.
  func pattern(_ text: String, flags: Int32 = 0) throws(RegexError) -> RegexPattern {
    let key = Key(pattern: text, flags: flags)
    if let found = known[key] { return found }
    let made = try RegexPattern(text, flags: flags)
    if order.count == Self.capacity { known[order.removeFirst()] = nil }
    known[key] = made
    order.append(key)
    return made
  }
}
