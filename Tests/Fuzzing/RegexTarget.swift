import MDMRuntime
import MDMSyntax

/// Any pattern is compiled or refused with its code, any text is searched, and what searching,
/// splitting, counting and replacing say about them agrees.
public final class RegexTarget: FuzzTarget {
  public static let name = "regex"
  private let mutator: Mutator
  private let machine: Machine
  private let script: SyntaxTree

  /// What stands between the pattern and the text of a case.
  private static let separator: UInt8 = 0

  public init(root: String) {
    mutator = Mutator(corpus: Self.patterns, words: Self.words)
    var options = MachineOptions()
    options.memoryLimit = 256 << 20
    machine = Machine(options: options)
    let text = """
      fn laws(p, t, ignore_case, multi_line) {
        let r = try { regex(p, ignore_case: ignore_case, multi_line: multi_line) } catch e { return e.code }
        let found = find_matches(t, r)
        if len(found) != count(t, r) { return f"count: {count(t, r)}, matches: {len(found)}" }
        if (len(found) > 0) != contains(t, r) { return "contains" }
        if (len(found) > 0) != ((r) in t) { return "in" }
        if replace(t, r, "$0") != t { return "replacing each match by itself changes the text" }
        for m in found { if t[m.start..m.end] != m.text { return "a match's place" } }
        let first = find_match(t, r)
        if (first == none) != (len(found) == 0) { return "find_match" }
        let parts = split(t, r)
        if sum(map(parts, len)) + sum(map(found, fn(m) len(m.text))) != len(t) { return "split" }
        "fine"
      }
      laws
      """
    script = Parser.parse(SourceText(name: "laws", text: text)).tree
  }

  /// A pattern, a separator and a text that often has something of what the pattern asks for.
  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    let pattern = mutator.text(&random).utf8.prefix(400)
    var text: [UInt8] = []
    for _ in 0..<random.next(12) {
      switch random.next(4) {
      case 0: text += Array((random.pick(Self.texts) ?? "").utf8)
      case 1: text += Array(pattern.prefix(random.next(20)))
      case 2: text.append(UInt8(97 + random.next(4)))
      default: text += Array("aaab \n 12-3 é".utf8.prefix(random.next(14)))
      }
    }
    return Array(pattern).filter { $0 != Self.separator } + [Self.separator] + text
  }

  public func run(_ input: [UInt8]) throws {
    let parts = input.split(
      separator: Self.separator, maxSplits: 1, omittingEmptySubsequences: false)
    let pattern = String(decoding: parts[0], as: UTF8.self)
    let text = String(decoding: parts.count > 1 ? parts[1] : [], as: UTF8.self)
    let isOdd = (input.count % 2 == 1, input.count % 3 == 1)
    let said: String
    do throws(ScriptError) {
      if machine.global("laws") == nil { _ = try machine.run(script) }
      guard let laws = machine.global("laws") else { throw ScriptError("", "there are no laws") }
      let result = try machine.call(
        laws, [.string(pattern), .string(text), .bool(isOdd.0), .bool(isOdd.1)])
      said = machine.display(result)
    } catch {
      throw BrokenLaw("\(DiagnosticRenderer().render(error.diagnostic))\(pattern.debugDescription)")
    }
    try BrokenLaw.unless(
      ["fine", "E0430"].contains(said), "\(said) for \(pattern.debugDescription)")
  }

  private static let patterns = [
    #"\d+"#, #"(\w+)@(\w+)\.com"#, "a*b|c", "(?i)x{2,5}", #"^\s*#.*$"#, "[^a-z]", "(a|b)*c",
    #"\pL+\b"#, "(?P<year>[0-9]{4})-(?P<month>[0-9]{2})", "", "a*?", "(((a)))", "[[:alpha:]]+",
    #"\x{1F600}|\Q.*\E"#, "(?s:.)(?m:^)", "é+", "(a*)*", "x*", "$", "^",
  ]
  private static let words = [
    "*", "+", "?", "{2}", "{0,1000}", "{1001}", "{,3}", "(", ")", "(?:", "(?P<n>", "(?i)", "(?-s:",
    "[", "]", "[^", "-", "|", "^", "$", ".", "\\", "\\d", "\\D", "\\b", "\\B", "\\1", "\\pN",
    "\\p{Greek}", "\\C", "\\z", "\\A", "\\x", "\\x{10FFFF}", "\\Q", "\\E", "[:digit:]", "é", "𝕏",
    "\u{FEFF}", "a", "*?", "**", "(?=", "(?<=", "(?P=n)", "\u{301}", "ſ", "K",
  ]
  private static let texts = [
    "2024-11", "a@b.com", "xXxX", "# c\n", "ab", "é", "𝕏", "\r\n", "", "STRASSE straße", "\u{301}",
  ]
}
