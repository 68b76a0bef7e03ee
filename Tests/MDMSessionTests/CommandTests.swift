import Foundation
import MDMBuiltins
import MDMSession
import MDMSyntax
import Testing

/// The commands of a prompt, which notebook cells and the kernel know too.
@Suite struct CommandTests {
  private final class Shown { var output = "" }

  private let shown = Shown()
  private let cells: CellEvaluator

  init() {
    let shown = shown
    cells = CellEvaluator(
      SessionOptions(output: { shown.output += $0 }, errorOutput: { shown.output += $0 }))
  }

  private func page(_ input: String) -> String { cells.evaluate(input).page?.text ?? "" }

  private func folder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test(arguments: CellCommands.all.map(\.name))
  func everyCommandSaysWhatItIsFor(_ name: String) {
    let help = page(":help")
    #expect(help.contains("\n\(name)") || help.hasPrefix(name))
    let command = CellCommands.all.first { $0.name == name }
    #expect(command?.summary.hasSuffix(".") == true)
  }

  @Test func aMisspeltCommandIsToldTheNearest() {
    let result = cells.evaluate(":tiem 1")
    #expect(result.status == .rejected && result.error?.hint == "did you mean `:time`?")
  }

  @Test func timeGivesTheValueAndSaysHowLong() {
    let result = cells.evaluate(":time let x = 6 * 7\nx")
    #expect(result.value?.text == "42" && result.status == .finished)
    #expect(shown.output.contains("of the processor"))
    #expect(cells.evaluate("x").value?.text == "42")
    #expect(cells.evaluate(":time nosuch").status == .rejected)
    #expect(cells.evaluate(":time [1][2]").status == .failed)
  }

  @Test func benchTellsMedianAndSpread() {
    _ = cells.evaluate("let xs = [3, 1, 2]")
    let text = page(":bench sort(xs)")
    #expect(text.contains("median") && text.contains("half of the runs between"))
    #expect(text.contains("processor") && text.contains("samples of"))
    #expect(cells.evaluate("_").value == nil)
  }

  @Test func benchPointsIntoWhatWasWritten() {
    let error = cells.evaluate(":bench srot([1])").error
    #expect(error?.hint == "did you mean `sort`?")
    #expect(error?.place.map { Int($0.span.start) } == 0)
  }

  @Test func profileNamesLinesAndFunctions() {
    _ = cells.evaluate(
      """
      fn slow(n) {
        let xs = list(0..n)
        sort(xs |> map(fn(x) -x))
      }
      """)
    let text = page(":profile for i in 0..60 { slow(20000) }")
    #expect(text.contains("samples") && text.contains("cell[1]:3"))
    #expect(text.contains("built-in functions") && text.contains("sort"))
  }

  @Test func profilingLeavesInterruptsAndTrainingAlone() {
    let text = page(
      ":profile train(policy(\"mini\"), uniform(load(\"mini\")), steps: 2, evaluate: 0).status")
    #expect(text.contains("train"))
    #expect(cells.evaluate("_").value?.text == "complete")
  }

  @Test func whyTellsInputsAndWhatWentIn() {
    _ = cells.evaluate("let suite = load(\"mini\")")
    _ = cells.evaluate("let factor = 2")
    _ = cells.evaluate(
      "let run = train(policy(\"mini\"), uniform(suite), steps: factor // 2, evaluate: 0)")
    let text = page(":why run")
    #expect(text.contains("run: Run uniform, seed 0"))
    #expect(text.contains("base: ") || text.contains("base "))
    #expect(text.contains("cell[3]: let run = train("))
    #expect(text.contains("├ suite: ") && text.contains("cell[1]: let suite"))
    #expect(text.contains("└ factor: ") && text.contains("cell[2]: let factor = 2"))
    _ = cells.evaluate("let factor = 3")
    #expect(page(":why run").contains("bound again since"))
    #expect(cells.evaluate(":why nosuch").status == .rejected)
  }

  @Test func traceShowsAllCallsOfTheLastError() {
    #expect(page(":trace") == "nothing has failed yet")
    _ = cells.evaluate("fn f(n) { if n == 0 { [1][5] } else { f(n - 1) } }")
    let error = cells.evaluate("f(20)").error
    #expect(error?.trace.count == 8)
    let text = page(":trace")
    #expect(text.contains("E0404") && text.contains("  22  `f` at cell[2]:1:"))
  }

  @Test func reloadSwapsTheFunctionsOfUsedFiles() throws {
    let folder = try folder()
    let file = folder.appending(path: "helpers.mdm")
    try Data("pub fn f(x) x + 1\npub fn twice(x) f(f(x))\n".utf8).write(to: file)
    _ = cells.evaluate("use \"\(file.path)\" as h")
    _ = cells.evaluate("use \"\(file.path)\": f")
    #expect(cells.evaluate("[h.f(1), f(1), h.twice(1)]").value?.text == "[2, 2, 3]")
    #expect(page(":reload") == "no file has changed")
    try Data("pub fn f(x) x + 10\npub fn twice(x) f(f(x))\npub fn g() 5\n".utf8).write(to: file)
    #expect(page(":reload").contains("new: g"))
    #expect(cells.evaluate("[h.f(1), f(1), h.twice(1), h.g()]").value?.text == "[11, 11, 21, 5]")
  }

  @Test func aFileThatIsBrokenLeavesTheOldFunctions() throws {
    let file = try folder().appending(path: "helpers.mdm")
    try Data("pub fn f(x) x + 1\n".utf8).write(to: file)
    _ = cells.evaluate("use \"\(file.path)\" as h")
    try Data("pub fn f(x) x +\n".utf8).write(to: file)
    let result = cells.evaluate(":reload")
    #expect(result.status == .rejected && result.error?.place?.source.name == file.path)
    try Data("pub fn f(x) x\nlet y = [1][3]\n".utf8).write(to: file)
    #expect(cells.evaluate(":reload").status == .failed)
    #expect(cells.evaluate("h.f(1)").value?.text == "2")
  }

  @Test func historyListsTheSessionAndSearchesAll() throws {
    _ = cells.evaluate("let a = 1")
    _ = cells.evaluate("nosuch")
    #expect(page(":history") == "1  let a = 1\n2  ✗ nosuch")
    #expect(cells.evaluate(":history x").status == .rejected)
    let history = InputHistory(path: try folder().appending(path: "h.jsonl").path, source: "repl")
    try history.append("let alpha = 1", number: 1)
    try history.append("other", number: 2)
    cells.history = history
    #expect(page(":history alpha").contains("/1  let alpha = 1"))
    #expect(page(":history alpha").contains("other") == false)
    #expect(page(":history zzz") == "no input fits zzz")
  }

  @Test func saveWritesANotebookThatRuns() throws {
    _ = cells.evaluate("let a = 1")
    _ = cells.evaluate("nosuch(\na)")
    _ = cells.evaluate(":time a")
    _ = cells.evaluate("a + 1")
    let path = try folder().appending(path: "deep/session.mdm").path
    #expect(page(":save \(path)") == "\(path): 4 cells")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      text == "# %%\nlet a = 1\n\n# %%\n# nosuch(\n# a)\n\n# %%\n# :time a\n\n# %%\na + 1\n")
    #expect(cells.evaluate(":save \(path)").status == .rejected)
    #expect(cells.evaluate(":save -f \(path)").status == .finished)
  }

  @Test func examplesRunBesideTheSession() {
    _ = cells.evaluate("let x = 5")
    #expect(cells.evaluate(":example map").status == .finished)
    #expect(shown.output.hasPrefix("mdm> "))
    #expect(cells.evaluate("x").value?.text == "5")
    #expect(cells.evaluate(":example nosuch").status == .rejected)
  }

  @Test func examplesOfOnesOwnFunctionsRunToo() {
    _ = cells.evaluate("## Adds one.\n##\n##     more(2)\n##     # 3\nfn more(x) x + 1")
    #expect(cells.evaluate(":example more").status == .finished)
    #expect(shown.output == "mdm> more(2)\n3\n")
  }

  @Test func docShowsThePageAndItsSiblings() {
    #expect(page(":doc map").contains("See also"))
    #expect(page(":doc plots").contains("bars("))
    #expect(cells.evaluate(":doc nosuch").status == .rejected)
  }

  @Test func theShellIsForThoseWhoMay() throws {
    #expect(cells.evaluate(":!echo hello").status == .rejected)
    cells.allowsShell = true
    #expect(cells.evaluate(":!echo größe; exit 3").error?.message == "it ended with status 3")
    #expect(shown.output == "größe\n")
  }

  @Test func curvesAreShownAsSparklines() {
    _ = cells.evaluate("[1, 2, 3, 4, 5, 6, 7, 8]")
    #expect(cells.sparklines(columns: 80)?.text == "▁▂▃▄▅▆▇█  8 from 1 to 8\n")
    _ = cells.evaluate("{loss: list(0..9), reward: list(0..9)}")
    #expect(cells.sparklines(columns: 80)?.text.hasPrefix("loss    ▁") == true)
    _ = cells.evaluate("[1, 2]")
    #expect(cells.sparklines(columns: 80)?.text == nil)
  }
}
