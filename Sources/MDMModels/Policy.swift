import Glibc
import MDMImages
import MDMNumerics
import MDMTensors

/// A Qwen2-VL policy: weights, tokenizer, generation and scoring.
///
/// Several calls may run at once as long as no trainer changes the weights meanwhile.
public final class Policy: @unchecked Sendable {
  public let configuration: PolicyConfiguration
  public let tokenizer: any Tokenizer
  /// The files of the folder that it came from which it does not change: they are saved as they were.
  let companions: CheckpointFolder.Companions
  let network: Network
  let weights: WeightStorage
  let pool: ArenaPool
  private let panels: PanelCache

  private init(
    configuration: PolicyConfiguration, tokenizer: any Tokenizer, network: Network,
    weights: WeightStorage, pool: ArenaPool, companions: CheckpointFolder.Companions = .init()
  ) {
    BLAS.configure()
    self.companions = companions
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
    configuration: PolicyConfiguration, tokenizer: any Tokenizer, seed: UInt64
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

  /// A policy whose weights are read from files.
  convenience init(
    configuration: PolicyConfiguration, tokenizer: any Tokenizer, weights files: WeightFiles,
    companions: CheckpointFolder.Companions = .init()
  ) throws(ModelError) {
    try configuration.check()
    let network = Network(configuration)
    let weights = WeightStorage(count: network.layout.count)
    try files.read(network.layout, into: weights)
    self.init(
      configuration: configuration, tokenizer: tokenizer, network: network, weights: weights,
      pool: ArenaPool(), companions: companions)
  }

  /// A policy with its own copy of the weights.
  public func copy() -> Policy {
    Policy(
      configuration: configuration, tokenizer: tokenizer, network: network,
      weights: weights.copy(), pool: pool, companions: companions)
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

  /// The tensors with their shapes and sizes, in the order of the network's parts.
  package var tensors: [ParameterLayout.Tensor] { network.layout.tensors }

  /// Adds to one tensor; as many numbers as it has are taken.
  package func change(_ tensor: String, by values: [Float]) {
    guard let found = network.layout.tensors.first(where: { $0.name == tensor }) else { return }
    for (i, value) in values.prefix(found.count).enumerated() {
      weights.base[found.offset + i] += value
    }
    weightsChanged()
  }

  /// Log-probabilities `[group][completion][token]` under the untempered policy.
  public func logProbabilities(_ groups: [CompletionGroup]) -> [[[Float]]] {
    let chunks = Chunks(configuration).of(groups)
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

  /// The vision tower's features of an image, one row for each of its tokens in a prompt.
  package func features(of image: RGBImage) -> [Float] {
    pool.with { pair in
      guard
        let vision = Vision(
          network, preparedWeights(), images: [image], keeps: false, store: pair.store,
          scratch: pair.scratch)
      else { return [] }
      let width = configuration.hiddenSize
      let grid = PatchGrid(width: image.width, height: image.height, configuration: configuration)
      return grid.places.flatMap { place in
        UnsafeBufferPointer(start: vision.features + place * width, count: width)
      }
    }
  }

  /// The M-RoPE positions (time, row, column) of a prompt's tokens, and the one after them.
  package func positions(of prompt: Prompt) -> (tokens: [SIMD3<Int32>], next: Int32) {
    let positions = PromptPositions(prompt, configuration: configuration)
    return (positions.positions, positions.next)
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
