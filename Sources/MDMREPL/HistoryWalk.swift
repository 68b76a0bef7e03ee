/// A walk through past inputs that start with the same text.
public struct HistoryWalk: Sendable {
  private let prefix: String
  private let draft: String
  private var index: Int
  private let entries: [String]
  /// The input that the walk stands at.
  public private(set) var current: String

  /// A walk that starts below the newest of `entries`, from a draft.
  public init(entries: [String], prefix: String, draft: String) {
    self.entries = entries
    self.prefix = prefix
    self.draft = draft
    index = entries.count
    current = draft
  }

  /// Goes to the next older input that starts with the prefix and differs from the one shown.
  /// - Returns: whether there is one.
  public mutating func goBack() -> Bool {
    var next = index - 1
    while next >= 0 {
      if entries[next].hasPrefix(prefix) && entries[next] != current {
        index = next
        current = entries[next]
        return true
      }
      next -= 1
    }
    return false
  }

  /// Goes to the next newer input, at last back to the draft.
  /// - Returns: whether there was somewhere to go.
  public mutating func goForward() -> Bool {
    guard index < entries.count else { return false }
    var next = index + 1
    while next < entries.count {
      if entries[next].hasPrefix(prefix) && entries[next] != current { break }
      next += 1
    }
    index = next
    current = next < entries.count ? entries[next] : draft
    return true
  }
}
