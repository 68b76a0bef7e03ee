import Glibc

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
    var records: [(line: Int, cells: [String])] = []
    var cells: [String] = []
    var cell: [UInt8] = []
    var line = 1
    var column = 1
    var start = 1  // the line on which the record began
    enum State {
      case fieldStart
      case plain
      case quoted
      case quoteClosed
    }
    var state = State.fieldStart
    var quote = (line: 1, column: 1)
    func endField() {
      cells.append(String(decoding: cell, as: UTF8.self))
      cell.removeAll(keepingCapacity: true)
      state = .fieldStart
    }
    func endRecord() {
      endField()
      if cells.count > 1 || !cells[0].isEmpty { records.append((start, cells)) }
      cells = []
    }
    let bytes = Array(text.utf8)
    var i = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while i < bytes.count {
      let byte = bytes[i]
      let isEnd = byte == 10 || (byte == 13 && i + 1 < bytes.count && bytes[i + 1] == 10)
      if state == .quoted {
        if byte == 34 { state = .quoteClosed } else { cell.append(byte) }
      } else if byte == 34 {
        switch state {
        case .fieldStart:
          state = .quoted
          quote = (line, column)
        case .quoteClosed:  // a doubled quote stands for one
          cell.append(34)
          state = .quoted
        default:
          throw .csv(
            source: source, line: line, column: column,
            problem: "a quote inside of a field that does not begin with one")
        }
      } else if byte == 44 {
        endField()
      } else if isEnd {
        if byte == 13 { i += 1 }
        endRecord()
        start = line + 1
      } else if state == .quoteClosed {
        throw .csv(
          source: source, line: line, column: column, problem: "text after a closing quote")
      } else {
        state = .plain
        cell.append(byte)
      }
      if bytes[i] == 10 {
        line += 1
        column = 1
      } else if bytes[i] & 0xC0 != 0x80 {
        column += 1
      }
      i += 1
    }
    if state == .quoted {
      throw .csv(
        source: source, line: quote.line, column: quote.column, problem: "a quote is never closed")
    }
    if !cells.isEmpty || !cell.isEmpty || state == .quoteClosed { endRecord() }
    guard let first = records.first else {
      throw .csv(source: source, line: 1, column: 1, problem: "there is no header line")
    }
    for (index, name) in first.cells.enumerated() where first.cells[..<index].contains(name) {
      throw .csv(
        source: source, line: first.line, column: index + 1,
        problem: "the column '\(name)' appears twice")
    }
    for record in records.dropFirst() where record.cells.count != first.cells.count {
      throw .csv(
        source: source, line: record.line, column: min(record.cells.count, first.cells.count) + 1,
        problem: "\(record.cells.count) fields where the header has \(first.cells.count)")
    }
    self.source = source
    header = first.cells
    rows = records.dropFirst().map(\.cells)
    lines = records.dropFirst().map(\.line)
  }

  /// Reads and parses a file.
  public init(path: String) throws(NumericsError) {
    guard let file = fopen(path, "rb") else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else { throw .unreadable(path: path, reason: "reading failed") }
    try self.init(parsing: String(decoding: bytes, as: UTF8.self), source: path)
  }

  /// The cells of a named column.
  public func column(_ name: String) throws(NumericsError) -> [String] {
    let index = try self.index(name)
    return rows.map { $0[index] }
  }

  /// The numbers of a named column.
  ///
  /// - Throws: `NumericsError.csv` with the line and the field of a cell that is no finite number.
  public func numbers(_ name: String) throws(NumericsError) -> [Double] {
    let index = try self.index(name)
    var result: [Double] = []
    result.reserveCapacity(rows.count)
    for (row, line) in zip(rows, lines) {
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
