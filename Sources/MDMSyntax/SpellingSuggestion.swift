/// "Did you mean": the nearest of some names.
public enum SpellingSuggestion {
  /// Longer names are no slips of the finger, and comparing them takes long.
  static let longest = 200

  /// The candidate nearest to a misspelt name; nil when none is near enough.
  ///
  /// Near is a Damerau-Levenshtein distance (optimal string alignment) of at most 2, at most 1 for
  /// names of up to four letters, or a difference in case only. Of equally near ones the first in
  /// the alphabet wins, so that messages do not depend on hash order.
  public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
    guard name.utf8.count <= longest else { return nil }
    let wanted = Array(name.unicodeScalars)
    let lowered = name.lowercased()
    let limit = wanted.count <= 2 ? 0 : wanted.count <= 4 ? 1 : 2
    var best: (distance: Int, name: String)?
    for candidate in candidates where candidate != name {
      var distance = limit + 1
      if candidate.lowercased() == lowered {
        distance = 0
      } else {
        let scalars = Array(candidate.unicodeScalars)
        guard abs(scalars.count - wanted.count) <= limit, scalars.count > 1 else { continue }
        distance = Self.distance(wanted, scalars)
      }
      guard distance <= limit || distance == 0 else { continue }
      if let found = best, (found.distance, found.name) <= (distance, candidate) { continue }
      best = (distance, candidate)
    }
    return best?.name
  }

  /// Insertions, deletions, replacements and swaps of neighbours between two texts.
  static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1..<(left.count + 1) {
      var current = [row]
      current.reserveCapacity(right.count + 1)
      for column in 1..<(right.count + 1) {
        let cost = left[row - 1] == right[column - 1] ? 0 : 1
        var value = min(last[column] + 1, current[column - 1] + 1, last[column - 1] + cost)
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          value = min(value, beforeLast[column - 2] + 1)
        }
        current.append(value)
      }
      beforeLast = last
      last = current
    }
    return last[right.count]
  }
}
