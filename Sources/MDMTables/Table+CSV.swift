import CNumbers
import MDMNumerics

extension Table {
  /// The table of a comma-separated text; each column gets the narrowest of Int, Float, Bool and
  /// String that all its cells have.
  ///
  /// - Parameters:
  ///   - types: columns whose type is given instead.
  ///   - missing: unquoted texts that stand for a missing cell. A quoted empty text is one too where
  ///     the column is none of texts.
  /// - Throws: `NumericsError.csv` for a cell that does not have its column's given type.
  public init(
    csv cells: CSVCells, types: [String: ColumnType] = [:], missing: Set<String> = [""]
  ) throws(NumericsError) {
    var columns: [Column] = []
    for (index, name) in cells.header.enumerated() {
      let reader = CSVColumn(cells, index, missing)
      if let type = types[name] {
        switch reader.column(as: type) {
        case .success(let column): columns.append(column)
        case .failure(let fault):
          let cell = cells.cells[fault.row * cells.header.count + index]
          throw .csv(
            source: cells.source, line: cells.lines[fault.row], column: index + 1,
            problem: "'\(cells.text(cell))' in column '\(name)' is no \(type.rawValue)")
        }
      } else {
        columns.append(reader.inferred)
      }
    }
    guard cells.rowCount < Int(Int32.max) else {
      throw .csv(source: cells.source, line: 1, column: 1, problem: "more than 2 ** 31 rows")
    }
    self.init(unchecked: cells.header, columns, cells.rowCount)
  }

  /// The table as comma-separated text with a header line; missing cells are empty.
  ///
  /// - Parameter text: what stands for a cell that is no number, text or truth value.
  public func csv(separator: UInt8 = 44, text: (any OpaqueCell) -> String) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(rowCount * columns.count * 8)
    for (index, name) in names.enumerated() {
      if index > 0 { bytes.append(separator) }
      Self.write(name, separator, into: &bytes)
    }
    bytes.append(10)
    let quoted = columns.map { column -> [[UInt8]] in
      guard case .text(_, let pool) = column.storage else { return [] }
      return pool.texts.map { text in
        var own: [UInt8] = []
        Self.write(text, separator, into: &own)
        return own
      }
    }
    for row in 0..<rowCount {
      for (index, column) in columns.enumerated() {
        if index > 0 { bytes.append(separator) }
        if column.isMissing(row) {
          // An empty line would be skipped.
          if columns.count == 1 { bytes += [34, 34] }
          continue
        }
        switch column.storage {
        case .bool(let values): bytes += (values[row] ? "true" : "false").utf8
        case .int(let values): bytes += String(values[row]).utf8
        case .float(let values): bytes += values[row].description.utf8
        case .text(let codes, _): bytes += quoted[index][Int(codes[row])]
        case .mixed(let cells): Self.write(Self.text(cells[row], text), separator, into: &bytes)
        }
      }
      bytes.append(10)
    }
    return bytes
  }

  private static func text(_ cell: Cell, _ other: (any OpaqueCell) -> String) -> String {
    switch cell {
    case .missing: ""
    case .bool(let value): "\(value)"
    case .int(let value): "\(value)"
    case .float(let value): "\(value)"
    case .text(let text): text
    case .other(let value): other(value)
    }
  }

  /// In quotes where it is empty or has a separator, a quote or a line's end in it.
  private static func write(_ text: String, _ separator: UInt8, into bytes: inout [UInt8]) {
    let needsQuotes =
      text.isEmpty || text.utf8.contains { $0 == separator || $0 == 34 || $0 == 10 || $0 == 13 }
    guard needsQuotes else {
      bytes += text.utf8
      return
    }
    bytes.append(34)
    for byte in text.utf8 {
      if byte == 34 { bytes.append(34) }
      bytes.append(byte)
    }
    bytes.append(34)
  }
}

/// Reads one column of a comma-separated text.
private struct CSVColumn {
  struct Fault: Error { let row: Int }

  private let cells: CSVCells
  private let index: Int
  private let rowCount: Int
  private let missing: Set<String>
  private let onlyEmptyIsMissing: Bool

  init(_ cells: CSVCells, _ index: Int, _ missing: Set<String>) {
    self.cells = cells
    self.index = index
    self.missing = missing
    rowCount = cells.rowCount
    onlyEmptyIsMissing = missing == [""]
  }

  var inferred: Column {
    for type in [ColumnType.int, .float, .bool] {
      if case .success(let column) = column(as: type) {
        return column.isEmpty ? emptyColumn : column
      }
    }
    return texts
  }

  /// No cell has content: a column of texts where some of them are in quotes.
  private var emptyColumn: Column {
    let column = texts
    return column.isEmpty ? .repeating(.missing, count: rowCount) : column
  }

  func column(as type: ColumnType) -> Result<Column, Fault> {
    switch type {
    case .int: values(0, CSVNumber.int).map { Column(.int($0.0), missing: $0.1) }
    case .float: values(.nan, CSVNumber.float).map { Column(.float($0.0), missing: $0.1) }
    case .bool: values(false, CSVNumber.bool).map { Column(.bool($0.0), missing: $0.1) }
    case .text, .mixed: .success(texts)
    }
  }

  /// The values that a parser makes of the cells; a failure where it refuses one.
  @inline(__always)
  private func values<Element>(
    _ standard: Element, _ parse: (UnsafeBufferPointer<UInt8>) -> Element?
  ) -> Result<([Element], [Bool]?), Fault> {
    var mask: [Bool]?
    var values: [Element] = []
    values.reserveCapacity(rowCount)
    let width = cells.header.count
    let failure = cells.bytes.withUnsafeBufferPointer { bytes in
      cells.cells.withUnsafeBufferPointer { all -> Int? in
        for row in 0..<rowCount {
          let cell = all[row * width + index]
          let content = UnsafeBufferPointer(rebasing: bytes[cell.start..<cell.start + cell.count])
          if content.isEmpty && (cell.isQuoted || onlyEmptyIsMissing)
            || !onlyEmptyIsMissing && !cell.isQuoted
              && missing.contains(String(decoding: content, as: UTF8.self))
          {
            if mask == nil { mask = [Bool](repeating: false, count: rowCount) }
            mask?[row] = true
            values.append(standard)
          } else if let value = parse(content) {
            values.append(value)
          } else {
            return row
          }
        }
        return nil
      }
    }
    if let failure { return .failure(Fault(row: failure)) }
    return .success((values, mask))
  }

  private var texts: Column {
    var mask: [Bool]?
    var pool = TextPoolBuilder()
    var codes: [Int32] = []
    codes.reserveCapacity(rowCount)
    let width = cells.header.count
    cells.bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<rowCount {
        let cell = cells.cells[row * width + index]
        let content = UnsafeBufferPointer(rebasing: bytes[cell.start..<cell.start + cell.count])
        if !cell.isQuoted,
          onlyEmptyIsMissing
            ? content.isEmpty : missing.contains(String(decoding: content, as: UTF8.self))
        {
          if mask == nil { mask = [Bool](repeating: false, count: rowCount) }
          mask?[row] = true
          codes.append(0)
        } else {
          codes.append(
            cell.hasQuotes ? pool.code(of: cells.text(cell)) : pool.code(of: content))
        }
      }
    }
    return Column(.text(codes, pool.pool), missing: mask)
  }
}

/// Numbers of comma-separated text; spaces around them do not matter.
private enum CSVNumber {
  private static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    var (start, end) = (0, bytes.count)
    while start < end, bytes[start] == 32 || bytes[start] == 9 { start += 1 }
    while start < end, bytes[end - 1] == 32 || bytes[end - 1] == 9 { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[start..<end])
  }

  static func int(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
    let bytes = trimmed(bytes)
    guard let first = bytes.first else { return nil }
    let isNegative = first == 45
    var next = isNegative || first == 43 ? 1 : 0
    guard next < bytes.count else { return nil }
    var value: Int64 = 0
    while next < bytes.count {
      let digit = Int64(bytes[next]) - 48
      guard digit >= 0, digit <= 9 else { return nil }
      // Counted downwards, since the least Int has no positive counterpart.
      let (tens, first) = value.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.subtractingReportingOverflow(digit)
      if first || second { return nil }
      value = sum
      next += 1
    }
    return isNegative ? value : value == .min ? nil : -value
  }

  static func float(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    var bytes = trimmed(bytes)
    if bytes.first == 43 { bytes = UnsafeBufferPointer(rebasing: bytes[1...]) }
    guard let base = bytes.baseAddress, !bytes.isEmpty else { return nil }
    var value = 0.0
    if c_parse_double(base, base + bytes.count, &value) == 1 { return value }
    // Numbers beyond the range of a Float: inf or 0, as the language reads them.
    let isNumber = bytes.allSatisfy {
      (48...57).contains($0) || [43, 45, 46, 69, 101].contains($0)
    }
    return isNumber ? Double(String(decoding: bytes, as: UTF8.self)) : nil
  }

  static func bool(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool? {
    switch String(decoding: trimmed(bytes), as: UTF8.self) {
    case "true", "True", "TRUE": true
    case "false", "False", "FALSE": false
    default: nil
    }
  }
}
