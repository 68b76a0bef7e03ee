import MDMDeclarations
import MDMJSON
import MDMRewards
import MDMRuntime

/// The measures of the reward catalogue as script functions, in one loop.
enum MeasureBuiltins {
  static var functions: [NativeFunction] {
    RewardCatalogue.measures.map(function) + [taggedText, mathAnswer]
  }

  private static func function(_ measure: any Measure) -> NativeFunction {
    let count = measure.parameters.count
    return NativeFunction(
      FunctionSignature(
        measure.function, measure.parameters, returns: .float, family: RewardBuiltins.name,
        measure.summary, examples: measure.examples, source: measure.source,
        details: measure.details)
    ) { call in
      var values: [JSONNode] = []
      values.reserveCapacity(count)
      for index in 0..<count { values.append(try node(call.datum(index), call, index)) }
      do throws(MeasureError) {
        return .float(try measure.score(MeasureArguments(values)))
      } catch {
        throw call.fail("E0420", error.message, hint: error.hint, argument: error.argument)
      }
    }
  }

  /// A value as JSON has it; a number may be nan here, which measures have to bear.
  private static func node(_ datum: Datum, _ call: NativeCall, _ index: Int) throws -> JSONNode {
    switch datum {
    case .none: .null
    case .bool(let value): .bool(value)
    case .int(let value): .integer(value)
    case .float(let value): .number(value)
    case .string(let text): .string(text)
    case .list(let items): .array(try items.map { try node($0, call, index) })
    case .record(let record):
      .object(
        try record.entries.map {
          JSONNode.Member(name: $0.key, value: try node($0.value, call, index))
        })
    default:
      throw call.fail(
        "E0406", "`\(call.parameterName(index))` holds a \(datum.typeName), which is no answer",
        argument: index)
    }
  }

  private static let mathAnswer = NativeFunction(
    FunctionSignature(
      "math_answer",
      [
        ParameterDeclaration("completion", .string, "What a policy wrote."),
        ParameterDeclaration(
          "forms", .string, default: "\"any\"",
          "\"latex\" looks in boxes and between dollars, \"plain\" for numbers, \"any\" for both."),
      ], returns: .either([.string, .none]), family: RewardBuiltins.name,
      "Finds the answer that a completion in mathematics states, for `math_equal`; none without one.",
      examples: [
        Example("math_answer(r\"So $x = 3$, thus \\boxed{3}.\")", prints: "$3$"),
        Example("math_answer(\"The final answer is 2/3.\")", prints: "2/3"),
      ], source: "the priorities of math-verify 0.9.0, boxes first",
      details: "The last box counts, with boxes right before it; else what follows the last "
        + "`answer is`; else the last mathematics or number. Thinking aloud comes first, so the last counts."
    )
  ) { call in
    let forms: MathAnswer.Forms
    switch try call.string(1) {
    case "any": forms = [.latex, .plain]
    case "latex": forms = .latex
    case "plain": forms = .plain
    default:
      throw call.fail("E0420", "`forms` is \"any\", \"latex\" or \"plain\"", argument: 1)
    }
    return MathAnswer.find(in: try call.string(0), forms: forms).map(Datum.string) ?? .none
  }

  private static let taggedText = NativeFunction(
    FunctionSignature(
      "tagged_text",
      [
        ParameterDeclaration("completion", .string, "What a policy wrote."),
        ParameterDeclaration("tag", .string, default: "\"answer\"", "The tag's name."),
      ], returns: .either([.string, .none]), family: RewardBuiltins.name,
      "Gives the text in the only occurrence of a tag; none where there is none or more than one.",
      examples: [Example("tagged_text(\"so <answer> B </answer>\")", prints: "B")])
  ) { call in
    let tag = try call.string(1)
    guard TagParser.isTag(tag) else {
      throw call.fail(
        "E0420", "\"\(tag.prefix(40))\" is no tag",
        hint: "a tag is a word such as answer, without < and >", argument: 1)
    }
    return TagParser.text(in: try call.string(0), tag: tag).map(Datum.string) ?? .none
  }
}
