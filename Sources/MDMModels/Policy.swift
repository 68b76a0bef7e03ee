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
  /// Where it came from: a folder, a name, or nothing.
  public package(set) var origin = ""
  /// The files of the folder that it came from which it does not change: they are saved as they were.
  let companions: CheckpointFolder.Companions
  let network: Network
  /// All weights; while matrices are `stored`, the vectors and the matrix of the patches.
  private(set) var weights: WeightStorage
  /// The matrices where they stay in the files of a checkpoint.
  private(set) var stored: StoredMatrices?
  /// What is added to the matrices and learns in their place.
  let adapter: Adapter?
  let pool: ArenaPool
  private var panels: PanelCache

  private init(
    configuration: PolicyConfiguration, tokenizer: any Tokenizer, network: Network,
    weights: WeightStorage, stored: StoredMatrices? = nil, adapter: Adapter? = nil,
    panels: PanelCache? = nil, pool: ArenaPool = ArenaPool(),
    companions: CheckpointFolder.Companions = .init()
  ) {
    BLAS.configure()
    self.companions = companions
    self.configuration = configuration
    self.tokenizer = tokenizer
    self.network = network
    self.weights = weights
    self.stored = stored
    self.adapter = adapter
    self.pool = pool
    self.panels = panels ?? PanelCache(count: network.layout.panelCount)
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
      configuration: configuration, tokenizer: tokenizer, network: network, weights: weights)
  }

  /// A policy whose weights are read from files.
  ///
  /// - Parameter storedFrom: From how many weights on matrices of bfloat16 stay in their files.
  convenience init(
    configuration: PolicyConfiguration, tokenizer: any Tokenizer, weights files: WeightFiles,
    companions: CheckpointFolder.Companions = .init(), storedFrom: Int = 1 << 27
  ) throws(ModelError) {
    try configuration.check()
    let network = Network(configuration)
    let layout = network.layout
    try files.check(layout)
    let stored =
      layout.count >= storedFrom ? try StoredMatrices(layout, files: files) : nil
    let weights = WeightStorage(count: layout.count, isSparse: stored != nil)
    try files.read(
      layout.tensors.filter { stored == nil || !layout.isStored($0) }, into: weights)
    self.init(
      configuration: configuration, tokenizer: tokenizer, network: network, weights: weights,
      stored: stored, companions: companions)
  }

  /// A policy with its own copy of the weights that learn; those that do not are shared.
  public func copy() -> Policy { with(ownWeights(), stored, adapter: adapter?.copy()) }

  /// A policy with the same base and another adapter.
  func with(adapter: Adapter?) -> Policy { with(ownWeights(), stored, adapter: adapter) }

  private func with(
    _ weights: WeightStorage, _ stored: StoredMatrices?, adapter: Adapter?
  ) -> Policy {
    let result = Policy(
      configuration: configuration, tokenizer: tokenizer, network: network, weights: weights,
      stored: stored, adapter: adapter, panels: weights === self.weights ? panels : nil,
      pool: pool, companions: companions)
    result.origin = origin
    return result
  }

  /// Its own weights, or the same where nothing can change them.
  private func ownWeights() -> WeightStorage {
    adapter == nil && stored == nil ? weights.copy() : weights
  }

  /// Turns stored matrices into floats, so that they can learn.
  func widen() {
    if stored == nil { return }
    weights = allWeights()
    stored = nil
    panels = PanelCache(count: network.layout.panelCount)
  }

  /// A copy of all weights as floats, without the adapter.
  func allWeights() -> WeightStorage {
    guard stored != nil else { return weights.copy() }
    let result = WeightStorage(count: weights.count)
    Workers.run(network.layout.tensors.count) { i in
      let tensor = network.layout.tensors[i]
      withValues(of: tensor) { values in
        if let start = values.baseAddress {
          (result.base + tensor.offset).update(from: start, count: values.count)
        }
      }
    }
    return result
  }

  /// A policy of the same numbers without an adapter: scale B A is added to its matrices.
  public func merged() -> Policy {
    guard let adapter else { return self }
    let weights = allWeights()
    adapter.merge(into: weights)
    return with(weights, nil, adapter: nil)
  }

  /// Takes over the weights of a policy of the same configuration.
  public func copyWeights(from other: Policy) {
    precondition(configuration == other.configuration, "an invariant of the callers")
    if let adapter, let source = other.adapter {
      precondition(adapter.layout.count == source.layout.count, "an invariant of the callers")
      adapter.weights.base.update(from: source.weights.base, count: source.weights.count)
    } else {
      widen()
      weights.base.update(from: other.allWeights().base, count: weights.count)
    }
    weightsChanged()
  }

  /// The weights with their panels, which are packed anew after a change.
  func preparedWeights(_ precision: ComputePrecision = .float32) -> NetworkWeights {
    let panels = panels.prepared { panels in
      network.pack(weights, isStored: stored != nil, into: panels)
    }
    return NetworkWeights(
      base: UnsafePointer(weights.base), panels: panels, stored: stored,
      adapter: adapter?.prepared(), precision: precision)
  }

  /// Notes that the panels are out of date.
  func weightsChanged() {
    if let adapter { adapter.weightsChanged() } else { panels.invalidate() }
  }

  /// The number of weights, without an adapter's.
  public var parameterCount: Int { weights.count }

  /// The number of weights that learn: the adapter's where there is one, else all.
  public var trainableCount: Int { adapter?.layout.count ?? weights.count }

  /// Whether an adapter is on it.
  public var hasAdapter: Bool { adapter != nil }

  /// Log-probabilities `[group][completion][token]` under the untempered policy.
  ///
  /// - Parameter precision: What products are computed in.
  public func logProbabilities(
    _ groups: [CompletionGroup], precision: ComputePrecision = .float32
  ) -> [[[Float]]] {
    score(groups, precision) { $0.logProbabilities }
  }

  /// The entropy, in nats, of the distribution that each token is scored under: `[group][completion][token]`.
  public func entropies(
    _ groups: [CompletionGroup], precision: ComputePrecision = .float32
  ) -> [[[Float]]] {
    score(groups, precision) { network.entropies($0.chunk) }
  }

  /// One number a token, from forward passes of which nothing else is kept.
  private func score(
    _ groups: [CompletionGroup], _ precision: ComputePrecision,
    _ read: ((chunk: Network.Chunk, logProbabilities: [Float])) -> [Float]
  ) -> [[[Float]]] {
    let chunks = Chunks(configuration).of(groups)
    var scores = [[Float]](repeating: [], count: chunks.count)
    let prepared = preparedWeights(precision)
    scores.withUnsafeMutableBufferPointer { scores in
      nonisolated(unsafe) let scores = scores
      Workers.run(chunks.count) { piece in
        scores[piece] = pool.with { pair in
          read(
            network.forward(
              prepared, groups: groups[chunks[piece]], keeps: .nothing, store: pair.store,
              scratch: pair.scratch))
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
        preparedWeights(), groups: groups[...], keeps: .nothing, store: pair.store,
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
