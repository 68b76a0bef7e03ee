import MDMData
import MDMModels
import MDMRuntime

/// The sizes that a script gives for an untrained policy.
enum NewPolicySizes {
  /// One member of the record.
  private struct Size {
    let name: String
    let help: String
    let read: @Sendable (PolicyConfiguration) -> Int
    let write: @Sendable (inout PolicyConfiguration, Int) -> Void

    init(
      _ name: String, _ path: WritableKeyPath<PolicyConfiguration, Int> & Sendable, _ help: String
    ) {
      self.name = name
      self.help = help
      read = { $0[keyPath: path] }
      write = { $0[keyPath: path] = $1 }
    }
  }

  private static let sizes = [
    Size("hidden", \.hiddenSize, "width of the text decoder"),
    Size("layers", \.layerCount, "decoder blocks"), Size("heads", \.headCount, "query heads"),
    Size("kv_heads", \.keyValueHeadCount, "heads of keys and values"),
    Size("intermediate", \.intermediateSize, "inner width of the decoder's MLPs; 3 x hidden"),
    Size("vision_hidden", \.visionSize, "width of the vision tower"),
    Size("vision_layers", \.visionDepth, "vision blocks"),
    Size("vision_heads", \.visionHeadCount, "heads of the vision tower"),
    Size("patch", \.patchSize, "side of a patch, in pixels"),
  ]

  /// The members, their defaults and meanings, a line each.
  static var help: String {
    let c = PolicyConfiguration()
    return
      (sizes.map { "- `\($0.name): \($0.read(c))`, \($0.help)" }
      + ["- `seed: 0`, which decides the initial weights"]).joined(separator: "\n")
  }

  /// An untrained policy of a record's sizes.
  static func policy(_ record: RecordDatum, _ call: NativeCall) throws -> Datum {
    let tokenizer = WordTokenizer(words: Vocabulary.words)
    var c = PolicyConfiguration(tokenizer: tokenizer)
    var seed = 0
    var given: Set<String> = []
    for (name, value) in record.entries {
      guard case .int(let whole) = value, let number = Int(exactly: whole) else {
        throw call.fail("E0406", "`\(name)` should be an Int, but is \(value.brief)", argument: 0)
      }
      if name == "seed" {
        seed = number
      } else if let size = sizes.first(where: { $0.name == name }) {
        guard number > 0 else {
          throw call.fail("E0420", "`\(name)` is \(number), but it is 1 or more", argument: 0)
        }
        size.write(&c, number)
      } else {
        throw call.fail(
          "E0705", "a policy has no size `\(name)`",
          hint: "it has " + sizes.map(\.name).joined(separator: ", ") + " and seed", argument: 0)
      }
      given.insert(name)
    }
    if !given.contains("intermediate") {
      c.intermediateSize = c.hiddenSize.multipliedReportingOverflow(by: 3).partialValue
    }
    c.visionIntermediateSize = c.visionSize.multipliedReportingOverflow(by: 4).partialValue
    let half = c.headSize / 2
    c.mropeSection = [half - half * 3 / 8 * 2, half * 3 / 8, half * 3 / 8]
    c.imageProcessor = ImageProcessor(
      factor: c.patchSize.multipliedReportingOverflow(by: c.spatialMergeSize).partialValue)
    let made = try call.modelling { () throws(ModelError) in
      try c.check()
      return Policy(
        configuration: c, tokenizer: tokenizer, seed: UInt64(bitPattern: Int64(seed)))
    }
    return .domain(PolicyValue(made, name: "new"))
  }
}
