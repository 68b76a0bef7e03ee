import MDMData
import MDMModels
import MDMRewards
import MDMRuntime
import MDMTraining
import Synchronization

/// The ranges that `reward fn`s have declared, by name.
public final class RewardRanges: Sendable {
  private let ranges: Mutex<[String: ClosedRange<Double>]>

  public init() { ranges = Mutex([:]) }

  /// A copy, for a machine that goes on apart.
  init(_ other: RewardRanges) { ranges = Mutex(other.ranges.withLock { $0 }) }

  func set(_ name: String, _ range: ClosedRange<Double>) {
    ranges.withLock { $0[name] = range }
  }

  subscript(name: String) -> ClosedRange<Double>? { ranges.withLock { $0[name] } }
}

extension NativeCall {
  /// Who pays: the reward of all domains, or a record of one for each; gated by default.
  func rewards(_ index: Int, _ context: BuiltinContext) throws -> RewardRouting {
    guard !isMissing(index) else { return RewardRouting(.gated) }
    let given = try datum(index)
    guard case .record(let record) = given else {
      return RewardRouting(try reward(given, index, context))
    }
    return RewardRouting(
      try record.entries.map { (domain: $0.key, reward: try reward($0.value, index, context)) })
  }

  /// The reward that an argument names: a verifier, or a function of the script.
  func reward(_ index: Int, _ context: BuiltinContext) throws -> RewardFunction {
    try reward(try function(index), context)
  }

  /// A reward: a function, or a list of functions and [weight, function] that are added.
  private func reward(
    _ given: Datum, _ index: Int, _ context: BuiltinContext
  ) throws -> RewardFunction {
    if case .function(let function) = given { return try reward(function, context) }
    guard case .list(let items) = given, !items.isEmpty else {
      throw fail(
        "E0406", "a reward is a function, or a list of those that are added, not \(given.brief)",
        argument: index)
    }
    return RewardFunction(
      sum: try items.map { item -> (weight: Double, reward: RewardFunction) in
        if case .list(let pair) = item, pair.count == 2, let weight = pair[0].number,
          weight.isFinite, case .function(let function) = pair[1]
        {
          return (weight: weight, reward: try reward(function, context))
        }
        guard case .function(let function) = item else {
          throw fail(
            "E0406", "a part of a reward is a function or [weight, function], not \(item.brief)",
            argument: index)
        }
        return (weight: 1, reward: try reward(function, context))
      })
  }

  private func reward(
    _ function: FunctionHandle, _ context: BuiltinContext
  ) throws -> RewardFunction {
    let name = signature(of: function).name
    if let verifier = RewardCatalogue.all.first(where: {
      RewardBuiltins.scriptName($0) == name
    }) {
      return RewardFunction(verifier)
    }
    let range =
      context.rewardRanges[name] ?? -Double.greatestFiniteMagnitude...Double.greatestFiniteMagnitude
    return RewardFunction(name: name, range: range) { text, example in
      let value: Datum
      do {
        value = try invoke(
          function, [.record(Self.completion(text)), .domain(ExampleValue(example))])
      } catch let error as ScriptError where error.kind == .interrupt {
        // It was stopped where it stood; the run so far is a value all the same.
        throw RewardInterruption()
      } catch var error as ScriptError where error.diagnostic.code == "E0703" {
        error.diagnostic.notes.append(
          "the completion was \"\(text)\", of \(example.id) (domain \(example.domain))")
        throw error
      }
      guard let number = value.number else {
        throw TrainingError.badReward(
          name: name, value: value.brief, domain: example.domain, example: example.id,
          completion: text)
      }
      return number
    }
  }

  /// A completion as a script's reward sees it: `text`, and `answer`, the text in its tags.
  private static func completion(_ text: String) -> RecordDatum {
    RecordDatum([
      ("text", .string(text)),
      ("answer", AnswerParser.taggedText(text).map(Datum.string) ?? .string("")),
    ])
  }

  /// Runs a step of `MDMTraining`; its errors become ones of this call.
  func training<T>(_ body: () throws -> T) throws -> T {
    do { return try body() } catch let error as TrainingError {
      let code = if case .badReward = error { "E0703" } else { "E0705" }
      throw fail(code, error.message, hint: error.hint)
    } catch let error as DataError {
      throw fail("E0702", error.description, hint: error.hint)
    } catch let error as ModelError {
      throw fail("E0704", error.message, hint: error.hint)
    }
  }
}
