import Foundation
import MDMRuntime
import MDMSyntax
import Testing

/// A small generator with a fixed seed.
private struct Dice {
  var state: UInt64

  mutating func roll(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state % UInt64(bound))
  }

  mutating func pick<T>(_ items: [T]) -> T { items[roll(items.count)] }
}

@Suite struct LibraryTests {
  /// More turns for a long run by hand: MDM_FUZZ=100 makes a hundred times as many.
  private static let factor =
    ProcessInfo.processInfo.environment["MDM_FUZZ"].flatMap { Int($0) } ?? 1

  /// A value that a native forgot to keep alive shows when every allocation may collect.
  @Test func examplesGiveTheSameWhenEverySafePointCollects() {
    for function in CoreLibrary.functions {
      for example in function.signature.examples {
        let calm = run(example.code)
        let busy = run(example.code) { $0.collectsAlways = true }
        #expect(calm.error == nil && busy.error == nil, "\(example.code)")
        #expect(calm.value == busy.value && calm.output == busy.output, "\(example.code)")
      }
    }
  }

  private static let values = [
    "0", "-1", "3", "9223372036854775807", "-9223372036854775807 - 1", "1.5", "-0.0", "inf", "nan",
    "1e300", "none", "true", "\"\"", "\"a\"", "\"añ😀 b\"", "\"1,2;3\"", "\"(\"",
    "r\"(\\w)(?<n>.)?\"",
    "regex(r\"a|(b)*\")", "regex(\"\")", "[]", "[1, 2, 2]", "[0.5, nan, -inf]", "[[1, 2], [3, 4]]",
    "[\"b\", \"a\"]", "[true, none]", "{}", "{a: 1, b: {c: [2]}}", "0..4", "fn(x) x",
    "fn(x) true", "fn(a, b) a", "fn() 1", "len", "5s", "3MB", "knot", "10 ** 17",
  ]

  /// Any arguments give a value or an error of the script.
  @Test func functionsTakeAnyArgumentsWithoutTraps() {
    var dice = Dice(state: 0x9E37_79B9_7F4A_7C15)
    let signatures = CoreLibrary.functions.map(\.signature)
    var finished = 0
    for turn in 0..<4000 * Self.factor {
      let signature = signatures[turn % signatures.count]
      let name = signature.name
      let needed = signature.parameters.filter { $0.defaultText == nil && !$0.isRest }.count
      let arguments = (0..<needed + dice.roll(3)).map { _ in dice.pick(Self.values) }
      let isMethod = dice.roll(3) == 0 && !arguments.isEmpty
      let call =
        isMethod
        ? "(\(arguments[0])).\(name)(\(arguments.dropFirst().joined(separator: ", ")))"
        : "\(name)(\(arguments.joined(separator: ", ")))"
      let text = "let knot = [1]\nknot.push(knot)\n\(call)"
      var options = MachineOptions()
      options.memoryLimit = 50_000_000
      options.collectsAlways = turn % 4 == 0
      let flag = InterruptFlag()
      guard let tree = try? parse(text) else {
        Issue.record("\(text) does not parse")
        continue
      }
      let machine = Machine(options: options, interrupt: flag)
      let watch = Watch(flag, seconds: 0.5)
      if let result = try? machine.run(tree) {
        _ = machine.display(result)
        finished += 1
      }
      watch.stop()
    }
    #expect(finished > 200)
  }

  private static let pieces = [
    "a", "b", "é", "😀", ".", "\\d", "\\w", "\\b", "^", "$", "|", "(", ")", "(?:", "(?<n>", "(?i)",
    "*", "+", "?", "*?", "{2}", "{1,3}", "{1000}", "[", "]", "[^a]", "[a-é]", "\\", "\\Q", "\\E",
    "(?=", "(?P<m>", "\\1", "\\pL", "\\x{e9}", "<", " ",
  ]

  /// Whatever the pattern: an error, or matches in order inside the text.
  @Test func patternsAreSafe() throws {
    var dice = Dice(state: 0xD1B5_4A32_D192_ED03)
    var compiled = 0
    for _ in 0..<3000 * Self.factor {
      let pattern = (0..<1 + dice.roll(8)).map { _ in dice.pick(Self.pieces) }.joined()
      let subject = (0..<dice.roll(12)).map { _ in dice.pick(["a", "b", "é", "😀", "1", " ", "\n"]) }
        .joined()
      let machine = Machine()
      machine.setGlobal("p", .string(pattern))
      machine.setGlobal("t", .string(subject))
      let tree = try parse(
        """
        let r = regex(p)
        let all = find_matches(t, r)
        var last = 0
        for m in all {
          assert m.start >= last and m.end >= m.start and m.end <= len(t)
          assert t[m.start..m.end] == m.text
          assert len(m.groups) == r.groups
          last = m.end
        }
        assert replace(t, r, "$0") == t
        assert replace(t, r, fn(m) m.text) == t
        assert count(t, r) == len(all)
        assert (r in t) == (len(all) > 0)
        assert (find_match(t, r) ?? {start: -1}).start == (find(t, r) ?? -1)
        assert not matches(t, r) or r in t
        assert len(join(split(t, r))) == len(t) - sum(map(all, fn(m) len(m.text)))
        """)
      do throws(ScriptError) {
        _ = try machine.run(tree)
        compiled += 1
      } catch {
        #expect(
          error.diagnostic.code == "E0430",
          "\(pattern) on \(subject): \(error.diagnostic.message) \(error.diagnostic.notes)")
      }
    }
    #expect(compiled > 500 && compiled < 3000 * Self.factor)
  }

  @Test func patternBombsAreRefusedOrQuick() {
    for pattern in [
      "((((x{30}){30}){30}){30})", "(x{1000}){1000}", "((a?){500}){2}", "[^x]{900}é{900}",
    ] {
      let outcome = run("matches(\"a\" * 1000, \"\(pattern)\")")
      #expect(outcome.error == nil || outcome.error?.diagnostic.code == "E0430")
    }
    #expect(code("regex(\"a\" * 100000)") == "E0430")
  }

  @Test func distancesAreThoseOfTheTable() {
    var dice = Dice(state: 77)
    for _ in 0..<300 {
      let word = { (length: Int) in
        (0..<length).map { _ in dice.pick(["a", "b", "c", "é"]) }.joined()
      }
      // Short texts go the way of bits, long ones that of rows.
      let (a, b) = (word(dice.roll(90)), word(dice.roll(90)))
      #expect(value("levenshtein(\"\(a)\", \"\(b)\")") == "\(Self.distance(a, b))", "\(a) \(b)")
    }
  }

  /// The textbook's table.
  private static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a.unicodeScalars), Array(b.unicodeScalars))
    var table = [[Int]](
      repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in 0...a.count { table[i][0] = i }
    for j in 0...b.count { table[0][j] = j }
    for i in 1..<max(a.count + 1, 1) {
      for j in 1..<max(b.count + 1, 1) {
        table[i][j] = min(
          table[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1), table[i - 1][j] + 1,
          table[i][j - 1] + 1)
      }
    }
    return table[a.count][b.count]
  }
}
