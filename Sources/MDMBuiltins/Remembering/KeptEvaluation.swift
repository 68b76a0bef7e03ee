import Foundation
import MDMData
import MDMModels
import MDMRuntime
import MDMTraining

extension NativeCall {
  /// The scores of a policy: those of an earlier evaluation of the same content, else new ones, which are
  /// kept.
  func evaluation(
    _ evaluator: Evaluator, of policy: Policy,
    isFresh: Bool, _ context: BuiltinContext, events: (TrainingEvent) -> Void,
    interrupted: @escaping @Sendable () -> Bool
  ) throws -> Evaluation {
    let recorder = context.recorder
    let key = recorder == nil ? nil : Self.key(of: evaluator, policy)
    if let key, let recorder, !recorder.isFresh(isFresh), let bytes = recorder.recall(key),
      let known = try? PropertyListDecoder().decode(Evaluation.self, from: Data(bytes))
    {
      return known
    }
    let made = try training {
      try evaluator.evaluate(policy, events: events, interrupted: interrupted)
    }
    let encoder = PropertyListEncoder()
    encoder.outputFormat = .binary
    if !made.isPartial, let key, let recorder, let bytes = try? encoder.encode(made) {
      recorder.remember(key, kind: "evaluation", Array(bytes))
    }
    return made
  }

  /// A hash of the engine, the policy, the splits and all settings.
  private static func key(of evaluator: Evaluator, _ policy: Policy) -> String? {
    guard let engine = EngineIdentity.text else { return nil }
    var hash = ContentHash()
    hash.update("evaluation 1")
    hash.update(engine)
    hash.update(PolicyValue(policy, name: "").contentFingerprint)
    for set in evaluator.suite.tests + evaluator.suite.benchmarks {
      hash.update(DatasetValue.fingerprint(of: set))
    }
    for setting in Mirror(reflecting: evaluator).children where setting.label != "suite" {
      // A set has another order in every process.
      let names = (setting.value as? Set<String>)?.sorted().joined(separator: ", ")
      hash.update("\(setting.label ?? "") \(names ?? "\(setting.value)")")
    }
    return hash.hexadecimal
  }
}
