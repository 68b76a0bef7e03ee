import MDMDeclarations
import MDMNumerics

/// How far texts are from each other.
enum TextDistance {
  private static let family = "strings"
  private static let pair = [
    ParameterDeclaration("a", .string, "A text."),
    ParameterDeclaration("b", .string, "Another text."),
  ]
  private static let source = "Levenshtein, Soviet Physics Doklady 10, 1966"

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "levenshtein", pair, returns: .int, family: family,
        "The least number of characters to insert, delete or replace to turn one text into "
          + "another.", examples: [Example("levenshtein(\"kitten\", \"sitting\")", prints: "3")],
        source: source), form: .both([.string]),
      raw: { call in Value(try distance(call).edits) }),
    NativeFunction(
      FunctionSignature(
        "similarity", pair, returns: .float, family: family,
        "1 - levenshtein(a, b) / the length of the longer text: 1.0 for equal texts.",
        examples: [Example("similarity(\"color\", \"colour\")", prints: "0.8333333333333334")],
        source: source), form: .both([.string]),
      raw: { call in
        let (edits, longest) = try distance(call)
        return Value(longest == 0 ? 1.0 : 1 - Double(edits) / Double(longest))
      }),
  ]

  private static func distance(_ call: NativeCall) throws -> (edits: Int, longest: Int) {
    let (a, b) = (TextBytes.scalars(call.bytes(0)), TextBytes.scalars(call.bytes(1)))
    return (
      try EditDistance.between(a, b) { try call.checkInterrupt() }, max(a.count, b.count)
    )
  }
}
