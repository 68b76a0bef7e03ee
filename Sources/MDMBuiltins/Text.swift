/// Numbers and tables as text, without Foundation.
enum Text {
  /// Fixed decimals, such as `0.416`.
  static func fixed(_ value: Double, _ digits: Int) -> String {
    guard value.isFinite else { return value.isNaN ? "nan" : value < 0 ? "-inf" : "inf" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let scaled = (abs(value) * scale).rounded(.toNearestOrEven)
    guard scaled < 9e15 else { return "\(value)" }
    let whole = Int64(scaled)
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let unit = Int64(scale)
    let fraction = String(whole % unit)
    return "\(sign)\(whole / unit)."
      + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// A share as a percentage with at most one decimal, such as `20%` or `33.3%`.
  static func percent(_ share: Double) -> String {
    let text = fixed(share * 100, 1)
    return (text.hasSuffix(".0") ? String(text.dropLast(2)) : text) + "%"
  }

  /// Columns aligned at their widest cell; the first is flush left, the others flush right.
  static func table(header: [String], rows: [[String]]) -> String {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return all.map { row in
      var line = ""
      for (column, width) in widths.enumerated() {
        let cell = column < row.count ? row[column] : ""
        let pad = String(repeating: " ", count: width - cell.count)
        line += (column == 0 ? cell + pad : "  " + pad + cell)
      }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  /// A text that is shown beside others: of a long one the beginning and how much there is.
  static func short(_ text: String, limit: Int = 600) -> String {
    let scalars = text.unicodeScalars
    guard text.utf8.count > limit, scalars.dropFirst(limit).isEmpty == false else { return text }
    return String(scalars.prefix(limit)) + "… (\(scalars.count) characters)"
  }
}
