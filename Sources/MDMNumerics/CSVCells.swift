import Glibc

/// Where the cells of a comma-separated text stand: the one reader of the format.
///
/// Source: RFC 4180, with `\n` accepted as a line's end, a byte order mark and empty lines skipped.
public struct CSVCells: Sendable {
  /// The place of one cell's content, without the quotes around it.
  public struct Cell: Sendable {
    let bits: UInt64

    init(start: Int, count: Int, isQuoted: Bool, hasQuotes: Bool) {
      bits =
        UInt64(start) << 26 | UInt64(count) << 2 | (isQuoted ? 2 : 0) | (hasQuotes ? 1 : 0)
    }

    /// The longest content of a cell.
    static let limit = 1 << 24

    public var start: Int { Int(bits >> 26) }
    public var count: Int { Int(bits >> 2 & 0xFF_FFFF) }
    /// It was written in quotes.
    public var isQuoted: Bool { bits & 2 != 0 }
    /// Its content has doubled quotes that stand for one.
    public var hasQuotes: Bool { bits & 1 != 0 }
  }

  /// The name of the source in messages.
  public let source: String
  public let bytes: [UInt8]
  /// The names of the columns.
  public let header: [String]
  /// The cells of all rows below the header, one row after the other.
  public let cells: [Cell]

  public var rowCount: Int { cells.count / header.count }

  /// Finds the cells of a text.
  ///
  /// - Throws: `NumericsError.csv` with line and column for an unclosed or stray quote, a row of
  ///   another length than the header, or a header name used twice.
  public init(
    _ bytes: [UInt8], source: String, separator: UInt8 = 44
  ) throws(NumericsError) {
    var scanner = Scanner(bytes: bytes, separator: separator)
    let fault = bytes.withUnsafeBufferPointer { scanner.scan($0) }
    if let fault {
      let place = Self.place(of: fault.position, in: bytes)
      throw .csv(
        source: source, line: place.line, column: place.column, problem: fault.problem)
    }
    guard let columnCount = scanner.ends.first else {
      throw .csv(source: source, line: 1, column: 1, problem: "there is no header line")
    }
    let all = scanner.cells
    let header = all[..<columnCount].map { Self.text($0, bytes) }
    for (index, name) in header.enumerated() where header[..<index].contains(name) {
      throw .csv(
        source: source, line: Self.place(of: all[0].start, in: bytes).line, column: index + 1,
        problem: "the column '\(name)' appears twice")
    }
    var start = columnCount
    for end in scanner.ends.dropFirst() {
      if end - start != columnCount {
        throw .csv(
          source: source, line: Self.place(of: all[start].start, in: bytes).line,
          column: min(end - start, columnCount) + 1,
          problem:
            "\(end - start) field\(end - start == 1 ? "" : "s") where the header has \(columnCount)"
        )
      }
      start = end
    }
    self.source = source
    self.bytes = bytes
    self.header = header
    cells = Array(all[columnCount...])
  }

  /// Reads a file and finds its cells.
  public init(path: String, separator: UInt8 = 44) throws(NumericsError) {
    try self.init(try Self.read(path), source: path, separator: separator)
  }

  /// The bytes of a whole file.
  public static func read(_ path: String) throws(NumericsError) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw .unreadable(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var status = stat()
    if fstat(fileno(file), &status) == 0, status.st_size > 0 {
      bytes.reserveCapacity(Int(status.st_size))
    }
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else { throw .unreadable(path: path, reason: "reading failed") }
    return bytes
  }

  /// The content of a cell.
  public func text(_ cell: Cell) -> String { Self.text(cell, bytes) }

  private static func text(_ cell: Cell, _ bytes: [UInt8]) -> String {
    let content = bytes[cell.start..<cell.start + cell.count]
    guard cell.hasQuotes else { return String(decoding: content, as: UTF8.self) }
    var plain: [UInt8] = []
    var isSecond = false
    for byte in content {
      isSecond = byte == 34 && !isSecond
      if !isSecond { plain.append(byte) }
    }
    return String(decoding: plain, as: UTF8.self)
  }

  /// The line on which each row begins.
  public var lines: [Int] {
    var lines: [Int] = []
    var line = 1
    var position = 0
    for row in 0..<rowCount {
      let start = cells[row * header.count].start
      while position < start {
        if bytes[position] == 10 { line += 1 }
        position += 1
      }
      lines.append(line)
    }
    return lines
  }

  /// Line and column, in characters, of a byte.
  private static func place(of position: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    var (line, column) = (1, 1)
    for index in (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)..<max(position, 3)
    where index < position {
      if bytes[index] == 10 {
        line += 1
        column = 1
      } else if bytes[index] & 0xC0 != 0x80 {
        column += 1
      }
    }
    return (line, column)
  }

  /// Walks the bytes once.
  private struct Scanner {
    var cells: [Cell] = []
    /// Behind the last cell of each record.
    var ends: [Int] = []
    private let separator: UInt8
    private let start: Int

    init(bytes: [UInt8], separator: UInt8) {
      self.separator = separator
      start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
      cells.reserveCapacity(bytes.count / 8)
    }

    mutating func scan(
      _ bytes: UnsafeBufferPointer<UInt8>
    ) -> (position: Int, problem: String)? {
      var next = start
      var recordStart = 0
      while next < bytes.count {
        // One cell from here on; `next` ends on what follows it.
        let cell: Cell
        if bytes[next] == 34 {
          let open = next
          var hasQuotes = false
          next += 1
          while true {
            while next < bytes.count, bytes[next] != 34 { next += 1 }
            if next >= bytes.count { return (open, "a quote is never closed") }
            next += 1
            guard next < bytes.count, bytes[next] == 34 else { break }
            hasQuotes = true
            next += 1
          }
          cell = Cell(
            start: open + 1, count: min(next - open - 2, Cell.limit - 1), isQuoted: true,
            hasQuotes: hasQuotes)
          if next - open - 2 >= Cell.limit { return (open, "a field of more than 16 MB") }
          if next < bytes.count, bytes[next] != separator, !isEnd(bytes, next) {
            return (next, "text after a closing quote")
          }
        } else {
          let first = next
          while next < bytes.count {
            let byte = bytes[next]
            // Most bytes are above all that matter here.
            if byte > 44, byte != separator {
              next += 1
              continue
            }
            if byte == separator || isEnd(bytes, next) { break }
            if byte == 34 {
              return (next, "a quote inside of a field that does not begin with one")
            }
            next += 1
          }
          if next - first >= Cell.limit { return (first, "a field of more than 16 MB") }
          cell = Cell(start: first, count: next - first, isQuoted: false, hasQuotes: false)
        }
        cells.append(cell)
        if next < bytes.count, bytes[next] == separator {
          next += 1
          // A separator as the last byte is followed by an empty cell.
          if next < bytes.count { continue }
          cells.append(Cell(start: next, count: 0, isQuoted: false, hasQuotes: false))
        } else if next < bytes.count {
          next += bytes[next] == 13 ? 2 : 1
        }
        let only = cells[recordStart]
        if cells.count - recordStart == 1, only.count == 0, !only.isQuoted {
          cells.removeLast()
        } else {
          ends.append(cells.count)
          recordStart = cells.count
        }
      }
      return nil
    }

    @inline(__always)
    private func isEnd(_ bytes: UnsafeBufferPointer<UInt8>, _ next: Int) -> Bool {
      bytes[next] == 10
        || bytes[next] == 13 && next + 1 < bytes.count && bytes[next + 1] == 10
    }
  }
}
