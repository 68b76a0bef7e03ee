import MDMFormatter
import MDMSyntax

/// Any script without syntax errors is laid out, and laid out again it stays the same. That the
/// meaning and the comments stay is the formatter's own check: it refuses where they do not.
public struct FormatterTarget: FuzzTarget {
  public static let name = "formatter"
  private let mutator: Mutator

  public init(root: String) { mutator = Mutator(corpus: Corpus.scripts(below: root)) }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    Array(mutator.text(&random).utf8)
  }

  public func run(_ input: [UInt8]) throws {
    let text = String(decoding: input, as: UTF8.self)
    switch Formatter.format(SourceText(name: "fuzz", text: text)) {
    case .rejected(let diagnostics):
      try BrokenLaw.unless(!diagnostics.isEmpty, "rejected without a reason")
    case .refused: throw BrokenLaw("refused")
    case .formatted(let first):
      guard case .formatted(let second) = Formatter.format(SourceText(name: "fuzz", text: first))
      else { throw BrokenLaw("what was laid out is not accepted again") }
      try BrokenLaw.unless(first == second, "laid out again it changes")
    }
  }
}
