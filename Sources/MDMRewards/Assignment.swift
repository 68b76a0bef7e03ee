/// The assignment problem: pairs of rows and columns, each used once, with the largest sum.
enum Assignment {
  /// The largest sum of gains over all partial matchings; gains are at least 0.
  ///
  /// Takes the cube of the larger side.
  ///
  /// Source: the Hungarian method with potentials, Jonker and Volgenant, Computing 38, 1987.
  static func largestSum(_ gains: [[Double]]) -> Double {
    guard let width = gains.first?.count, width > 0 else { return 0 }
    let isWide = gains.count <= width
    let (rows, columns) = isWide ? (gains.count, width) : (width, gains.count)
    func gain(_ row: Int, _ column: Int) -> Double {
      isWide ? gains[row][column] : gains[column][row]
    }
    var rowPotential = [Double](repeating: 0, count: rows + 1)
    var columnPotential = [Double](repeating: 0, count: columns + 1)
    var match = [Int](repeating: 0, count: columns + 1)  // column -> row, from 1
    for row in 1...rows {
      match[0] = row
      var column = 0
      var slack = [Double](repeating: .infinity, count: columns + 1)
      var via = [Int](repeating: 0, count: columns + 1)
      var isUsed = [Bool](repeating: false, count: columns + 1)
      repeat {
        isUsed[column] = true
        let current = match[column]
        var (delta, next) = (Double.infinity, 0)
        for j in 1...columns where !isUsed[j] {
          let cost = -gain(current - 1, j - 1) - rowPotential[current] - columnPotential[j]
          if cost < slack[j] { (slack[j], via[j]) = (cost, column) }
          if slack[j] < delta { (delta, next) = (slack[j], j) }
        }
        for j in 0...columns {
          if isUsed[j] {
            rowPotential[match[j]] += delta
            columnPotential[j] -= delta
          } else {
            slack[j] -= delta
          }
        }
        column = next
      } while match[column] != 0
      while column != 0 {
        match[column] = match[via[column]]
        column = via[column]
      }
    }
    return (1...columns).reduce(0.0) { sum, column in
      match[column] == 0 ? sum : sum + gain(match[column] - 1, column - 1)
    }
  }
}
