import ArgumentParser
import Glibc
import MDMRuntime
import MDMSession
import MDMSyntax

/// A session wired to the process's streams, signals and clock.
final class FrontEnd {
  let progress = ProgressLine()
  let session: Session

  init() {
    let progress = progress
    var options = SessionOptions(
      output: {
        progress.clear()
        // A reader that went away (mdm … | head) ends the program quietly.
        if !Terminal.write($0) { Exit.now(Exit.success) }
      },
      errorOutput: {
        progress.clear()
        Terminal.write($0, to: 2)
      },
      live: { progress.show($0) })
    options.usesColor = Terminal.usesColor
    options.width = Terminal.width
    options.plotColumns = Terminal.isTerminal(1) ? Terminal.width : nil
    session = Session(options)
    Interrupts.route(to: session.interrupt)
  }

  /// The text of a file, or of standard input for `-`.
  func source(_ path: String) throws -> SourceText {
    do throws(ScriptError) {
      if path == "-" {
        guard let text = try FileText.read("/dev/stdin") else {
          throw ScriptError("E0801", "there is no standard input")
        }
        return SourceText(name: "<stdin>", text: text)
      }
      guard let text = try FileText.read(path) else {
        throw ScriptError(
          "E0801", "there is no file \(path)",
          hint: path.hasSuffix(".mdm") ? nil : "verbs are run, check, test, explain; see mdm --help"
        )
      }
      return SourceText(name: path, text: text)
    } catch {
      session.report([error.diagnostic])
      Exit.now(Exit.usage)
    }
  }

  /// Ends the run after a time such as `30s`, `5min` or `2h`.
  func stop(after text: String) throws {
    let units: [(String, Double)] = [("min", 60), ("ms", 0.001), ("s", 1), ("h", 3600)]
    guard let (unit, seconds) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), number > 0, number.isFinite
    else { throw ValidationError("--time-limit takes a time such as 30s, 5min or 2h.") }
    let interrupt = session.interrupt
    _ = Alarm(after: number * seconds) { interrupt.requestTimeLimit() }
  }

  /// Ends the process with the status that the outcome asks for.
  func leave(_ outcome: Session.Outcome) -> Never {
    progress.clear()
    if Interrupts.wasInterrupted { Exit.interrupted() }
    switch outcome {
    case .finished: Exit.now(Exit.success)
    case .rejected: Exit.now(Exit.usage)
    case .failed(.assertion): Exit.now(Exit.testFailure)
    case .failed(.timeLimit): Exit.now(Exit.timeLimit)
    case .failed(.interrupt): Exit.interrupted()
    case .failed: Exit.now(Exit.runtimeError)
    }
  }
}
