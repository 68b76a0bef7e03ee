/// A walk through past inputs that start with the same text; each is shown once.
public struct HistoryWalk: Sendable {
  private let draft: String
  /// Newest first.
  private let matches: [String]
  /// How many steps back it stands; 0 is the draft.
  private var position = 0

  /// A walk that starts below the newest of `entries`, from a draft.
  public init(entries: [String], prefix: String, draft: String) {
    self.draft = draft
    var seen: Set<String> = [draft]
    matches = entries.reversed().filter { $0.hasPrefix(prefix) && seen.insert($0).inserted }
  }

  /// The input that the walk stands at.
  public var current: String { position == 0 ? draft : matches[position - 1] }

  /// Goes to the next older input.
  /// - Returns: whether there is one.
  public mutating func goBack() -> Bool {
    guard position < matches.count else { return false }
    position += 1
    return true
  }

  /// Goes to the next newer input, at last back to the draft.
  /// - Returns: whether there was somewhere to go.
  public mutating func goForward() -> Bool {
    guard position > 0 else { return false }
    position -= 1
    return true
  }
}
