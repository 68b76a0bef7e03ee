import Glibc
import MDMImages
import MDMNumerics
import MDMTensors

/// A Qwen2-VL policy: weights, tokenizer, generation and scoring.
///
/// Several calls may run at once as long as no trainer changes the weights meanwhile.
public final class Policy: @unchecked Sendable {
  public let configuration: PolicyConfiguration
  public let tokenizer: WordTokenizer
  let network: Network
  let weights: WeightStorage
  let pool: ArenaPool
  private let panels: PanelCache

  private init(
    configuration: PolicyConfiguration, tokenizer: WordTokenizer, network: Network,
    weights: WeightStorage, pool: ArenaPool
  ) {
    BLAS.configure()
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.network = network
    self.weights = weights
    self.pool = pool
    panels = PanelCache(layout: network.layout)
  }

  /// A policy with matrices drawn from N(0, `configuration.initializerRange`), norms 1 and biases 0.
  ///
  /// The configuration must be consistent (see `PolicyConfiguration.check()`).
  public convenience init(
    configuration: PolicyConfiguration, tokenizer: WordTokenizer, seed: UInt64
  ) {
    let network = Network(configuration)
    let weights = WeightStorage(count: network.layout.count)
    for tensor in network.layout.tensors {
      let values = weights.base + tensor.offset
      if tensor.isMatrix {
        var stream = RandomStream(seed: seed, purpose: "initialisation", domain: tensor.name)
        for i in 0..<tensor.count {
          values[i] = configuration.initializerRange * Float(stream.normal())
        }
      } else if !tensor.name.hasSuffix("bias") {
        values.update(repeating: 1, count: tensor.count)
      }
    }
    self.init(
      configuration: configuration, tokenizer: tokenizer, network: network, weights: weights,
      pool: ArenaPool())
  }

  /// A policy whose weights are read from the bytes of a safetensors file.
  public convenience init(
    configuration: PolicyConfiguration, tokenizer: WordTokenizer, safetensors: [UInt8]
  ) throws(ModelError) {
    try configuration.check()
    let network = Network(configuration)
    let weights = WeightStorage(count: network.layout.count)
    let file = try Safetensors(safetensors)
    for tensor in network.layout.tensors {
      try file.read(tensor.name, shape: tensor.shape, into: weights.base + tensor.offset)
    }
    self.init(
      configuration: configuration, tokenizer: tokenizer, network: network, weights: weights,
      pool: ArenaPool())
  }

  /// Reads `config.json`, `tokenizer.json` and `model.safetensors` of a folder.
  public convenience init(folder: String) throws(ModelError) {
    try self.init(
      config: File.read(folder + "/config.json"),
      tokenizer: File.read(folder + "/tokenizer.json"),
      safetensors: File.read(folder + "/model.safetensors"))
  }

  /// Reads a checkpoint from the bytes of its three files.
  public convenience init(
    config: [UInt8], tokenizer: [UInt8], safetensors: [UInt8]
  ) throws(ModelError) {
    let words = try WordTokenizer(json: tokenizer)
    var configuration = try PolicyConfiguration(json: config)
    guard configuration.vocabularySize >= words.count else {
      throw .badTokenizer(
        reason: "has \(words.count) words, the network \(configuration.vocabularySize)")
    }
    configuration.padToken = words.padToken
    configuration.endToken = words.endToken
    configuration.imageToken = words.imageToken
    configuration.unknownToken = words.unknownToken
    try self.init(configuration: configuration, tokenizer: words, safetensors: safetensors)
  }

  /// Writes the three files of a folder, each whole or not at all; the weights come last.
  public func save(folder: String) throws(ModelError) {
    try File.makeFolder(folder)
    try File.write(Array(configuration.json.utf8), to: folder + "/config.json")
    try File.write(Array(tokenizer.json.utf8), to: folder + "/tokenizer.json")
    try File.write(safetensors, to: folder + "/model.safetensors")
  }

  /// A policy with its own copy of the weights.
  public func copy() -> Policy {
    Policy(
      configuration: configuration, tokenizer: tokenizer, network: network,
      weights: weights.copy(), pool: pool)
  }

  /// Takes over the weights of a policy of the same configuration.
  public func copyWeights(from other: Policy) {
    precondition(configuration == other.configuration, "an invariant of the callers")
    weights.base.update(from: other.weights.base, count: weights.count)
    weightsChanged()
  }

  /// The weights with their panels, which are packed anew after a change.
  func preparedWeights() -> NetworkWeights { panels.prepared(weights, network: network) }

  /// Notes that the panels are out of date.
  func weightsChanged() { panels.invalidate() }

  /// The number of weights.
  public var parameterCount: Int { weights.count }

  /// A hash of the sizes and the weights' bits, as 16 hexadecimal digits (FNV-1a over words).
  public var fingerprint: String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    func add(_ value: UInt64) {
      hash = (hash ^ value) &* 0x100_0000_01B3
      hash ^= hash >> 29
    }
    for byte in configuration.json.utf8 { add(UInt64(byte)) }
    for i in 0..<weights.count { add(UInt64(weights.base[i].bitPattern)) }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  /// The values of one tensor under its name on disk, or nil.
  public func values(of tensor: String) -> [Float]? {
    guard let found = network.layout.tensors.first(where: { $0.name == tensor }) else {
      return nil
    }
    return Array(UnsafeBufferPointer(start: weights.base + found.offset, count: found.count))
  }

  /// The tensors' names on disk.
  public var tensorNames: [String] { network.layout.tensors.map(\.name) }

  /// Adds to one tensor; as many numbers as it has are taken.
  package func change(_ tensor: String, by values: [Float]) {
    guard let found = network.layout.tensors.first(where: { $0.name == tensor }) else { return }
    for (i, value) in values.prefix(found.count).enumerated() {
      weights.base[found.offset + i] += value
    }
    weightsChanged()
  }

  /// The bytes of `model.safetensors`.
  public var safetensors: [UInt8] { Safetensors.bytes(of: network.layout, weights: weights) }

  /// Whether a prompt fits this network: known tokens, and one placeholder for each image token.
  ///
  /// The other functions accept every prompt; what does not fit is treated as the unknown word.
  public func check(_ prompt: Prompt) throws(ModelError) {
    let c = configuration
    if prompt.tokens.isEmpty { throw .badPrompt(reason: "has no tokens") }
    if prompt.tokens.count > PolicyConfiguration.longestPrompt {
      throw .badPrompt(
        reason: "has more than \(PolicyConfiguration.longestPrompt) tokens")
    }
    if let bad = prompt.tokens.first(where: { $0 < 0 || Int($0) >= c.vocabularySize }) {
      throw .badPrompt(reason: "has the token \(bad) of \(c.vocabularySize)")
    }
    let found = prompt.tokens.filter { $0 == c.imageToken }.count
    guard let image = prompt.image else {
      if found > 0 { throw .badPrompt(reason: "has \(found) image tokens but no image") }
      return
    }
    if image.width < 1 || image.height < 1 { throw .badPrompt(reason: "has an empty image") }
    let wanted = c.imageTokenCount(width: image.width, height: image.height)
    let range = PromptPositions(prompt, configuration: c).imageRange
    if found != wanted || range?.count != wanted {
      throw .badPrompt(
        reason: "has \(found) image tokens, but its image needs a run of \(wanted)")
    }
    if range?.upperBound == prompt.tokens.count {
      throw .badPrompt(reason: "ends with its image; a word must follow")
    }
  }

  /// Log-probabilities `[group][completion][token]` under the untempered policy.
  public func logProbabilities(_ groups: [CompletionGroup]) -> [[[Float]]] {
    let chunks = Chunks.of(groups)
    var scores = [[Float]](repeating: [], count: chunks.count)
    let prepared = preparedWeights()
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores
      Workers.run(chunks.count) { piece in
        scores[piece] = pool.with { pair in
          network.forward(
            prepared, groups: groups[chunks[piece]], keeps: false, store: pair.store,
            scratch: pair.scratch
          ).logProbabilities
        }
      }
    }
    return Self.nested(groups, scores.flatMap(\.self))
  }

  /// The logits of the token after a prompt, one for each word.
  public func nextTokenLogits(_ prompt: Prompt) -> [Float] {
    pool.with { pair in
      let groups = [CompletionGroup(prompt: prompt, completions: [[configuration.endToken]])]
      let result = network.forward(
        preparedWeights(), groups: groups[...], keeps: false, store: pair.store,
        scratch: pair.scratch)
      return Array(
        UnsafeBufferPointer(start: result.chunk.logits, count: configuration.vocabularySize))
    }
  }

  /// Numbers in the order of the scored tokens, nested as the completions are.
  static func nested(_ groups: [CompletionGroup], _ flat: [Float]) -> [[[Float]]] {
    var at = 0
    return groups.map { group in
      group.completions.map { completion in
        defer { at += completion.count }
        return Array(flat[at..<(at + completion.count)])
      }
    }
  }
}

extension RandomStream {
  /// A standard normal number (Box and Muller, 1958).
  mutating func normal() -> Double {
    let radius = (-2 * Glibc.log(1 - uniform())).squareRoot()
    return radius * Glibc.cos(2 * Double.pi * uniform())
  }
}
