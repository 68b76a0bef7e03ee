/// What gnuplot is told: command lines, and named blocks of numbers.
///
/// Data travel as blocks ahead of the plot command, so that a refused command is one error and not
/// one for each line of data.
struct GnuplotScript {
  enum Step {
    case command(String)
    /// Columns of equal length under a name such as `$d0`, in rows of a surface or in one piece.
    case data(name: String, columns: [[Double]], rowLength: Int?)
  }

  private(set) var steps: [Step] = []
  private var blocks = 0

  mutating func append(_ step: Step) { steps.append(step) }

  mutating func add(_ command: String) { steps.append(.command(command)) }

  /// Adds a block and answers its name.
  /// - Parameter rowLength: points in a row of a surface, which gnuplot wants parted by blanks.
  mutating func addData(_ columns: [[Double]], rowLength: Int? = nil) -> String {
    let name = "$d\(blocks)"
    blocks += 1
    steps.append(.data(name: name, columns: columns, rowLength: rowLength))
    return name
  }

  /// The whole script as text, with numbers in their shortest form.
  var text: String {
    var text = ""
    for step in steps {
      switch step {
      case .command(let line): text += line + "\n"
      case .data(let name, let columns, let rowLength):
        text += Self.opening(name) + "\n"
        for row in 0..<(columns.first?.count ?? 0) {
          if let rowLength, row > 0, row % rowLength == 0 { text += "\n" }
          text += columns.map { "\($0[row])" }.joined(separator: " ") + "\n"
        }
        text += "e\n"
      }
    }
    return text
  }

  /// The line that opens a block; the block ends at the line `e` that gnuplot-iostream sends.
  static func opening(_ name: String) -> String { "\(name) << e" }

  /// A gnuplot string that prints literally: single quotes know no escapes, no substitution and no
  /// macros, only the doubled quote. Line breaks and control characters become spaces.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for scalar in text.unicodeScalars {
      if scalar == "'" {
        result += "''"
      } else if scalar.value < 32 || scalar.value == 127 {
        result += " "
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "'"
  }

  /// A tick's label: gnuplot reads `%` there as the start of a number format.
  static func quotedTick(_ text: String) -> String {
    quoted(text.split(separator: "%", omittingEmptySubsequences: false).joined(separator: "%%"))
  }
}
