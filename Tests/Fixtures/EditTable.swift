/// Levenshtein's distance by Wagner and Fischer's table, by which it is defined.
public func distanceByTable<Letter: Equatable>(_ a: [Letter], _ b: [Letter]) -> Int {
  var row = Array(0...b.count)
  for (i, x) in a.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for (j, y) in b.enumerated() {
      let next = min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
      (diagonal, row[j + 1]) = (row[j + 1], next)
    }
  }
  return row[b.count]
}
