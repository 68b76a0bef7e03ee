import Foundation
import MDMRuntime
import MDMSession
import MDMSyntax
import Testing

/// Every script under Tests/Scripts prints and ends in a fork of a machine as it does in the machine.
@Suite struct ForkedScriptTests {
  @Test(arguments: ScriptTests.scripts.filter { !$0.hasPrefix("jobs/") })
  func script(_ name: String) throws {
    let path = ScriptTests.root.appending(path: "Tests/Scripts/\(name)").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let source = SourceText(name: path, text: text)
    let direct = Capture()
    guard !direct.session.check(source).diagnostics.contains(where: { $0.severity == .error })
    else { return }
    _ = direct.session.run(source)

    let other = Capture()
    let machine = other.session.machine
    let function = try machine.chunk(Parser.parse(source).tree)
    let fork = machine.fork(function, options: machine.options, interrupt: machine.interrupt)
    do throws(ScriptError) { _ = try fork.run() } catch {
      // A value that cannot be copied out is no failure of the script.
      let isOfCopying = error.diagnostic.code == "E0423" && error.diagnostic.place == nil
      if !isOfCopying { other.session.report([error.diagnostic]) }
    }
    #expect(other.output.value == direct.output.value)
    let expected = ScriptTests.diagnostics(direct.errors.value)
    let found = ScriptTests.diagnostics(other.errors.value)
    // Lints come from the check, which the fork does not go through.
    #expect(found.filter { !$0.contains("[W03") } == expected.filter { !$0.contains("[W03") })
  }
}
