/// Past inputs as the keys find them: each once, at the place of its newest use.
struct PastInputs {
  /// Oldest first.
  private(set) var entries: [String] = []
  private var known: Set<String> = []

  /// Takes over what earlier sessions have left, oldest first.
  mutating func load(_ inputs: [String]) {
    var seen = known
    var older: [String] = []
    for input in inputs.reversed() where Self.isKept(input) && seen.insert(input).inserted {
      older.append(input)
    }
    entries = older.reversed() + entries
    known = seen
  }

  /// Adds an input as the newest.
  /// - Returns: whether it was there before, at another place.
  mutating func add(_ input: String) -> Bool {
    guard Self.isKept(input), input != entries.last else { return false }
    let isKnown = !known.insert(input).inserted
    if isKnown { entries.removeAll { $0 == input } }
    entries.append(input)
    return isKnown
  }

  /// An input is kept unless it is blank or begins with a blank, which asks for that.
  static func isKept(_ input: String) -> Bool {
    guard let first = input.first else { return false }
    return !first.isWhitespace
  }
}
