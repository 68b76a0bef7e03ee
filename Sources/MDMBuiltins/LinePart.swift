import MDMDeclarations
import MDMRuntime

/// Which of a file's lines are wanted: `skip` leaves out the first ones, `limit` ends after so many.
struct LinePart {
  static let skip = ParameterDeclaration("skip", .int, default: "0", "How many to leave out first.")
  static let limit = ParameterDeclaration(
    "limit", .int, default: "none", "How many to give at most.")

  private var skip: Int
  private var rest: Int

  init(_ call: NativeCall, _ skipIndex: Int, _ limitIndex: Int) throws {
    skip = try call.int(skipIndex)
    rest = call.isMissing(limitIndex) ? .max : try call.int(limitIndex)
    for (name, value, index) in [("skip", skip, skipIndex), ("limit", rest, limitIndex)]
    where value < 0 {
      throw call.fail("E0420", "`\(name)` is at least 0, got \(value)", argument: index)
    }
  }

  /// No further line is wanted.
  var isDone: Bool { rest == 0 }

  /// Whether the next line is wanted.
  mutating func takes() -> Bool {
    if skip > 0 {
      skip -= 1
      return false
    }
    rest -= 1
    return true
  }
}
