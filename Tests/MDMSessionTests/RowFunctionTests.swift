import MDMSession
import Testing

/// Short functions of a row are computed for whole columns, and nothing may tell: they give what
/// calling the function row by row gives, errors included.
@Suite struct RowFunctionTests {
  private static let prelude = """
    let lim = 3
    let word = "ab"
    let t = table({i: [3, -2, 7, 0], j: [2, 5, -3, 4], f: [0.5, -1.25, nan, 3.0],
      m: [1, none, 3, none], s: ["a", "bc", "", "a"], b: [true, false, false, true],
      g: [none, "a", "zz", none], x: [1, "a", none, 2.5],
      w: [9007199254740993, 3, 9223372036854775807, -9223372036854775807]})
    fn values(f) {
      let made = t |> with({out: f}) |> select("out")
      str(made.out) + " " + describe(made).type[0]
    }
    fn rows(f) str((t |> where(f)).i)
    fn told(question, f) try { question(f) } catch e { e.code + " " + e.message }
    fn compare(text, short, long) {
      for question in [values, rows] {
        let given = told(question, short)
        let expected = told(question, long)
        if given != expected { print(text, "gives", given, "and row by row", expected) }
      }
    }

    """
  private static let fields = ["r.i", "r.j", "r.f", "r.m", "r.s", "r.b", "r.g", "r.x", "r.w"]
  private static let others = [
    "2", "0", "-1", "2.5", "\"a\"", "true", "none", "lim", "word", "r.no",
  ]
  private static let operators = [
    "+", "-", "*", "/", "//", "%", "**", "<", "<=", ">", ">=", "==", "!=", "and", "or", "??", "in",
  ]
  private static let functions = [
    "sqrt", "exp", "log", "log2", "log10", "sin", "cos", "tanh", "abs", "int", "round", "floor",
    "ceil", "float", "len", "is_finite", "is_nan", "sign", "str",
  ]

  /// Runs expressions as short functions, which columns compute, and as ones of two statements, which
  /// they do not.
  private static func differences(_ expressions: [String]) -> String {
    let capture = Capture()
    var text = prelude
    for expression in expressions {
      text += "compare(r\"\"\" \(expression) \"\"\", fn(r) \(expression), "
      text += "fn(r) {\n  let _two = 2\n  \(expression)\n})\n"
    }
    capture.run(text)
    let errors = capture.errors.value.split(separator: "\n").filter { $0.hasPrefix("error") }
    return capture.output.value + errors.joined(separator: "\n")
  }

  @Test func aDifferenceIsSeen() {
    let capture = Capture()
    capture.run(Self.prelude + "compare(\"i and j\", fn(r) r.i, fn(r) {\n  let _two = 2\n  r.j\n})")
    let expected = "i and j gives [3, -2, 7, 0] Int and row by row [2, 5, -3, 4] Int\n"
    #expect(capture.output.value.hasPrefix(expected))
  }

  @Test(arguments: operators) func operatorsAgree(_ operation: String) {
    let all = Self.fields + Self.others
    let expressions = all.flatMap { left in
      all.filter { Self.fields.contains(left) || Self.fields.contains($0) }.map {
        "\(left) \(operation) \($0)"
      }
    }
    #expect(Self.differences(expressions) == "")
  }

  @Test func functionsAgree() {
    let all = Self.fields + Self.others
    let pairs = Self.fields.flatMap { left in all.map { "(\(left), \($0))" } }
    let expressions =
      Self.functions.flatMap { name in all.map { "\(name)(\($0))" } }
      + ["min", "max", "round", "log"].flatMap { name in pairs.map { name + $0 } }
      + all.flatMap { ["-\($0)", "not \($0)"] }
    #expect(Self.differences(expressions) == "")
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64]) func nestedExpressionsAgree(_ seed: UInt64) {
    var state = seed
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    let atoms = Self.fields + Self.others
    let lists = ["[1, 2.5, none]", "[\"a\", \"c\"]", "[true]", "[]"]
    func expression(_ depth: Int) -> String {
      if depth == 0 { return atoms[next(atoms.count)] }
      let first = expression(depth - 1)
      switch next(10) {
      case 0: return first
      case 1: return "(-\(first))"
      case 2: return "(not \(first))"
      case 3: return "\(Self.functions[next(Self.functions.count)])(\(first))"
      case 4: return "(\(first) in \(lists[next(lists.count)]))"
      case 5:
        let (then, otherwise) = (expression(depth - 1), expression(depth - 1))
        return "(if \(first) { \(then) } else { \(otherwise) })"
      default:
        let operation = Self.operators[next(Self.operators.count)]
        return "(\(first) \(operation) \(expression(depth - 1)))"
      }
    }
    #expect(Self.differences((0..<400).map { expression(2 + $0 % 2) }) == "")
  }

  @Test func groupsAgree() {
    let capture = Capture()
    capture.run(
      Self.prelude + """
        let grouped = t |> with({key: fn(r) r.i > 0}) |> group("key")
        for pair in [
          [fn(g) mean(g.j), fn(g) { let xs = g.j
            mean(xs) }],
          [fn(g) sum(g.w), fn(g) { let xs = g.w
            sum(xs) }],
          [fn(g) max(g.f) - min(g.f), fn(g) { let xs = g.f
            max(xs) - min(xs) }],
          [fn(g) mean(g.m), fn(g) { let xs = g.m
            mean(xs) }],
          [fn(g) std(g.i) + len(g), fn(g) { let xs = g.i
            std(xs) + len(g) }],
          [fn(g) median(g.s), fn(g) { let xs = g.s
            median(xs) }],
        ] {
          let answers = map(pair, fn(f) told(fn(f) str((grouped |> summarize({out: f})).out), f))
          if answers[0] != answers[1] { print(answers[0], "\\nrow by row\\n", answers[1]) }
        }
        """)
    #expect(capture.output.value == "")
    #expect(!capture.errors.value.contains("error["))
  }
}
