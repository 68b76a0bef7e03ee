import ArgumentParser
import Glibc
import MDMREPL

/// `mdm` alone: the REPL.
struct REPLCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repl", abstract: "Start the REPL (what mdm does without arguments).",
    discussion: """
      On a terminal ~/.config/mdm/init.mdm runs first. MDM_PLOT=sixel|kitty|braille|dumb|off says how
      pictures are shown; otherwise the terminal is asked. NO_COLOR turns colours off.
      """)

  @Flag(name: .customLong("no-init"), help: "Do not run ~/.config/mdm/init.mdm.")
  var skipsStartFile = false

  func run() throws {
    let isInteractive = Terminal.isTerminal(0) && Terminal.isTerminal(1)
    let front = FrontEnd()
    let conversation = Conversation(front, isInteractive: isInteractive)
    let repl = REPL(
      banner: "mdm \(MDM.version)  :help for help, Ctrl-D leaves",
      isColored: Terminal.usesColor(on: 1))
    if isInteractive, !skipsStartFile, let path = UserFiles.start { conversation.start(path) }
    if isInteractive { conversation.tellOfJobs(repl.announcements) }
    do throws(LineEditorError) {
      let ending = try repl.run(conversation)
      conversation.end()
      switch ending {
      case .endOfInput: break
      case .interrupted: Exit.interrupted()
      case .signalled(let number): Exit.signalled(number)
      }
    } catch {
      Terminal.write("mdm: \(error)\n", to: 2)
      Exit.now(Exit.runtimeError)
    }
    Exit.now(conversation.hasFailed && !Terminal.isTerminal(0) ? Exit.runtimeError : Exit.success)
  }
}
