/// What `mdm explain CODE` tells about a kind of error.
///
/// Each module lists its own codes; the executable concatenates the lists.
public struct DiagnosticCode: Sendable, Equatable {
  /// Such as `E0301`; it never changes its meaning.
  public let code: String
  /// A few words, without a full stop.
  public let title: String
  /// A paragraph: what the rule is and why.
  public let explanation: String
  /// A script that has the error; empty where an example would need a long set-up.
  public let wrong: String
  /// The same script, mended.
  public let right: String

  public init(
    _ code: String, _ title: String, _ explanation: String, wrong: String = "", right: String = ""
  ) {
    self.code = code
    self.title = title
    self.explanation = explanation
    self.wrong = wrong
    self.right = right
  }

  /// The page that `mdm explain` prints.
  public var page: String {
    var text = "\(code): \(title)\n"
    if !explanation.isEmpty { text += "\n\(explanation)\n" }
    for (label, example) in [("Wrong", wrong), ("Right", right)] where !example.isEmpty {
      let lines = example.split(separator: "\n", omittingEmptySubsequences: false)
      text += "\n\(label):\n\n" + lines.map { "    \($0)\n" }.joined()
    }
    return text
  }
}

extension [DiagnosticCode] {
  /// The entry of a code, written in upper or lower case, with or without its `E`.
  public func entry(_ code: String) -> DiagnosticCode? {
    let wanted = code.uppercased()
    return first { $0.code == wanted || $0.code.dropFirst() == wanted }
  }
}
