import MDMBuiltins
import MDMSyntax

/// What an input of a REPL or a cell of a notebook came to.
public struct CellResult: Sendable {
  /// How it ended.
  public enum Status: Sendable, Equatable {
    case finished
    /// Parsing or checking found errors; nothing ran.
    case rejected
    case failed
    case assertionFailed
    case interrupted
    case timeLimit
  }

  /// The number in `repl[7]` and `cell[3]`.
  public var number: Int
  public var status: Status
  /// The last expression's value; nil for `none`.
  public var value: Presentation?
  /// Errors and warnings, in order; they have not been written anywhere.
  public var diagnostics: [Diagnostic] = []
  /// What a command such as `?name` answers.
  public var page: Presentation?
  /// How long it took.
  public var seconds = 0.0
  /// The user asked to leave.
  public var isLeaving = false

  public init(number: Int, status: Status, value: Presentation? = nil) {
    self.number = number
    self.status = status
    self.value = value
  }

  /// The first error, if any.
  public var error: Diagnostic? { diagnostics.first { $0.severity == .error } }
}
