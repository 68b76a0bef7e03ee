/// A table of comma-separated values with a header line.
///
/// Source: RFC 4180, with `\n` accepted as a line's end and a byte order mark skipped.
public struct CSVTable: Equatable, Sendable {
  /// The name of the source in messages.
  public let source: String
  /// The names of the columns.
  public let header: [String]
  /// The cells, one list a row.
  public let rows: [[String]]
  private let lines: [Int]  // the source line of each row

  /// Parses a text.
  ///
  /// - Throws: `NumericsError.csv` with line and column for an unclosed or stray quote, a row of
  ///   another length than the header, or a header name used twice or empty text.
  public init(parsing text: String, source: String = "csv") throws(NumericsError) {
    self.init(try CSVCells(Array(text.utf8), source: source))
  }

  /// Reads and parses a file.
  public init(path: String) throws(NumericsError) { self.init(try CSVCells(path: path)) }

  private init(_ cells: CSVCells) {
    let width = cells.header.count
    source = cells.source
    header = cells.header
    rows = (0..<cells.rowCount).map { row in
      cells.cells[row * width..<(row + 1) * width].map(cells.text)
    }
    lines = cells.lines
  }

  /// The cells of a named column.
  public func column(_ name: String) throws(NumericsError) -> [String] {
    let index = try self.index(name)
    return rows.map { $0[index] }
  }

  /// The numbers of a named column.
  ///
  /// - Parameter allowsMissing: Whether empty cells, `nan` and `NA` are read as NaN.
  /// - Throws: `NumericsError.csv` with the line and the field of a cell that is no finite number.
  public func numbers(
    _ name: String, allowsMissing: Bool = false
  ) throws(NumericsError) -> [Double] {
    let index = try self.index(name)
    var result: [Double] = []
    result.reserveCapacity(rows.count)
    for (row, line) in zip(rows, lines) {
      if allowsMissing, ["", "nan", "na"].contains(row[index].lowercased()) {
        result.append(.nan)
        continue
      }
      guard let value = Double(row[index]), value.isFinite else {
        throw .csv(
          source: source, line: line, column: index + 1,
          problem: "'\(row[index])' in column '\(name)' is not a number")
      }
      result.append(value)
    }
    return result
  }

  private func index(_ name: String) throws(NumericsError) -> Int {
    guard let index = header.firstIndex(of: name) else {
      throw .unknownColumn(source: source, name: name, known: header)
    }
    return index
  }
}
