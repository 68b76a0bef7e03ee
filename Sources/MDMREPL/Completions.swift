/// What may stand at a cursor, and the text that it would replace.
public struct Completions: Sendable, Equatable {
  /// One of them.
  public struct Candidate: Sendable, Equatable {
    /// What replaces the text.
    public var text: String
    /// Its type, or what kind of thing it is; may be empty.
    public var type: String
    /// One line about it; may be empty.
    public var help: String
    /// It belongs here more than anything else could, as a call's own arguments do.
    public var isFirst: Bool

    /// A candidate; all but its text is for the eye.
    public init(_ text: String, type: String = "", help: String = "", isFirst: Bool = false) {
      self.text = text
      self.type = type
      self.help = help
      self.isFirst = isFirst
    }
  }

  /// Where the replaced text starts, in Unicode scalars.
  public var start: Int
  /// Where it ends.
  public var end: Int
  /// In the order in which they are shown.
  public var candidates: [Candidate]

  /// Candidates for a stretch of text.
  public init(start: Int, end: Int, candidates: [Candidate]) {
    self.start = start
    self.end = end
    self.candidates = candidates
  }

  /// What the Tab key does with them.
  public enum Step: Equatable, Sendable {
    /// There are none.
    case nothing
    /// The text between `start` and `end` is replaced.
    case insert(String)
    /// Nothing more can be told without choosing: they are listed.
    case list
  }

  /// What Tab does in a text: it inserts as much as all candidates share, and lists them where that
  /// adds nothing.
  public func step(in text: String) -> Step {
    guard let common = commonPrefix else { return .nothing }
    let scalars = Array(text.unicodeScalars)
    let from = min(max(start, 0), scalars.count)
    let typed = Array(scalars[from..<min(max(end, from), scalars.count)])
    if candidates.count == 1 { return typed == common ? .nothing : .insert(candidates[0].text) }
    // What was typed in another case is mended too, but nothing is ever taken away.
    let isMore = common.count > typed.count || common.count == typed.count && common != typed
    return isMore ? .insert(PromptText.string(common)) : .list
  }

  private var commonPrefix: [UnicodeScalar]? {
    guard let first = candidates.first else { return nil }
    var common = Array(first.text.unicodeScalars)
    for candidate in candidates.dropFirst() {
      let same = zip(common, candidate.text.unicodeScalars).prefix { $0 == $1 }.count
      common.removeLast(common.count - same)
    }
    return common
  }
}
