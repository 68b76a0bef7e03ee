import MDMNumerics

/// How an answer is written down; only `target` is what a tagged prompt asks for.
public enum AnswerFormat: String, Sendable, Hashable, CaseIterable {
  /// `<answer> x </answer>`
  case target
  /// `x`
  case bare
  /// `the answer is x`
  case sentence
  /// `<answer> x`
  case unclosed
  /// `<answer> y </answer>` with a `y` of another kind.
  case wrongKind

  static let opening = "<answer>"
  static let closing = "</answer>"
  static let words = [opening, closing, "the", "answer", "is"]

  /// The words of an answer in this format; a wrong kind is drawn from the stream.
  public func text(of example: Example, _ stream: inout RandomStream) -> String {
    switch self {
    case .target: "\(Self.opening) \(example.answer) \(Self.closing)"
    case .bare: example.answer
    case .sentence: "the answer is \(example.answer)"
    case .unclosed: "\(Self.opening) \(example.answer)"
    case .wrongKind: "\(Self.opening) \(Self.other(than: example.kind, &stream)) \(Self.closing)"
    }
  }

  private static func other(than kind: AnswerKind, _ stream: inout RandomStream) -> String {
    let kinds = AnswerKind.allCases.filter { $0 != kind }
    switch stream.element(of: kinds) {
    case .box:
      let (x, y, side) = (
        stream.integer(in: 0...4), stream.integer(in: 0...4), stream.integer(in: 2...4)
      )
      return "\(x) \(y) \(x + side) \(y + side)"
    case .choice: return stream.element(of: Example.letters(3))
    case .word: return stream.element(of: Color.words)
    case .number: return String(stream.integer(in: 1...5))
    }
  }
}
