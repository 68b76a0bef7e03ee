import MDMBuiltins
import MDMSession
import MDMSyntax
import Testing

/// Inputs of a prompt and cells of a notebook.
@Suite struct CellEvaluatorTests {
  private final class Shown {
    var output = ""
    var presented: [(presentation: Presentation, id: String?, isUpdate: Bool)] = []
    var cleared: [Bool] = []
  }

  private let shown = Shown()
  private let cells: CellEvaluator

  init() {
    let shown = shown
    var options = SessionOptions(
      output: { shown.output += $0 }, errorOutput: { shown.output += "! " + $0 })
    options.present = { shown.presented.append(($0, $1, $2)) }
    options.clearOutput = { shown.cleared.append($0) }
    cells = CellEvaluator(options)
  }

  @Test func anInputHasANumberAValueAndATime() {
    let first = cells.evaluate("let x = 20")
    let second = cells.evaluate("x + 1")
    #expect(first.number == 1 && first.status == .finished && first.value == nil)
    #expect(second.number == 2 && second.value == Presentation(text: "21"))
    #expect(second.seconds >= 0 && shown.output.isEmpty)
  }

  @Test func earlierValuesHaveNumbers() {
    _ = cells.evaluate("40")
    _ = cells.evaluate("let y = 1")
    #expect(cells.evaluate("_1 + 2").value?.text == "42")
    #expect(cells.evaluate("_ + _3").value?.text == "84")
  }

  @Test func onlyTheLastTwentyValuesAreKept() {
    for value in 1...22 { _ = cells.evaluate("\(value)") }
    #expect(cells.evaluate("_3").value?.text == "3")
    #expect(cells.evaluate("_1").value == nil)
  }

  @Test func errorsAreInTheResultAndNameTheCell() {
    let rejected = cells.evaluate("prnt(1)")
    #expect(rejected.status == .rejected && rejected.error?.hint == "did you mean `print`?")
    #expect(rejected.error?.place?.source.name == "cell[1]")
    let failed = cells.evaluate("print(1)\n[1][3]")
    #expect(failed.status == .failed && failed.error?.code == "E0404")
    #expect(cells.evaluate("assert 1 > 2").status == .assertionFailed)
    #expect(shown.output == "1\n")
  }

  @Test func aLaterParamWithoutATypeKeepsTheTypeOfTheFirst() {
    _ = cells.evaluate("param lr: Float = 1e-4, \"peak\"\nparam on: Bool = false")
    #expect(cells.evaluate("param lr = 1\nlr").value?.text == "1.0")
    #expect(cells.evaluate("param on = \"true\"\non").value?.text == "true")
    let wrong = cells.evaluate("param lr = \"fast\"")
    #expect(wrong.error?.message == "`lr` is a Float, got String \"fast\"")
    #expect(cells.evaluate("param lr: String = \"fast\"\nlr").value?.text == "fast")
    #expect(cells.evaluate("param free = 2\nparam free_too = 1").status == .finished)
    #expect(cells.evaluate("param free = 2.5\nfree").value?.text == "2.5")
  }

  @Test func anInterruptEndsAnInputAndKeepsTheNames() {
    _ = cells.evaluate("let kept = 5")
    let interrupter = Interrupter(cells.session.interrupt)
    #expect(cells.evaluate("while true { }").status == .interrupted)
    interrupter.stop()
    _ = cells.evaluate("1")
    #expect(cells.evaluate("kept").value?.text == "5")
  }

  @Test(arguments: [
    // Each takes minutes.
    "design([\"a\", \"b\", \"c\", \"d\", \"e\", \"f\", \"g\"], kind: \"i-optimal\", runs: 900, model: \"full_cubic\")",
    "mean_interval(0..2000 |> map(fn(i) i * i), method: \"bca\", resamples: 10000000)",
  ])
  func anInterruptEndsWhatOneCallComputes(call: String) {
    let interrupter = Interrupter(cells.session.interrupt)
    #expect(cells.evaluate(call).status == .interrupted)
    interrupter.stop()
  }

  @Test func displayShowsAtOnceAndReplacesUnderAName() {
    _ = cells.evaluate("display(1)\ndisplay(2, id: \"a\")\ndisplay(3, id: \"a\")")
    #expect(shown.presented.map(\.presentation.text) == ["1", "2", "3"])
    #expect(shown.presented.map(\.id) == [nil, "a", "a"])
    #expect(shown.presented.map(\.isUpdate) == [false, false, true])
  }

  @Test func clearingGoesToTheFrontEnd() {
    _ = cells.evaluate("clear_output()\nclear_output(wait: true)")
    #expect(shown.cleared == [false, true])
  }

  @Test func aTableHasHTMLAndAPlotItsData() throws {
    let table = cells.evaluate("table({name: [\"a<b\"], score: [0.5]})").value
    #expect(table?.html?.contains("<td>a&lt;b</td><td style=\"text-align:right\">0.5</td>") == true)
    let plot = try #require(cells.evaluate("plot([1, 4, 9], title: \"squares\")").value)
    let bundle = try plot.bundle(columns: 60)
    #expect(
      bundle.parts.map(\.type).prefix(2) == ["image/svg+xml", "image/png"])
    guard case .text(let svg)? = bundle["image/svg+xml"],
      case .bytes(let png)? = bundle["image/png"]
    else {
      Issue.record("\(bundle.parts.map(\.type))")
      return
    }
    #expect(svg.contains("squares") && png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
  }

  @Test func questionsAreAnsweredWithAPage() {
    #expect(cells.evaluate("?grpo").page?.text.hasPrefix("grpo(group: Int = 8") == true)
    #expect(cells.evaluate("?\"low discrepancy nothing\"").error?.code == "E0814")
    #expect(cells.evaluate("?\"median\"").page?.text.contains("median") == true)
    let unknown = cells.evaluate("?grppo")
    #expect(unknown.status == .rejected && unknown.error?.hint == "did you mean `grpo`?")
  }

  @Test func twoQuestionMarksShowTheSource() {
    _ = cells.evaluate("## Doubles.\nfn twice(x) { x * 2 }\nlet y = 3")
    let page = cells.evaluate("??twice").page?.text ?? ""
    #expect(page.contains("Doubles.") && page.contains("{ x * 2 }") && !page.contains("let y"))
    #expect(cells.evaluate("??stats.iqr").page?.text.contains("pub fn iqr(") == true)
  }

  @Test func unknownCommandsSayWhatIsNear() {
    let result = cells.evaluate(":hepl")
    #expect(result.status == .rejected && result.error?.hint == "did you mean `:help`?")
  }

  @Test func leavingIsAsked() { #expect(cells.evaluate(":q").isLeaving) }
}
