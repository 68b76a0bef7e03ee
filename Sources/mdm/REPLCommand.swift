import ArgumentParser
import Glibc
import MDMREPL
import MDMSession

/// `mdm` alone: the REPL.
struct REPLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl", abstract: "Start the REPL (what mdm does without arguments).")

  func run() throws {
    let front = FrontEnd()
    let conversation = Conversation(front)
    let repl = REPL(
      banner: "mdm 0.1.0  :help for help, Ctrl-D leaves", history: Self.historyFile)
    do throws(LineEditorError) {
      if try repl.run(conversation) == .interrupted { Exit.interrupted() }
    } catch {
      Terminal.write("mdm: \(error)\n", to: 2)
      Exit.now(Exit.runtimeError)
    }
    Exit.now(conversation.hasFailed && !Terminal.isTerminal(0) ? Exit.runtimeError : Exit.success)
  }

  // XDG's state folder, else ~/.local/state; none where there is no home.
  private static var historyFile: HistoryFile? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let base = variable("XDG_STATE_HOME") ?? variable("HOME").map { $0 + "/.local/state" }
    guard let base else { return nil }
    // A new home has neither of these folders; where they cannot be made, the editor says so.
    var made = ""
    for part in (base + "/mdm").split(separator: "/") {
      made += "/" + part
      mkdir(made, 0o700)
    }
    return HistoryFile(path: base + "/mdm/history")
  }
}
