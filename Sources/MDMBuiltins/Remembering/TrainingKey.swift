import MDMData
import MDMModels
import MDMRuntime
import MDMTraining

extension NativeCall {
  /// What runs of the same content share, for a call of `train`; nil where that cannot be known.
  ///
  /// The reward itself is among the arguments: its code, and what it captures.
  func trainingKey(_ plan: GRPOTraining) -> String? {
    contentKey(
      // Said better below, or without influence on a bit of the run.
      leavingOut: [
        "base", "mixture", "data", "algorithm", "stop_early", "resume", "fresh", "checkpoint",
        "keep",
        "evaluate", "samples",
      ],
      more: [
        "train", plan.inputs, PolicyValue(plan.base, name: "").contentFingerprint,
        MixtureValue(plan.mixture).contentFingerprint,
        plan.data.map(DatasetValue.fingerprint).joined(separator: "\n"),
        plan.rewardContracts,
        AlgorithmValue.fingerprint(of: plan.options),
      ])
  }

  /// The settings of `stop_early`.
  func earlyStopping(_ index: Int) throws -> EarlyStopping {
    let record = try record(index)
    let known = ["metric", "patience", "window", "least", "minimise"]
    if let unknown = record.entries.first(where: { !known.contains($0.key) }) {
      throw fail(
        "E0705", "`stop_early` has no setting `\(unknown.key)`",
        hint: Self.nearestName(unknown.key, known).map { "did you mean `\($0)`?" }
          ?? "it has " + known.joined(separator: ", "), argument: index)
    }
    func wrong(_ name: String, _ what: String) -> ScriptError {
      fail("E0705", "`\(name)` of `stop_early` is to be \(what)", argument: index)
    }
    guard let metric = (record["metric"] ?? .string("reward/mean")).text else {
      throw wrong("metric", "the name of a metric, such as \"reward/mean\"")
    }
    guard let patience = (record["patience"] ?? .int(50)).integer else {
      throw wrong("patience", "a number of steps")
    }
    var stopping = EarlyStopping(metric: metric, patience: patience)
    guard let window = (record["window"] ?? .int(stopping.window)).integer else {
      throw wrong("window", "a number of steps")
    }
    guard let least = (record["least"] ?? .float(stopping.least)).number else {
      throw wrong("least", "a number")
    }
    guard case .bool(let isMinimised) = record["minimise"] ?? .bool(false) else {
      throw wrong("minimise", "true or false")
    }
    (stopping.window, stopping.least, stopping.isMinimised) = (window, least, isMinimised)
    if let problem = stopping.problem { throw fail("E0705", problem, argument: index) }
    return stopping
  }
}
