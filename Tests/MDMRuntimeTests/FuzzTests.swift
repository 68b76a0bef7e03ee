import MDMRuntime
import MDMSyntax
import Testing

@Suite struct FuzzTests {
  private static let seeds = [
    "fn f(a, b = 2, ..c) {\n  var s = a\n  for x in c { s += x * b }\n  s\n}\nf(1, 2, 3, b: 4)",
    "let r = {a: 1, b: [1, 2, 3]}\nr.b[0] = r.a\nr.c = r.b[0..2]\nmatch r { {a, b: [x, ..y]} -> x + a, _ -> none }",
    "var i = 0\nwhile i < 10 {\n  i += 1\n  if i % 2 == 0 { continue }\n  try { [1, 2][i] } catch e { print(e.message) }\n}\ni",
    "let xs = list(0..10)\nxs |> map(fn(x) x ** 2) |> filter(fn(x) x % 3 == 1) |> sum()",
    "fn g(n) {\n  defer { print(n) }\n  if n > 3 { return n }\n  g(n + 1)\n}\nf\"{g(0):>5} {1.5:.2f}\".upper().split(\" \")",
    "let a = [1]\na.push(a)\nlet k = {x: a, \"y z\": 2}\nfor q, w in k { print(q, w == w) }\nlen(str(k)) + 9223372036854775807 // 3",
  ]
  private static let tokens = [
    "0", "-1", "none", "1.5", "\"é\"", "[]", "{}", "xs", "a", "(", ")", "+", "-", "*", "//", "%",
    "**", "..",
    "..=", "by", "[0]", ".len()", ".a", "?? 1", "9223372036854775807", "-9223372036854775807",
    "1e308", "5s",
    "3MB", "fn(x) x", "return 1", "break", "and true", "== 1", "in [1]", "~= 1 +- 0.1", "{\n",
    "}\n", "\n", ",",
  ]

  @Test func mutatedProgramsNeverTrap() {
    var state: UInt64 = 0x1234_5678_9ABC_DEF1
    let random = { (bound: Int) -> Int in
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
    var ran = 0
    for turn in 0..<8000 {
      var pieces = Self.seeds[turn % Self.seeds.count].split(
        separator: " ", omittingEmptySubsequences: false
      ).map(String.init)
      for _ in 0...random(3) {
        let position = random(pieces.count)
        switch random(4) {
        case 0: pieces[position] = Self.tokens[random(Self.tokens.count)]
        case 1: pieces.insert(Self.tokens[random(Self.tokens.count)], at: position)
        case 2: pieces[position] = pieces[random(pieces.count)]
        default: if pieces.count > 1 { pieces.remove(at: position) }
        }
      }
      var options = MachineOptions()
      options.memoryLimit = 50_000_000
      options.collectsAlways = turn % 8 == 0
      let flag = InterruptFlag()
      var lines = 0
      options.output = { _ in
        lines += 1
        if lines > 1000 { flag.requestInterrupt() }
      }
      let parsed = Parser.parse(SourceText(name: "fuzz", text: pieces.joined(separator: " ")))
      guard parsed.diagnostics.isEmpty else { continue }
      ran += 1
      let machine = Machine(options: options, interrupt: flag)
      let watch = Watch(flag, seconds: 0.05)
      if let result = try? machine.run(parsed.tree) { _ = machine.display(result) }
      watch.stop()
    }
    #expect(ran > 300)
  }
}
