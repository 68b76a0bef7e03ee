/// What can go wrong in numbers that a script or file hands in.
public enum NumericsError: Error, Equatable, Sendable {
  /// Two lists that belong together have different lengths.
  case lengths(what: String, left: Int, right: Int)
  /// A computation has fewer values than it needs.
  case tooFew(what: String, found: Int, needed: Int)
  /// A value is NaN or infinite.
  case notFinite(what: String, index: Int)
  /// All values are equal, so that there is no spread to reckon with.
  case constant
  /// Values, or differences, that are equal to the last digit: an interval of theirs has no width.
  case noSpread(what: String, value: Double, count: Int)
  /// A matrix has dependent columns where independent ones are needed.
  case rankDeficient(rank: Int, columns: Int)
  /// A number lies outside of the range that has a meaning.
  case outOfRange(what: String, value: Double, allowed: String)
  /// A CSV text breaks its format; lines and columns count from 1, and where a whole cell is
  /// wrong the column is the number of its field.
  case csv(source: String, line: Int, column: Int, problem: String)
  /// A CSV table has no column of that name.
  case unknownColumn(source: String, name: String, known: [String])
  /// A file could not be read.
  case unreadable(path: String, reason: String)

  /// The sentence that a user reads.
  public var message: String {
    switch self {
    case .lengths(let what, let left, let right):
      "\(what) need two lists of one length, not \(left) and \(right) values"
    case .tooFew(let what, let found, let needed):
      "\(what) needs at least \(needed) values and got \(found)"
    case .notFinite(let what, let index):
      "value \(index + 1) of \(what) is not a finite number"
    case .constant: "all values are equal: they say nothing about chance"
    case .noSpread(let what, let value, let count):
      "all \(count) \(what) are \(value): they leave no noise to judge by, and an interval of "
        + "width 0 would be no answer"
    case .rankDeficient(let rank, let columns):
      "the columns are not independent: rank \(rank) of \(columns)"
    case .outOfRange(let what, let value, let allowed):
      "\(what) is \(value), allowed is \(allowed)"
    case .csv(let source, let line, let column, let problem):
      "\(source):\(line):\(column): \(problem)"
    case .unknownColumn(let source, let name, _):
      "\(source) has no column '\(name)'"
    case .unreadable(let path, let reason):
      "cannot read \(path): \(reason)"
    }
  }

  /// What the user can do about it, empty where the message says it all.
  public var hint: String {
    switch self {
    case .rankDeficient: "add runs that separate the columns, or give a ridge penalty above 0"
    case .unknownColumn(_, _, let known): "its columns are " + known.joined(separator: ", ")
    case .constant: "a score that never varies is often a bug of its reward or of the parser"
    case .noSpread:
      "runs that repeat each other exactly are no replicates; a score that never varies is often a "
        + "bug of its reward or of the parser"
    case .notFinite: "remove or repair that row first"
    default: ""
    }
  }
}
