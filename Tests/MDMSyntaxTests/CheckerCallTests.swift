import MDMDeclarations
import MDMSyntax
import Testing

@Suite struct CheckerCallTests {
  static let train = FunctionSignature(
    "train",
    [
      ParameterDeclaration("policy", .domain("Policy")), ParameterDeclaration("reward"),
      ParameterDeclaration("steps", .int, default: "100"),
    ], returns: .domain("Gadget"), family: "training", "Trains.")
  static let print = FunctionSignature(
    "print",
    [ParameterDeclaration("values", rest: true), ParameterDeclaration("end", default: "\"\"")],
    returns: .none, family: "output", "Prints.")

  static func check(_ text: String, domains: Set<String>? = nil) -> [Diagnostic] {
    let (tree, diagnostics) = TreeText.parse(text)
    guard diagnostics.isEmpty else { return diagnostics }
    return Checker(signatures: ["train": train, "print": print], domains: domains).check(tree)
  }

  @Test(arguments: [
    "train(1, 2)", "train(1, 2, 3)", "train(1, reward: 2, steps: 3)", "1 |> train(2)",
    "1 |> train(2, _)", "1 |> train(2, reward: _)", "train(..{policy: 1})",
    "print(1, 2, 3, end: 4)",
    "print()", "fn f(train) train(1, 2, 3, 4)\nf(1)", "let train = print\ntrain(1, 2, 3, 4)",
    "let g: Gadget = train(1, 2)", "1 |> print",
  ])
  func correct(text: String) { #expect(Self.check(text).isEmpty) }

  @Test(arguments: [
    ("train(1, 2, 3, 4)", "E0351"), ("1 |> train(2, 3, 4)", "E0351"),
    ("train(1, 2, step: 3)", "E0352"),
    ("print(1, values: 2)", "E0352"), ("train(1, 2, policy: 3)", "E0353"),
    ("train(1, 2, steps: 3, steps: 4)", "E0353"), ("1 |> train(2, policy: 3)", "E0353"),
    ("train(1)", "E0354"), ("1 |> train", "E0354"), ("print(1)(2, a: 1, a: 2)", "E0353"),
    ("let f = fn(a) a\nf(1, 2)", "E0351"), ("fn f() { g(1) }\nfn g() 1", "E0351"),
    ("reward fn r(c, e) -> 0..1 { 1 }\nr(1)", "E0354"), ("3(4)", "E0356"), ("train = 1", "E0304"),
    ("fn f(a = 1, b) a", "E0355"), ("budget(5min) { print(1) }", "E0352"),
  ])
  func faults(text: String, code: String) { #expect(Self.check(text).map(\.code) == [code]) }

  @Test func theUsageIsNoted() {
    let found = Self.check("train(1, 2, step: 3)").first
    #expect(found?.hint == "did you mean `steps`?")
    #expect(found?.notes == ["train(policy: Policy, reward, steps: Int = 100) -> Gadget"])
    let own = Self.check("fn f(a: Int, b = 2 * 3, ..c) a\nf(x: 1)").first
    #expect(own?.notes == ["f(a: Int, b = 2 * 3, ..c)"])
  }

  @Test func aGlobalHidesTheBuiltInOfItsName() {
    let checker = Checker(signatures: ["train": Self.train], globals: ["train"])
    #expect(checker.check(TreeText.parse("train(1, 2, 3, 4)").tree).isEmpty)
  }

  @Test func thePlaceIsTheArgumentThatTheUserWrote() {
    #expect(Self.check("train(1, 2, 3, 4)").first?.place?.span == Span(15, 16))
    #expect(Self.check("train(1, 2, step: 3)").first?.place?.span == Span(12, 16))
  }

  @Test(arguments: [
    ("mix {a: 30%, b: 80%}", "the mixture sums to 1.1, not 1"),
    ("mix {a: 20, b: 80}", "the mixture sums to 100, not 1"),
    ("mix {}", "a mixture names at least one domain"),
    ("mix {a: -0.5, b: 1.5}", "a weight cannot be negative"),
  ])
  func mixtures(text: String, message: String) {
    #expect(Self.check(text).map(\.message) == [message])
    #expect(Self.check(text).map(\.code) == ["E0361"])
  }

  @Test func mixturesWithThirdsAndComputedWeightsPass() {
    #expect(Self.check("mix {a: 0.1, b: 0.2, c: 0.7}").isEmpty)
    #expect(Self.check("mix {a: 1 / 3, b: 0.1}").isEmpty)
  }

  @Test func domainsAreCheckedWhereTheyAreKnown() {
    let found = Self.check("mix {coco: 20%, lsia: 80%}", domains: ["coco", "lisa"])
    #expect(found.map(\.code) == ["E0362"])
    #expect(found.first?.hint == "did you mean `lisa`?")
  }
}
