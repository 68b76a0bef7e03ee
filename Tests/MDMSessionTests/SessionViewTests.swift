import Foundation
import MDMSession
import MDMSyntax
import Synchronization
import Testing

/// Completion and inspection from live values.
@Suite struct SessionViewTests {
  private let cells = CellEvaluator(Capture.silent)

  /// What is proposed at the end of a text.
  private func proposals(_ text: String) -> [String] {
    cells.view.complete(text, at: text.unicodeScalars.count).candidates.map(\.text)
  }

  @Test func functionsAreProposedWithUsageAndHelp() {
    let list = cells.view.complete("print(maxim", at: 11)
    #expect(list.start == 6 && list.end == 11)
    #expect(list.candidates.map(\.text) == ["maximize"])
    #expect(list.candidates[0].type.hasPrefix("maximize(law: Law"))
    #expect(list.candidates[0].kind == .function && !list.candidates[0].help.isEmpty)
  }

  @Test func boundNamesHaveTypesAndValues() {
    _ = cells.evaluate("let learning = 0.5")
    let found = cells.view.complete("lear", at: 4).candidates
    #expect(found == [.init("learning", .variable, type: "Float", help: "Float 0.5")])
  }

  @Test func fieldsOfValuesOfTheDomain() {
    _ = cells.evaluate("let suite = load(\"mini\")")
    #expect(proposals("suite.tr") == ["train"])
  }

  @Test func fieldsOfRecordsInRecords() {
    _ = cells.evaluate("let cfg = {model: {hidden: 64, heads: 4}, name: \"a\"}")
    #expect(proposals("cfg.model.h") == ["hidden", "heads"])
    #expect(proposals("cfg[\"mo") == ["model"])
  }

  @Test func methodsOfAType() {
    _ = cells.evaluate("let xs = [1]")
    #expect(proposals("xs.pus") == ["push"])
  }

  @Test func namedArgumentsComeFirst() {
    let found = cells.view.complete("train(p, m, se", at: 14).candidates
    #expect(found.first?.text == "seed: " && found.first?.kind == .argument)
    #expect(found.first?.type.hasPrefix("Int = ") == true)
    #expect(!proposals("train(p, m, seed: 1, se").contains("seed: "))
  }

  @Test func argumentsOfOwnFunctions() {
    _ = cells.evaluate("fn study(mixture, repeats: Int = 3) { mixture }")
    #expect(proposals("study(1, rep").first == "repeats: ")
    #expect(proposals("fn inner(alpha) { 1 }\ninner(al").first == "alpha: ")
  }

  @Test func membersOfAModule() {
    _ = cells.evaluate("use stats")
    #expect(proposals("stats.iq") == ["iqm", "iqr"])
    #expect(proposals("use st") == ["stats"])
  }

  @Test func datasetsAndPathsInStrings() throws {
    #expect(proposals("load(\"mi") == ["mini"])
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(
      at: folder.appending(path: "runs"), withIntermediateDirectories: true)
    try Data().write(to: folder.appending(path: "rows.csv"))
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = "read_csv(\"\(folder.path)/r"
    let list = cells.view.complete(text, at: text.count)
    #expect(list.candidates.map(\.text) == ["rows.csv", "runs/"])
    #expect(list.start == text.count - 1 && list.candidates[1].kind == .path)
  }

  @Test func nothingInComments() { #expect(proposals("1 # pri").isEmpty) }

  @Test func commandsAndQuestions() {
    #expect(proposals(":na") == [":names"])
    #expect(proposals("?grp") == ["grpo"])
  }

  @Test func offsetsCountUnicodeScalars() {
    let text = "print(\"é🙂\", maxim"
    let list = cells.view.complete(text, at: text.unicodeScalars.count)
    #expect(list.start == text.unicodeScalars.count - 5 && list.candidates.count == 1)
  }

  @Test func inspectionFollowsTheCursor() {
    #expect(cells.view.inspect("median([1])", at: 3)?.text.hasPrefix("median(") == true)
    #expect(cells.view.inspect("train(p, ", at: 9)?.text.hasPrefix("train(") == true)
    _ = cells.evaluate("let n = 3")
    #expect(cells.view.inspect("n", at: 1)?.text == "n: Int\nInt 3")
    #expect(cells.view.inspect("nothing_like_it", at: 4) == nil)
  }

  /// A view answers while its session runs: here from another thread, in the middle of an input.
  @Test func itAnswersWhileAnInputRuns() {
    let view = cells.view
    let found = Mutex<[String]>([])
    let interrupter = Interrupter(cells.session.interrupt) {
      found.withLock { $0 = view.complete("maxim", at: 5).candidates.map(\.text) }
    }
    #expect(cells.evaluate("while true { }").status == .interrupted)
    interrupter.stop()
    #expect(found.withLock { $0 } == ["maximize"])
  }
}
