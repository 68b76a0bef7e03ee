/// The source lines of a span with marks under (or beside) the culprit.
struct SourceExcerpt {
  struct Line {
    /// Nil for lines of marks.
    var number: Int?
    /// What stands left of the text in excerpts of several lines, or the marks of a mark line.
    var mark = ""
    var text = ""
    /// Lines left out here.
    var isElision = false
  }

  private(set) var lines: [Line] = []
  /// The width of the greatest line number.
  let gutter: Int

  /// At most this many lines of a long span are shown, half of them from its end.
  private static let maximumLines = 6
  private static let tabWidth = 4

  init(_ source: SourceText, _ span: Span, maximumWidth: Int) {
    let start = source.position(of: Int(span.start))
    var end = source.position(of: max(Int(span.start), Int(span.end)))
    if end.line > start.line, end.column == 1 {
      // A span that includes the line end belongs to the line before.
      end = (end.line - 1, source.line(end.line - 1).unicodeScalars.count + 1)
    }
    gutter = String(end.line).count
    if start.line == end.line {
      single(source, start.line, start.column, end.column, maximumWidth)
    } else {
      multiple(source, start, end)
    }
  }

  private mutating func single(
    _ source: SourceText, _ line: Int, _ from: Int, _ to: Int, _ maximumWidth: Int
  ) {
    let cells = Self.cells(source.line(line))
    let columns = cells.map(\.columns)
    let first = min(from - 1, cells.count)
    let last = min(max(to - 1, first), cells.count)
    var left = columns[..<first].reduce(0, +)
    let width = max(1, columns[first..<last].reduce(0, +))
    var shown = cells[...]
    if columns.reduce(0, +) > maximumWidth {
      // Cut both sides and keep the begin of the culprit in the middle third.
      var begin = first
      var room = maximumWidth / 3
      while begin > 0, room >= cells[begin - 1].columns {
        begin -= 1
        room -= cells[begin].columns
      }
      var finish = begin
      room = maximumWidth
      while finish < cells.count, room >= cells[finish].columns {
        room -= cells[finish].columns
        finish += 1
      }
      shown = cells[begin..<finish]
      left = columns[begin..<first].reduce(0, +)
      if begin > 0 { left += 1 }
      var text = shown.map(\.text).joined()
      if begin > 0 { text = "…" + text }
      if finish < cells.count { text += "…" }
      let visible = max(1, columns[first..<max(first, min(last, finish))].reduce(0, +))
      lines.append(Line(number: line, text: text))
      lines.append(Line(mark: Self.marks(left, min(width, visible))))
      return
    }
    lines.append(Line(number: line, text: shown.map(\.text).joined()))
    lines.append(Line(mark: Self.marks(left, width)))
  }

  private mutating func multiple(
    _ source: SourceText, _ start: (line: Int, column: Int), _ end: (line: Int, column: Int)
  ) {
    func left(_ position: (line: Int, column: Int)) -> Int {
      Self.cells(source.line(position.line)).prefix(position.column - 1).reduce(0) {
        $0 + $1.columns
      }
    }
    let count = end.line - start.line + 1
    let half = Self.maximumLines / 2
    for line in start.line...end.line {
      let offset = line - start.line
      if count > Self.maximumLines, offset >= half, offset < count - half {
        if offset == half { lines.append(Line(mark: " |", isElision: true)) }
        continue
      }
      let text = Self.cells(source.line(line)).map(\.text).joined()
      let mark = offset == 0 ? " " : "|"
      lines.append(Line(number: line, mark: mark, text: text.isEmpty ? "" : " " + text))
      if offset == 0 {
        lines.append(
          Line(mark: " " + String(repeating: "_", count: left(start) + 1) + "^"))
      }
    }
    let last = max(0, left(end) - 1)
    lines.append(Line(mark: "|" + String(repeating: "_", count: last + 1) + "^"))
  }

  private static func marks(_ left: Int, _ width: Int) -> String {
    String(repeating: " ", count: left) + String(repeating: "^", count: width)
  }

  /// The scalars of a line as they are shown, with their columns.
  private static func cells(_ line: String) -> [(text: String, columns: Int)] {
    var column = 0
    return line.unicodeScalars.map { scalar in
      let cell: (String, Int)
      if scalar == "\t" {
        let width = tabWidth - column % tabWidth
        cell = (String(repeating: " ", count: width), width)
      } else if scalar.value < 0x20 || scalar.value == 0x7F {
        cell = ("\u{FFFD}", 1)
      } else {
        cell = (String(Character(scalar)), DisplayWidth.columns(scalar))
      }
      column += cell.1
      return cell
    }
  }
}
