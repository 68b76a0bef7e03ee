import MDMJSON
import MDMModels

/// A run as one file: its weights, metrics and counts, and what AdamW needs while it is partial.
///
/// All that is random comes from streams named by the seed, the step and the draw, so the counts of draws
/// stand for them. The file is safetensors; its array `run` holds the rest as JSON.
public enum RunFile {
  private static let format = 1
  private static let prefix = "metric "

  /// The fields of `Run` that the file keeps, or that the plan of training has: what `Run` gains and
  /// going on needs belongs in here.
  public static let fields = [
    "status", "mixture", "seed", "options", "plannedSteps", "metrics", "drawn", "policy", "inputs",
    "seconds", "ending", "optimiser",
  ]

  /// Writes a run whole or not at all.
  ///
  /// - Throws: `ModelError.unwritableFile`.
  public static func write(_ run: Run, to path: String) throws(ModelError) {
    var file = TensorFile()
    let about = JSONNode.object([
      .init(name: "format", value: .integer(Int64(format))),
      .init(name: "inputs", value: .string(run.inputs)),
      .init(name: "status", value: .string(run.status.rawValue)),
      .init(name: "drawn", value: .array(run.drawn.map { .integer(Int64($0)) })),
      .init(name: "seconds", value: .number(run.seconds)),
      .init(name: "ending", value: run.ending.map(JSONNode.string) ?? .null),
      TensorFile.stepsMember(run.optimiser),
    ])
    file.put("run", "U8", about.compact)
    for (key, values) in run.metrics {
      file.put(prefix + key, "F64", values.withUnsafeBytes(Array.init))
    }
    try file.write(run.policy, run.optimiser, to: path)
  }

  /// Reads a run of a plan.
  ///
  /// - Throws: `ModelError` for a file that is missing, damaged or not of this plan's policy,
  ///   `TrainingError.cannotContinue` for one of other inputs.
  public static func read(_ path: String, for plan: GRPOTraining) throws -> Run {
    var arrays = try TensorFile.read(path)
    let about = try? JSONNode(parsing: arrays["run"] ?? [])
    guard let about, about["format"]?.integer == format, let inputs = about["inputs"]?.text,
      let status = about["status"]?.text.flatMap(Run.Status.init(rawValue:)),
      let drawn = about["drawn"]?.elements?.compactMap(\.integer),
      let seconds = about["seconds"]?.number, let weights = arrays.removeValue(forKey: "weights")
    else { throw ModelError.malformedSafetensors(reason: "is no run that this mdm can read") }
    try plan.checkInputs(inputs)
    let state = try TensorFile.takeOptimiser(about, &arrays)
    let policy = try plan.base.learned(weights)
    guard state.map({ $0.count == policy.trainableCount }) ?? true,
      drawn.count == plan.mixture.domains.count
    else { throw ModelError.malformedSafetensors(reason: "is a run of other sizes") }
    var metrics: [String: [Double]] = [:]
    for (name, bytes) in arrays where name.hasPrefix(prefix) {
      metrics[String(name.dropFirst(prefix.count))] = bytes.withUnsafeBytes { raw in
        (0..<(raw.count / 8)).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
      }
    }
    let steps = metrics[MetricKey.rewardMean.rawValue]?.count ?? 0
    guard steps <= plan.steps, metrics.values.allSatisfy({ $0.count <= steps }) else {
      throw ModelError.malformedSafetensors(reason: "has metrics that do not fit its steps")
    }
    let most = steps * plan.options.prompts * (plan.options.redraws + 1)
    guard drawn.allSatisfy({ 0...most ~= $0 }) else {
      throw ModelError.malformedSafetensors(
        reason: "tells of \(drawn) draws, but its \(steps) steps make \(most) at most")
    }
    return Run(
      status: status, mixture: plan.mixture, seed: plan.seed, options: plan.options,
      plannedSteps: plan.steps, metrics: metrics, drawn: drawn, policy: policy, inputs: inputs,
      seconds: seconds, ending: about["ending"]?.text, optimiser: state)
  }
}
