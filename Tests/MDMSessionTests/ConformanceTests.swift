import Foundation
import MDMBuiltins
import MDMRuntime
import MDMSyntax
import Testing

/// The specification and the scripts belong together: docs/language/reference.md names its rules as
/// `[topic.rule]`, a script the rules that it holds as `# rule: topic.rule`.
@Suite struct ConformanceTests {
  private static let texts = ScriptTests.scripts.map { name in
    let path = ScriptTests.root.appending(path: "Tests/Scripts/\(name)").path
    return (name: name, text: (try? String(contentsOfFile: path, encoding: .utf8)) ?? "")
  }

  private static let rules: Set<String> = {
    let path = ScriptTests.root.appending(path: "docs/language/reference.md").path
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return Set(text.matches(of: #/(?m)^- `\[([a-z_.]+)\]` /#).map { String($0.1) })
  }()

  private static func rules(of text: String) -> [String] {
    text.matches(of: #/# rule: (\S+)/#).map { String($0.1) }
  }

  @Test func everyRuleHasAScript() {
    let held = Set(Self.texts.flatMap { Self.rules(of: $0.text) })
    #expect(Self.rules.count > 100)
    #expect(Self.rules.subtracting(held).sorted() == [])
  }

  @Test func everyScriptNamesRulesThatExist() {
    for (name, text) in Self.texts {
      let named = Self.rules(of: text)
      #expect(!named.isEmpty, "\(name) names no rule")
      #expect(named.filter { !Self.rules.contains($0) } == [], "\(name)")
    }
  }

  @Test func thereAreFourHundredScripts() { #expect(Self.texts.count >= 400) }

  /// What a script alone cannot bring about, and where it is tested.
  private static let elsewhere: Set<String> = [
    "E0362",  // needs a session that knows the datasets' names: CheckerTests
    "E0422",  // a param from the command line: MachineTests
    "E0451",  // an example of a doc comment: MDMTestingTests
    "E0460", "E0461", "E0463",  // an interrupt, a time limit, fuel: MachineTests
    "E0421",  // a module that changes between the check and its loading
    "E0811", "E0812",  // questions of the command line: MDMExecutableTests
    "E0813",  // a fault of the formatter
    "W0803",  // a folder of runs that cannot be written: RunStoreTests
    "E0804", "W0804",  // stores and checkpoints that cannot be read: StoreFaultTests
    "E0814",  // a command of the prompt: CellEvaluatorTests
    "E0815", "E0816",  // a file that is no notebook: MDMExecutableTests
  ]

  @Test func everyCodeIsProducedByAScript() {
    let codes =
      DiagnosticCatalogue.syntax.map(\.code) + RuntimeCode.allCases.map(\.rawValue)
      + BuiltinCodes.explanations.keys
    // Expected at a place, or printed by a script that catches it.
    let produced = Set(
      Self.texts.flatMap { $0.text.matches(of: #/\b([EW]0[0-9]{3})\b/#) }.map { String($0.1) })
    #expect(Set(codes).subtracting(produced).subtracting(Self.elsewhere).sorted() == [])
  }
}
