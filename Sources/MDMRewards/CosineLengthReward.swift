import Glibc
import MDMDeclarations

/// Pays right answers more the shorter they are, and wrong ones less.
public struct CosineLengthReward: Measure {
  public let function = "cosine_length"
  public let summary =
    "A right answer's 1.0 falls with length to 0.5 on a cosine, a wrong one's -1.0 rises to -0.5."
  public let range = -1.0...1.0
  public let source: String? =
    "Demystifying long chain-of-thought, arXiv 2502.03373; wrong answers keep their own curve, which "
    + "VLM-R1's cosine_reward overwrites"
  public let parameters = [
    ParameterDeclaration("is_right", .either([.bool, .number]), "Whether the answer is right."),
    ParameterDeclaration("length", .number, "The tokens of the completion."),
    ParameterDeclaration("limit", .number, "The tokens from which on nothing changes."),
  ]
  public let examples = [
    CallExample("cosine_length(true, 0, 100)", prints: "1.0"),
    CallExample("cosine_length(true, 100, 100)", prints: "0.5"),
    CallExample("cosine_length(false, 0, 100)", prints: "-1.0"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let isRight: Bool
    switch arguments[0] {
    case .bool(let value): isRight = value
    default: isRight = try arguments.number(0, in: 0...1) >= 0.5
    }
    let length = try arguments.number(1, in: 0...(.greatestFiniteMagnitude))
    let limit = try arguments.number(2, in: 0...(.greatestFiniteMagnitude))
    let share = limit > 0 ? min(length / limit, 1) : 1
    // From what a length of nothing gives to what the limit gives.
    let (short, long) = isRight ? (1.0, 0.5) : (-1.0, -0.5)
    return long + 0.5 * (short - long) * (1 + Self.cosine(share))
  }

  /// cos(pi x) for 0...1, exact at both ends.
  private static func cosine(_ x: Double) -> Double {
    x == 0 ? 1 : x == 1 ? -1 : x == 0.5 ? 0 : cos(.pi * x)
  }
}
