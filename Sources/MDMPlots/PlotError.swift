/// What can go wrong between a figure and its picture.
public enum PlotError: Error, Equatable, Sendable, CustomStringConvertible {
  /// gnuplot could not be started; `reason` is the system's words.
  case gnuplotMissing(program: String, reason: String)
  /// The picture could not be written at `path`.
  case unwritable(path: String, reason: String)
  /// The path's ending names no kind of picture that can be drawn.
  case unknownFormat(path: String)
  /// The figure contradicts itself: lengths that differ, nothing to draw, an empty range.
  case invalidFigure(String)
  /// gnuplot refused the script; the text is its own.
  case gnuplot(String)
  /// gnuplot ended or fell silent while drawing.
  case gnuplotStopped(String)

  /// One sentence that says what happened.
  public var message: String {
    switch self {
    case .gnuplotMissing(let program, let reason): "cannot start \(program): \(reason)"
    case .unwritable(let path, let reason): "cannot write the figure to \(path): \(reason)"
    case .unknownFormat(let path): "no picture format is known for \(path)"
    case .invalidFigure(let reason): "the figure cannot be drawn: \(reason)"
    case .gnuplot(let text): "gnuplot refused the figure: \(text)"
    case .gnuplotStopped(let reason): "gnuplot stopped while drawing: \(reason)"
    }
  }

  /// What to do about it, or `nil` where the message says it all.
  public var hint: String? {
    switch self {
    case .gnuplotMissing: "install it with: apt-get install gnuplot-nox"
    case .unwritable: "check that the folder exists and may be written"
    case .unknownFormat: "end the path in .png or .svg"
    case .invalidFigure, .gnuplot, .gnuplotStopped: nil
    }
  }

  /// The message with its hint.
  public var description: String { hint.map { "\(message) (\($0))" } ?? message }
}
