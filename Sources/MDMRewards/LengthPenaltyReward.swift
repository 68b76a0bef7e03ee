import MDMDeclarations

/// Takes something away from completions that come near the length limit.
public struct LengthPenaltyReward: Measure {
  public let function = "length_penalty"
  public let summary =
    "0 for short completions, falling to -1 over the last `buffer` tokens before the limit."
  public let range = -1.0...0.0
  public let source: String? = "DAPO, arXiv 2503.14476, equation 13 (soft overlong punishment)"
  public let parameters = [
    ParameterDeclaration("length", .number, "The tokens of the completion."),
    ParameterDeclaration("limit", .number, "The most tokens that there may be."),
    ParameterDeclaration("buffer", .number, default: "0", "The tokens over which it falls."),
  ]
  public let examples = [
    CallExample("length_penalty(200, 256, buffer: 64)", prints: "-0.125"),
    CallExample("length_penalty(192, 256, buffer: 64)", prints: "0.0"),
  ]

  public init() {}

  public func score(_ arguments: MeasureArguments) throws(MeasureError) -> Double {
    let length = try arguments.number(0, in: 0...(.greatestFiniteMagnitude))
    let limit = try arguments.number(1, in: 0...(.greatestFiniteMagnitude))
    let buffer = try arguments.number(2, in: 0...(.greatestFiniteMagnitude))
    guard buffer <= limit else { throw MeasureError(2, "the buffer is larger than the limit") }
    if length > limit { return -1 }
    guard length > limit - buffer else { return 0 }
    return (limit - buffer - length) / buffer
  }
}
