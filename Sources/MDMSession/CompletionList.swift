/// What may stand at a cursor, best first.
public struct CompletionList: Sendable, Equatable {
  /// What a proposal is.
  public enum Kind: String, Sendable {
    case argument, field, method, variable, function, module, type, dataset, path, command, keyword
  }

  /// One proposal.
  public struct Candidate: Sendable, Equatable {
    /// What replaces the text between the list's start and end.
    public var text: String
    public var kind: Kind
    /// Its type, or how it is called; empty where nothing is known.
    public var type: String
    /// One line of help.
    public var help: String

    public init(_ text: String, _ kind: Kind, type: String = "", help: String = "") {
      self.text = text
      self.kind = kind
      self.type = type
      self.help = help
    }
  }

  /// Where the replaced text begins and ends, in Unicode scalars.
  public var start: Int
  public var end: Int
  public var candidates: [Candidate]

  public init(start: Int, end: Int, _ candidates: [Candidate] = []) {
    self.start = start
    self.end = end
    self.candidates = candidates
  }
}
