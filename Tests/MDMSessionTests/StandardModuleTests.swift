import Foundation
import MDMBuiltins
import MDMDeclarations
import MDMSession
import MDMSyntax
import Testing

/// The modules of stdlib/ document themselves, and their examples run.
@Suite struct StandardModuleTests {
  private static let examples: [(module: String, name: String, code: String, prints: String?)] = {
    Capture().session.standardModules.flatMap { module in
      module.functions.flatMap { function in
        function.examples.map { (module.name, function.name, $0.code, $0.prints) }
      }
    }
  }()

  @Test func everyFunctionHasASentence() {
    let modules = Capture().session.standardModules
    #expect(modules.map(\.name).contains("stats"))
    for module in modules {
      #expect(!module.functions.isEmpty)
      for function in module.functions {
        #expect(function.summary.hasSuffix("."), "\(module.name).\(function.name)")
        #expect(!function.examples.isEmpty, "\(function.name)")
      }
    }
  }

  @Test(arguments: examples.indices) func example(_ index: Int) {
    let example = Self.examples[index]
    let capture = Capture()
    guard case .finished(let value) = capture.run("use \(example.module)\n\(example.code)") else {
      Issue.record("\(example.name): \(capture.errors.value)")
      return
    }
    #expect(example.prints != nil)
    #expect(capture.session.display(value) == example.prints, "\(example.name)")
  }

  @Test func helpKnowsModulesAndTheirFunctions() {
    let view = CellEvaluator(Capture.silent).view
    let lines = view.help("stats")?.text.split(separator: "\n") ?? []
    #expect(lines.contains { $0.hasPrefix("stats.iqr ") && $0.hasSuffix(" quartile.") })
    #expect(view.help("stats.iqr")?.text.hasPrefix("iqr(xs)") == true)
    #expect(view.help("stats.nothing") == nil && view.help("nothing.iqr") == nil)
  }

  /// The blocks of the guide are one script; it prints what its comments say and passes its tests.
  @Test func theGuideToRewardsRuns() throws {
    let page = try String(
      contentsOf: ScriptTests.root.appending(path: "docs/language/writing-a-reward.md"),
      encoding: .utf8)
    let blocks = page.components(separatedBy: "```mdm\n").dropFirst().map {
      $0.components(separatedBy: "```")[0]
    }
    let text = blocks.joined(separator: "\n")
    let expected = text.components(separatedBy: "\n").compactMap { line in
      line.range(of: "# expect: ").map { String(line[$0.upperBound...]) }
    }
    let capture = Capture()
    capture.session.runsTests = true
    guard case .finished = capture.run(text) else {
      Issue.record("\(capture.errors.value)")
      return
    }
    #expect(capture.output.value == expected.map { $0 + "\n" }.joined())
    #expect(expected.count >= 5)
    let results = capture.session.machine.runTests()
    #expect(results.count == 4 && results.allSatisfy { $0.errors.isEmpty })
  }
}
