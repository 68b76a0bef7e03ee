import ArgumentParser
import Glibc
import MDMBuiltins
import MDMPlots
import MDMRuntime
import MDMSession
import MDMStore
import MDMSyntax

/// A session wired to the process's streams, signals and clock.
final class FrontEnd {
  let progress = ProgressLine()
  /// The session of a script; a REPL and a notebook have their evaluator's instead.
  private(set) lazy var session: Session = {
    let session = Session(options)
    Interrupts.route(to: session.interrupt)
    return session
  }()
  private let options: SessionOptions
  private let pictures = Pictures()

  /// - Parameters:
  ///   - diagnostics: how the error output shows diagnostics.
  ///   - memoryLimit: the bytes that values may take; nil: most of the machine's memory.
  init(_ diagnostics: DiagnosticFormat = .text, memoryLimit: Int? = nil) {
    let (progress, pictures) = (progress, pictures)
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
    options.diagnosticFormat = diagnostics
    options.usesColor = Terminal.usesColor(on: 2)
    options.width = Terminal.width
    options.memoryLimit = memoryLimit ?? Self.mostOfTheMemory
    options.runs = RunStore.standard
    if Terminal.isTerminal(1) {
      options.plotColumns = Terminal.width
      options.present = {
        [output = options.output, errorOutput = options.errorOutput] value, _, _ in
        Self.show(value, pictures, output, errorOutput)
      }
    }
    self.options = options
  }

  /// An evaluator of inputs with the same sinks; Ctrl-C goes to it from now on.
  func cells(named prefix: String) -> CellEvaluator {
    let cells = CellEvaluator(options, named: prefix)
    Interrupts.route(to: cells.session.interrupt)
    Exit.first = { cells.session.leaveJobs() }
    return cells
  }

  /// Writes what an input came to: diagnostics, the page of a command, the value.
  func show(_ result: CellResult) {
    let renderer = DiagnosticRenderer(colour: options.usesColor)
    for diagnostic in result.diagnostics {
      options.errorOutput(renderer.render(diagnostic, as: options.diagnosticFormat))
    }
    if let page = result.page { options.output(page.text + "\n") }
    guard let value = result.value else { return }
    if Terminal.isTerminal(1) {
      Self.show(value, pictures, options.output, options.errorOutput)
    } else {
      options.output(value.text + "\n")
    }
  }

  /// Writes a value to a terminal: its picture where it has one, else its text.
  private static func show(
    _ value: Presentation, _ pictures: Pictures, _ output: (String) -> Void,
    _ errorOutput: (String) -> Void
  ) {
    do throws(PlotError) {
      let drawn = try pictures.text(of: value)
      if let warning = pictures.takeWarning() { errorOutput("warning: \(warning)\n") }
      output(drawn ?? value.text + "\n")
    } catch {
      output(value.text + "\n")
      errorOutput("warning: \(error.description)\n")
    }
  }

  /// The text of a file, or of standard input for `-`; ends the program where there is none.
  func source(_ path: String) -> SourceText {
    switch load(path) {
    case .success(let source): return source
    case .failure(let error): refuse(error)
    }
  }

  /// The text of a file, or of standard input for `-`.
  func load(_ path: String) -> Result<SourceText, ScriptError> {
    do throws(ScriptError) {
      if path == "-" {
        guard let text = try FileText.read("/dev/stdin") else {
          throw ScriptError("E0801", "there is no standard input")
        }
        return .success(SourceText(name: "<stdin>", text: text))
      }
      // A script would be something else than its JSON.
      if path.hasSuffix(".ipynb") {
        throw ScriptError(
          "E0815", "\(path) is a notebook, not a script",
          hint: "mdm nb runs, tests and converts notebooks, mdm check checks them")
      }
      guard let text = try FileText.read(path) else {
        throw ScriptError(
          "E0801", "there is no file \(path)",
          hint: path.contains(".") || path.contains("/")
            ? nil : "mdm --help lists the verbs; a script ends in .mdm"
        )
      }
      return .success(SourceText(name: path, text: text))
    } catch {
      return .failure(error)
    }
  }

  /// The scripts that paths stand for, those below folders included; the current folder's where
  /// there are no paths.
  func scripts(_ paths: [String]) -> [String] {
    do throws(ScriptError) {
      return try ScriptFiles.find(paths.isEmpty ? ["."] : paths)
    } catch {
      refuse(error)
    }
  }

  /// Writes a remark of the prompt itself, dimmed where there are colours.
  func note(_ text: String) {
    write(Terminal.usesColor(on: 1) ? "\u{1B}[2m\(text)\u{1B}[22m\n" : text + "\n")
  }

  /// Writes text to the standard output; ends the program where nobody reads it any more.
  func write(_ text: String) {
    progress.clear()
    if !Terminal.write(text) { Exit.now(Exit.success) }
  }

  /// Writes a file that an option asked for.
  func write(_ text: String, toFile path: String) {
    do throws(ScriptError) {
      try FileText.write(text, to: path)
    } catch {
      refuse(error)
    }
  }

  /// Ends the program with an error in what it was called with.
  func refuse(_ error: ScriptError) -> Never {
    session.report([error.diagnostic])
    Exit.now(Exit.usage)
  }

  /// Ends the run after a time such as `30s`, `5min` or `2h`.
  func stop(after text: String) throws {
    let seconds = try Self.seconds(text, option: "--time-limit")
    let interrupt = session.interrupt
    _ = Alarm(after: seconds) { interrupt.requestTimeLimit() }
  }

  /// The bytes of a size such as `500MB` or `4GiB`.
  static func bytes(_ text: String, option: String) throws -> Int {
    let units: [(String, Double)] = [
      ("KiB", 0x1p10), ("MiB", 0x1p20), ("GiB", 0x1p30), ("KB", 1e3), ("MB", 1e6), ("GB", 1e9),
    ]
    guard let (unit, size) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), number > 0, number * size < 0x1p50
    else { throw ValidationError("\(option) takes a size such as 500MB or 4GiB.") }
    return Int(number * size)
  }

  /// Three quarters of what is built in, at most 16 GiB: a script that grows without end is told so
  /// before the machine swaps.
  static var mostOfTheMemory: Int {
    let (pages, size) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    guard pages > 0, size > 0 else { return 4 << 30 }
    return min(16 << 30, pages * size / 4 * 3)
  }

  /// The seconds of a time such as `30s`, `5min` or `2h`.
  static func seconds(_ text: String, option: String) throws -> Double {
    let units: [(String, Double)] = [("min", 60), ("ms", 0.001), ("s", 1), ("h", 3600)]
    guard let (unit, seconds) = units.first(where: { text.hasSuffix($0.0) }),
      let number = Double(text.dropLast(unit.count)), number > 0, number.isFinite
    else { throw ValidationError("\(option) takes a time such as 30s, 5min or 2h.") }
    return number * seconds
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
