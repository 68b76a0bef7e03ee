import MDMBuiltins
import MDMSession
import MDMSyntax
import Testing

@Suite struct SessionTests {
  @Test func nothingRunsWhereTheCheckFindsAnError() {
    let capture = Capture()
    let outcome = capture.run("print(1)\nprnt(2)")
    #expect(capture.output.value.isEmpty)
    #expect(capture.errors.value.contains("did you mean `print`?"))
    guard case .rejected = outcome else {
      Issue.record("ran")
      return
    }
  }

  @Test func chunksShareNamesAndTheLastValue() {
    let capture = Capture()
    capture.run("let x = 20", form: .chunk)
    capture.run("x + 1", form: .chunk)
    capture.run("let x = _ * 2", form: .chunk)
    capture.run("print(x)", form: .chunk)
    #expect(capture.output.value == "42\n")
  }

  @Test func everyCodeOfTheBuiltInsIsExplained() {
    for code in BuiltinCodes.explanations.keys { #expect(Explanations.text(code) != nil) }
    #expect(Explanations.text("E0301")?.isEmpty == false)
    #expect(Explanations.text("E0402")?.isEmpty == false)
    #expect(Explanations.text("E9999") == nil)
  }

  @Test func aMixtureHasToSumToOneBeforeAnythingRuns() {
    let capture = Capture()
    capture.run("print(1)\nlet m = mix {coco: 60%, sat: 50%}")
    #expect(capture.output.value.isEmpty)
    #expect(capture.errors.value.contains("sums to 1.1"))
  }

  @Test func theStandardLibraryCanBeUsed() {
    let capture = Capture()
    capture.run(
      """
      use experiments: compare
      print(compare([1, 2.5, 3], [0, 1, 2.5], fn(x) x))
      """)
    #expect(capture.output.value.hasPrefix("score: +1.0000, 95% interval"))
  }

  @Test func parametersOfAScriptAreListedWithTheirDefaults() {
    let source = SourceText(name: "p.mdm", text: "param steps: Int = 60, \"how many\"")
    let parameters = ScriptParameter.all(of: Parser.parse(source).tree)
    #expect(parameters.map(\.usage) == ["  --steps Int             how many (default 60)"])
  }
}

@Suite struct DoctestTests {
  static let examples: [(name: String, family: String, code: String, prints: String?)] = {
    Capture().session.machine.signatures.flatMap { signature in
      signature.examples.map { (signature.name, signature.family, $0.code, $0.prints) }
    }
  }()

  /// What shows pictures where it is called has nothing to give.
  private static let unseen: Set<String> = ["display", "show"]

  @Test func everyFunctionHasAnExample() {
    let shown = Set(Self.examples.map(\.name))
    let all = Set(Capture().session.machine.signatures.map(\.name))
    #expect(all.subtracting(shown).subtracting(Self.unseen).sorted() == [])
  }

  /// A value that a function forgot to keep alive shows when every allocation may collect.
  @Test(arguments: ["files", "json", "random", "time"])
  func examplesGiveTheSameWhenEverySafePointCollects(_ family: String) {
    let examples = Self.examples.filter { $0.family == family }
    #expect(!examples.isEmpty)
    let capture = Capture { $0.collectsAlways = true }
    for example in examples {
      // A chunk may declare names again, so one session runs them all.
      guard case .finished(let value) = capture.run(example.code, form: .chunk) else {
        Issue.record("\(example.name): \(capture.errors.value)")
        continue
      }
      if let prints = example.prints {
        #expect(Self.trimmed(capture.session.display(value)) == prints, "\(example.name)")
      }
    }
  }

  private static func trimmed(_ text: String) -> String {
    String(text.reversed().drop { $0 == "\n" }.reversed())
  }

  /// Every example in help and reference runs and prints what it says.
  @Test(arguments: examples.indices) func example(_ index: Int) {
    let example = Self.examples[index]
    let capture = Capture()
    guard case .finished(let value) = capture.run(example.code) else {
      Issue.record("\(example.name): \(capture.errors.value)")
      return
    }
    if let prints = example.prints {
      let shown = capture.output.value + (value.isNone ? "" : capture.session.display(value))
      #expect(Self.trimmed(shown) == prints, "\(example.name)")
    }
  }
}
