import MDMBuiltins
import MDMStore
import MDMSyntax

/// What a session is given from outside: where text goes, and how wide it may be.
public struct SessionOptions {
  /// Takes what scripts print, newlines included.
  public var output: (String) -> Void
  /// Takes errors, warnings and what `eprint` writes.
  public var errorOutput: (String) -> Void
  /// Takes progress lines; each replaces the one before.
  public var live: (String) -> Void
  /// Takes what `display` shows; under an id that was shown before it replaces what is there. Nil: it
  /// is written as text.
  public var present: ((Presentation, _ id: String?, _ isUpdate: Bool) -> Void)?
  /// Takes `clear_output`; true keeps what is shown until something new comes.
  public var clearOutput: (_ wait: Bool) -> Void = { _ in }
  /// Takes diagnostics; nil: they are rendered for the error output.
  public var report: ((Diagnostic) -> Void)?
  /// The form in which the error output shows diagnostics.
  public var diagnosticFormat = DiagnosticFormat.text
  /// Colours diagnostics.
  public var usesColor = false
  /// Bytes that the values of scripts may take; nil: as many as the machine's own limit.
  public var memoryLimit: Int?
  /// Columns for printing.
  public var width = 100
  /// Columns for pictures, nil where the output is no terminal.
  public var plotColumns: Int?
  /// Where trainings are kept while they go on, for `attach` and `mdm runs`; nil: nowhere.
  public var runs: RunStore?
  /// Whether results of earlier sessions stand for calls of the same content, where there is a store.
  public var remembers = true
  /// The folder of the file that inputs come from, with `/` at its end, and what inputs are called
  /// before their number: the paths of modules are relative to it. Nil: to the current folder.
  public var inputPlace: (prefix: String, folder: String)?
  /// Collects unused values at every safe point: slow, for tests.
  public var collectsAlways = false

  public init(
    output: @escaping (String) -> Void, errorOutput: @escaping (String) -> Void,
    live: @escaping (String) -> Void = { _ in }
  ) {
    self.output = output
    self.errorOutput = errorOutput
    self.live = live
  }
}
