import MDMJSON
import MDMModels

/// What checkpoints of runs and of warm-ups have alike: the weights that learn and AdamW's state.
extension TensorFile {
  /// The step count of an optimiser as the files' JSON tells of it.
  static func stepsMember(_ optimiser: PolicyTrainer.State?) -> JSONNode.Member {
    .init(name: "optimiser_steps", value: optimiser.map { .integer(Int64($0.steps)) } ?? .null)
  }

  /// Adds weights and moments, and writes the file.
  func write(
    _ policy: Policy, _ optimiser: PolicyTrainer.State?, to path: String
  ) throws(ModelError) {
    var file = self
    try policy.withLearnedBytes { weights throws(ModelError) in
      file.put("weights", "F32", memory: weights)
      guard let optimiser else { return try file.write(to: path) }
      try optimiser.withBytes { mean, variance throws(ModelError) in
        file.put("mean", "F32", memory: mean)
        file.put("variance", "F32", memory: variance)
        try file.write(to: path)
      }
    }
  }

  /// Takes the optimiser's state out of a file's arrays; nil where it has none.
  static func takeOptimiser(
    _ about: JSONNode, _ arrays: inout [String: [UInt8]]
  ) throws(ModelError) -> PolicyTrainer.State? {
    guard let steps = about["optimiser_steps"]?.integer,
      let mean = arrays.removeValue(forKey: "mean"),
      let variance = arrays.removeValue(forKey: "variance")
    else { return nil }
    return try PolicyTrainer.State(mean: mean, variance: variance, stepCount: steps)
  }
}
