import Glibc
import MDMSyntax
import MDMTables

/// The text of a table: aligned columns, both ends of a long one, and what is left out.
enum TableText {
  private static let rowLimit = 20
  private static let headCount = 12
  private static let tailCount = 5
  private static let cellLimit = 40

  static func text(_ table: Table, width: Int) -> String {
    let size = size(table)
    if table.names.isEmpty { return "Table of \(size)" }
    let rows = shownRows(table.rowCount)
    var shown: [Shown] = []
    for (name, column) in zip(table.names, table.columns) {
      shown.append(Shown(name, column, rows))
    }
    let (columns, hidden) = fit(shown, width: width)
    var lines: [String] = []
    for line in 0...rows.count {
      var text = ""
      for (index, column) in columns.enumerated() {
        text += (index == 0 ? "" : "  ") + column.cell(line)
      }
      while text.last == " " { text.removeLast() }
      lines.append(text)
    }
    var foot = size
    if !hidden.isEmpty {
      let names = hidden.prefix(6).joined(separator: ", ") + (hidden.count > 6 ? ", …" : "")
      foot += "; not shown: \(names)"
    }
    lines.append(foot)
    return lines.joined(separator: "\n")
  }

  /// How many rows and columns there are.
  static func size(_ table: Table) -> String {
    "\(counted(table.rowCount, "row")), \(counted(table.names.count, "column"))"
  }

  /// A number and its word: "1 row", "2 rows".
  static func counted(_ count: Int, _ word: String) -> String {
    "\(count) \(word)\(count == 1 ? "" : "s")"
  }

  /// The rows to show; nil stands for those left out.
  private static func shownRows(_ count: Int) -> [Int?] {
    if count <= rowLimit { return Array(0..<count) }
    return Array(0..<headCount) + [nil] + Array(count - tailCount..<count)
  }

  /// The columns that fit, the last ones left out, and the names of the others.
  private static func fit(_ columns: [Shown], width: Int) -> (shown: [Shown], hidden: [String]) {
    var total = -2
    for (index, column) in columns.enumerated() {
      total += column.width + 2
      // The first column is shown however narrow the output is.
      if total > max(width, 20), index > 0 {
        return (Array(columns[..<index]), columns[index...].map(\.name))
      }
    }
    return (columns, [])
  }

  /// The texts of one column, its name first.
  private struct Shown {
    let name: String
    private let texts: [String]
    private let isRight: Bool
    let width: Int

    init(_ name: String, _ column: Column, _ rows: [Int?]) {
      self.name = name
      isRight = column.type == .int || column.type == .float
      let decimals = TableText.decimals(column, rows.compactMap { $0 })
      var texts = [TableText.clipped(name)]
      for row in rows {
        guard let row else {
          texts.append("…")
          continue
        }
        texts.append(TableText.clipped(TableText.text(column[row], decimals)))
      }
      self.texts = texts
      width = texts.map { DisplayWidth.columns($0) }.max() ?? 0
    }

    func cell(_ line: Int) -> String {
      let pad = String(repeating: " ", count: width - DisplayWidth.columns(texts[line]))
      return isRight ? pad + texts[line] : texts[line] + pad
    }
  }

  /// In one line and at most 40 columns wide.
  private static func clipped(_ text: String) -> String {
    var made = ""
    var columns = 0
    for scalar in text.unicodeScalars {
      let piece: String
      switch scalar {
      case "\n": piece = "\\n"
      case "\t": piece = "\\t"
      case "\r": piece = "\\r"
      default: piece = scalar.value < 0x20 || scalar.value == 0x7F ? "?" : String(scalar)
      }
      columns += DisplayWidth.columns(piece)
      if columns > cellLimit { return made + "…" }
      made += piece
    }
    return made
  }

  private static func text(_ cell: Cell, _ decimals: Decimals) -> String {
    switch cell {
    case .missing: return "none"
    case .bool(let value): return value ? "true" : "false"
    case .int(let value): return "\(value)"
    case .float(let value):
      guard value.isFinite else { return "\(value)" }
      switch decimals {
      case .fixed(let digits): return formatted("%.*f", digits, value)
      case .scientific: return formatted("%.*e", 3, value)
      }
    case .text(let text): return text
    case .other: return brief(cell)
    }
  }

  /// A value that is no scalar, in a few words.
  static func brief(_ cell: Cell) -> String {
    switch cell.datum {
    case .list(let items):
      let texts = items.prefix(8).map { brief(Cell($0)) }
      return "[" + texts.joined(separator: ", ") + (items.count > 8 ? ", …]" : "]")
    case .record(let record):
      let texts = record.entries.prefix(8).map { "\($0.key): \(brief(Cell($0.value)))" }
      return "{" + texts.joined(separator: ", ") + (record.entries.count > 8 ? ", …}" : "}")
    case .domain(let value):
      return value.displayInside.split(separator: "\n").first.map(String.init) ?? ""
    case .string(let text): return "\"\(text)\""
    case .duration(let seconds): return "\(seconds)s"
    case .size(let bytes): return "\(bytes)B"
    case .none: return "none"
    case .bool(let value): return "\(value)"
    case .int(let value): return "\(value)"
    case .float(let value): return "\(value)"
    case .range, .function: return cell.datum.typeName
    }
  }

  /// The texts of some rows of a column, each in one line.
  static func cells(_ column: Column, _ rows: [Int]) -> [String] {
    let decimals = decimals(column, rows)
    return rows.map { clipped(text(column[$0], decimals)) }
  }

  // MARK: Numbers

  private enum Decimals {
    case fixed(Int)
    case scientific
  }

  /// One precision for the column: as many decimals as its numbers have, at most four, six where
  /// small ones would vanish.
  private static func decimals(_ column: Column, _ rows: [Int]) -> Decimals {
    guard case .float(let values) = column.storage else { return .fixed(1) }
    let sizes = rows.filter { !column.isMissing($0) && values[$0].isFinite && values[$0] != 0 }
      .map { abs(values[$0]) }
    guard let greatest = sizes.max(), let least = sizes.min() else { return .fixed(1) }
    if greatest >= 1e9 || greatest < 1e-4 { return .scientific }
    for digits in 1...4 where sizes.allSatisfy({ isExact($0, digits) }) { return .fixed(digits) }
    if least < 1e-6 { return greatest < 0.1 ? .scientific : .fixed(4) }
    return .fixed(least < 1e-3 ? 6 : greatest >= 1e4 ? 2 : 4)
  }

  private static func isExact(_ value: Double, _ digits: Int) -> Bool {
    let scaled = value * pow(10, Double(digits))
    return abs(scaled - scaled.rounded()) <= max(1, scaled) * 1e-12
  }

  private static func formatted(_ format: String, _ digits: Int, _ value: Double) -> String {
    withVaList([Int32(digits), value]) { arguments in
      var buffer = [CChar](repeating: 0, count: 400)
      let length = vsnprintf(&buffer, buffer.count, format, arguments)
      return String(
        decoding: buffer.prefix(Int(max(length, 0))).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}
