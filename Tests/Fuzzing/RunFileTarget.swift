import Foundation
import MDMData
import MDMMixtures
import MDMModels
import MDMRewards
import MDMTraining

/// Any checkpoint of a run with a right checksum goes on to the run's end, or is refused with a sentence.
///
/// A case is the name of an array of the file, a line break, and the bytes that stand there instead.
public struct RunFileTarget: FuzzTarget {
  public static let name = "run"
  private let plan: GRPOTraining
  private let arrays: [String: [UInt8]]
  private let about: Mutator

  public init(root: String) {
    do {
      plan = try Self.plan()
      let path = Self.place
      defer { try? FileManager.default.removeItem(atPath: path) }
      var left = 2
      _ = try plan.run(
        checkpoints: CheckpointPlan<Run>(every: 1) { run in
          left -= 1
          if left == 0 { try? RunFile.write(run, to: path) }
        })
      arrays = try TensorFile.read(path)
    } catch { fatalError("the fuzzer's own run fails: \(error)") }
    about = Mutator(
      corpus: [String(decoding: arrays["run"] ?? [], as: UTF8.self)],
      words: [
        "0", "-1", "1", "3", "1e300", "9223372036854775807", "4611686018427387904", "null", "\"\"",
        "[]", "{}", "\"complete\"", "\"interrupted\"", "\"budget\"", ",", ":",
      ])
  }

  private static var place: String {
    FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString).run").path
  }

  /// Four steps of the smallest policy.
  private static func plan() throws -> GRPOTraining {
    let tokenizer = WordTokenizer(words: Vocabulary.words)
    var c = PolicyConfiguration(tokenizer: tokenizer)
    (c.hiddenSize, c.intermediateSize, c.layerCount, c.headCount) = (16, 24, 1, 2)
    (c.keyValueHeadCount, c.mropeSection) = (1, [1, 1, 2])
    (c.visionSize, c.visionHeadCount, c.visionIntermediateSize, c.visionDepth) = (16, 2, 32, 1)
    var options = GRPOOptions()
    (options.prompts, options.group, options.maxNewTokens) = (1, 2, 2)
    return try GRPOTraining(
      base: Policy(configuration: c, tokenizer: tokenizer, seed: 1),
      mixture: Mixture(domains: ["coco", "sat"], weights: [0.5, 0.5]), data: Suite.mini().train,
      options: options, steps: 4, seed: 1)
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    let name = random.oneIn(2) ? "run" : random.pick(arrays.keys.sorted()) ?? "run"
    if name == "run" { return Array("run\n".utf8) + Array(about.text(&random).utf8) }
    var bytes = arrays[name] ?? []
    switch random.next(4) {
    case 0: bytes = Array(bytes.prefix(random.next(bytes.count + 1)))
    case 1: bytes += bytes.prefix(random.next(64))
    case 2: bytes = []
    default:
      for _ in 0...random.next(8) where !bytes.isEmpty {
        bytes[random.next(bytes.count)] = UInt8(random.next(256))
      }
    }
    return Array((name + "\n").utf8) + bytes
  }

  public func run(_ input: [UInt8]) throws {
    let head = input.prefix { $0 != UInt8(ascii: "\n") }
    let name = String(decoding: head, as: UTF8.self)
    var file = TensorFile()
    for (key, bytes) in arrays where key != name { file.put(key, "U8", bytes) }
    if input.count > head.count + 1 { file.put(name, "U8", Array(input[(head.count + 1)...])) }
    let path = Self.place
    defer { try? FileManager.default.removeItem(atPath: path) }
    try file.write(to: path)
    do {
      let read = try RunFile.read(path, for: plan)
      let whole = try plan.run(continuing: read)
      try BrokenLaw.unless(whole.steps == plan.steps, "the run ends at step \(whole.steps)")
    } catch let error as ModelError {
      try BrokenLaw.unless(!error.message.isEmpty, "refused in silence")
    } catch let error as TrainingError {
      try BrokenLaw.unless(!error.message.isEmpty, "refused in silence")
    }
  }
}
