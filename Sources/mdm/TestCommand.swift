import ArgumentParser
import MDMRuntime
import MDMSession
import MDMSyntax

/// `mdm test FILE…`: runs scripts with their `test` blocks.
struct TestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "Run the test blocks of scripts.")

  @ArgumentParser.Argument(help: "Scripts.") var files: [String]

  func run() throws {
    var passed = 0
    var failed = 0
    var rejected = false
    for file in files {
      let front = FrontEnd()
      front.session.runsTests = true
      let source = try front.source(file)
      switch front.session.run(source) {
      case .finished: break
      case .rejected:
        rejected = true
        continue
      case .failed(.interrupt): Exit.interrupted()
      case .failed:
        failed += 1
        continue
      }
      for result in front.session.machine.runTests() {
        if result.errors.isEmpty {
          passed += 1
          Terminal.write("✔ \(result.name)\n")
          continue
        }
        failed += 1
        Terminal.write("✘ \(result.name)\n")
        front.session.report(result.errors.map(\.diagnostic))
        if result.errors.contains(where: { $0.kind == .interrupt }) { Exit.interrupted() }
      }
    }
    Terminal.write("\(passed) passed, \(failed) failed\n")
    Exit.now(rejected ? Exit.usage : failed > 0 ? Exit.testFailure : Exit.success)
  }
}
