/// Dots in cells of two by four, as Braille's characters show them.
struct BrailleCanvas {
  /// Cells across and down.
  let columns: Int
  let rows: Int
  private var dots: [UInt8]
  /// The colour that last drew in a cell; -1 for none.
  private var colors: [Int]

  /// The bit of each dot of a cell, row by row from the top.
  private static let bits: [UInt8] = [0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80]

  init(columns: Int, rows: Int) {
    self.columns = max(columns, 1)
    self.rows = max(rows, 1)
    dots = Array(repeating: 0, count: self.columns * self.rows)
    colors = Array(repeating: -1, count: self.columns * self.rows)
  }

  /// Dots across and down.
  var width: Int { columns * 2 }
  var height: Int { rows * 4 }

  /// Sets a dot, counted from the bottom left; those outside are left out.
  mutating func set(_ x: Int, _ y: Int, color: Int) {
    guard x >= 0, x < width, y >= 0, y < height else { return }
    let down = height - 1 - y
    let cell = down / 4 * columns + x / 2
    dots[cell] |= Self.bits[down % 4 * 2 + x % 2]
    colors[cell] = color
  }

  /// Draws a straight line; of its dots every `stride`th.
  mutating func line(
    from start: (x: Int, y: Int), to end: (x: Int, y: Int), color: Int, stride: Int = 1
  ) {
    let steps = max(abs(end.x - start.x), abs(end.y - start.y), 1)
    for step in Swift.stride(from: 0, through: steps, by: max(stride, 1)) {
      let share = Double(step) / Double(steps)
      set(
        start.x + Int((Double(end.x - start.x) * share).rounded()),
        start.y + Int((Double(end.y - start.y) * share).rounded()), color: color)
    }
  }

  /// A row of cells as text; `paint` colours a run of equal colours.
  func text(row: Int, paint: (String, Int) -> String) -> String {
    var text = ""
    var run = ""
    var runColor = -1
    for column in 0..<columns {
      let cell = row * columns + column
      let character =
        UnicodeScalar(0x2800 + UInt32(dots[cell])).map { String(Character($0)) } ?? " "
      let color = dots[cell] == 0 ? runColor : colors[cell]
      if color != runColor, !run.isEmpty {
        text += paint(run, runColor)
        run = ""
      }
      runColor = color
      run += dots[cell] == 0 ? " " : character
    }
    return text + (run.isEmpty ? "" : paint(run, runColor))
  }
}
