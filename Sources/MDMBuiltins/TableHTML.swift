import MDMSyntax
import MDMTables

/// A table's elements in HTML, for notebooks: both ends of a long one, and its size.
enum TableHTML {
  private static let rowLimit = 60
  private static let columnLimit = 30

  static func text(_ table: Table) -> String {
    let columns = Array(zip(table.names, table.columns).prefix(columnLimit))
    var html = "<table class=\"mdm-table\">\n<thead><tr>"
    for (name, _) in columns { html += "<th>\(HTMLText.escaped(name))</th>" }
    if table.names.count > columns.count { html += "<th>…</th>" }
    html += "</tr></thead>\n<tbody>\n"
    let count = table.rowCount
    let shown =
      count <= rowLimit
      ? Array(0..<count) : Array(0..<rowLimit / 2) + Array(count - rowLimit / 2..<count)
    let texts = columns.map { TableText.cells($0.1, shown) }
    for (index, row) in shown.enumerated() {
      if index > 0, shown[index - 1] != row - 1 {
        html += "<tr>" + String(repeating: "<td>…</td>", count: columns.count) + "</tr>\n"
      }
      html += "<tr>"
      for (column, texts) in zip(columns, texts) {
        let isNumber = column.1.type == .int || column.1.type == .float
        html += isNumber ? "<td style=\"text-align:right\">" : "<td>"
        html += HTMLText.escaped(texts[index]) + "</td>"
      }
      html += "</tr>\n"
    }
    return html + "</tbody>\n</table>\n<p>\(TableText.size(table))</p>"
  }
}
