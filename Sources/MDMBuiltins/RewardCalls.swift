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
  /// The reward that an argument names: a verifier, or a function of the script; gated by default.
  func reward(_ index: Int, _ context: BuiltinContext) throws -> RewardFunction {
    guard let function = try optional(index, { try self.function($0) }) else { return .gated }
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
