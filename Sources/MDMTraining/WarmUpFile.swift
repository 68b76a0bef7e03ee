import MDMJSON
import MDMModels

/// A warm-up as one file, as `RunFile` is of a run.
public enum WarmUpFile {
  private static let format = 1

  /// Writes a warm-up whole or not at all.
  ///
  /// - Throws: `ModelError.unwritableFile`.
  public static func write(_ progress: WarmUp.Progress, to path: String) throws(ModelError) {
    var file = TensorFile()
    let about = JSONNode.object([
      .init(name: "warmup_format", value: .integer(Int64(format))),
      TensorFile.stepsMember(progress.optimiser),
    ])
    file.put("warmup", "U8", about.compact)
    file.put("losses", "F64", progress.losses.withUnsafeBytes(Array.init))
    try file.write(progress.policy, progress.optimiser, to: path)
  }

  /// Reads a warm-up that began with a policy.
  ///
  /// - Throws: `ModelError` for a file that is missing, damaged or not of this policy.
  public static func read(
    _ path: String, base: Policy
  ) throws(ModelError) -> WarmUp.Progress {
    var arrays = try TensorFile.read(path)
    let about = try? JSONNode(parsing: arrays["warmup"] ?? [])
    guard let about, about["warmup_format"]?.integer == format, let losses = arrays["losses"],
      let weights = arrays["weights"]
    else { throw .malformedSafetensors(reason: "is no warm-up that this mdm can read") }
    let state = try TensorFile.takeOptimiser(about, &arrays)
    let policy = try base.learned(weights)
    guard state.map({ $0.count == policy.trainableCount }) ?? true else {
      throw .malformedSafetensors(reason: "is a warm-up of another size")
    }
    return WarmUp.Progress(
      losses: losses.withUnsafeBytes { raw in
        (0..<(raw.count / 8)).map { raw.loadUnaligned(fromByteOffset: $0 * 8, as: Double.self) }
      }, policy: policy, optimiser: state)
  }
}
