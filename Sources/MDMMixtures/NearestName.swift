import MDMNumerics

/// The known name that a misspelt one most likely meant.
enum NearestName {
  /// The closest name within a third of its letters (at least two edits), case ignored.
  static func find(_ name: String, in known: [String]) -> String? {
    let wanted = name.lowercased()
    var best: (name: String, distance: Int)?
    for candidate in known {
      let letters = candidate.lowercased()
      let distance = EditDistance.between(wanted, letters)
      guard distance <= max(2, max(wanted.count, letters.count) / 3) else { continue }
      if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.name
  }
}
