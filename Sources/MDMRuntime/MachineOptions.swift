import MDMSyntax

/// What a machine is given from outside: sinks, limits, mode.
public struct MachineOptions {
  /// `run` skips `test` blocks; `test` collects them.
  public enum Mode: Sendable { case run, test }

  /// What `use` asks for.
  public struct ModuleRequest: Sendable {
    /// The name, or the path as written.
    public let name: String
    public let isPath: Bool
    /// The name of the source text that asks.
    public let importer: String

    public init(name: String, isPath: Bool, importer: String) {
      self.name = name
      self.isPath = isPath
      self.importer = importer
    }
  }

  public var mode = Mode.run
  /// Takes the text of `print`, newline included.
  public var output: (String) -> Void = { _ in }
  /// Takes the text of `eprint`.
  public var errorOutput: (String) -> Void = { _ in }
  /// Takes warnings of a run.
  public var report: (Diagnostic) -> Void = { _ in }
  /// Takes progress lines.
  public var live: (String) -> Void = { _ in }
  /// Takes what `display` shows: the value, its text, and the name under which later calls replace
  /// it; nil: the text is printed.
  public var show: ((_ value: Datum, _ text: String, _ id: String?) -> Void)?
  /// Takes `clear_output`; true keeps what is shown until something new comes.
  public var clearOutput: (Bool) -> Void = { _ in }
  /// Gives the source text of a module, nil where there is none. Equal `SourceText.name`s are one
  /// module, loaded once.
  public var moduleLoader: (ModuleRequest) throws -> SourceText? = { _ in nil }
  /// Values for `param`s; a String is read as the declared type where that is not String.
  public var parameters: [String: Datum] = [:]
  /// Bytes that script values may take; nil: 16 GiB.
  public var memoryLimit: Int?
  /// Script calls that may be open at once.
  public var depthLimit = 100_000
  /// Columns for printing.
  public var width = 80
  /// Collects at every safe point: slow, for tests.
  public var collectsAlways = false

  public init() {}
}
