import CKernels
import Glibc
import MDMTensors

/// Gradients and AdamW state of one policy.
///
/// The work is cut into chunks and four lanes by its size alone and all sums have a fixed order, so
/// that results are equal bit by bit for any number of threads.
public final class PolicyTrainer {
  public let policy: Policy
  public var optimiser: AdamWOptions
  /// Whether only the blocks' inputs are kept and the backward pass computes each block's other activations
  /// again: a third more work, the same bits, and memory for one block at a time.
  public var recomputesActivations = false
  /// What the products with matrices are computed in; weights, gradients and AdamW's state are float32.
  public var precision = ComputePrecision.float32
  /// In how many pieces, one after another, groups pass forward and backward: activations of one piece at a
  /// time, for one forward pass more, and the same bits.
  public var pieces = 1
  /// The number of steps taken.
  public private(set) var stepCount = 0
  /// Gradients of which each takes some chunks; fewer where one alone is large.
  private let lanes: [WeightStorage]
  private var laneUsed: [Bool]
  /// With an adapter: where the derivatives by the base's vectors go, which nobody reads.
  private let sinks: [WeightStorage]
  private let mean: WeightStorage
  private let variance: WeightStorage
  private var stores: [Arena] = []
  private let scratches: [Arena]

  /// A trainer that changes the policy's weights in place: its adapter's where it has one, else all.
  public init(policy: Policy, optimiser: AdamWOptions = AdamWOptions()) {
    if !policy.hasAdapter { policy.widen() }
    self.policy = policy
    self.optimiser = optimiser
    let count = policy.trainableCount
    let laneCount = Self.laneCount(policy)
    lanes = (0..<laneCount).map { _ in WeightStorage(count: count) }
    laneUsed = [Bool](repeating: false, count: laneCount)
    let sinkCount = policy.hasAdapter ? laneCount : 0
    sinks = (0..<sinkCount).map { _ in
      WeightStorage(count: policy.parameterCount, isSparse: true)
    }
    mean = WeightStorage(count: count)
    variance = WeightStorage(count: count)
    scratches = (0..<laneCount).map { _ in Arena() }
  }

  private static func laneCount(_ policy: Policy) -> Int {
    policy.trainableCount < 1 << 27 ? 4 : 2
  }

  /// Checks that this machine's memory holds what training a policy needs at least: its weights and panels,
  /// gradients and AdamW's moments.
  public static func checkMemory(_ policy: Policy) throws(ModelError) {
    let own = (laneCount(policy) + 2) * policy.trainableCount * 4
    let base = policy.hasAdapter ? 0 : 2 * policy.parameterCount * 4
    let present = max(0, sysconf(Int32(_SC_PHYS_PAGES))) * max(0, sysconf(Int32(_SC_PAGESIZE)))
    if own + base > present {
      throw .tooLarge(
        what: "training all \(policy.parameterCount) weights", needed: own + base, present: present)
    }
  }

  /// AdamW's moments and step count: with the policy's weights, all that a trainer continues from.
  public struct State: Sendable {
    let mean: WeightStorage
    let variance: WeightStorage
    let stepCount: Int
  }

  /// A copy of AdamW's state; an accumulated gradient is no part of it.
  public var state: State {
    State(mean: mean.copy(), variance: variance.copy(), stepCount: stepCount)
  }

  /// A trainer that goes on where another one of a policy of the same configuration was.
  public convenience init(policy: Policy, optimiser: AdamWOptions, continuing state: State) {
    precondition(state.mean.count == policy.trainableCount, "an invariant of the callers")
    self.init(policy: policy, optimiser: optimiser)
    mean.base.update(from: state.mean.base, count: mean.count)
    variance.base.update(from: state.variance.base, count: variance.count)
    stepCount = state.stepCount
  }

  /// Computes the log-probabilities, asks `upstream` for the loss's derivative by each of them, and
  /// adds the gradient of the weights to that of earlier calls.
  ///
  /// Derivatives that are missing in the answer count as 0.
  ///
  /// - Returns: The log-probabilities `[group][completion][token]`.
  @discardableResult
  public func accumulate(
    _ groups: [CompletionGroup], upstream: ([[[Float]]]) throws -> [[[Float]]]
  ) rethrows -> [[[Float]]] {
    try accumulate(groups) { scores, _ in try upstream(scores) }
  }

  /// The same where the loss may ask for the entropy of the distribution that each token was scored
  /// under, in nats and nested as the log-probabilities are. It is no part of the gradient.
  @discardableResult
  public func accumulate(
    _ groups: [CompletionGroup],
    upstream: ([[[Float]]], _ entropies: () -> [[[Float]]]) throws -> [[[Float]]]
  ) rethrows -> [[[Float]]] {
    let chunks = Chunks(policy.configuration).of(groups)
    let weights = policy.preparedWeights(precision)
    if pieces > 1 && chunks.count > 1 {
      let scores = policy.logProbabilities(groups, precision: precision)
      let derivatives = try upstream(scores) { policy.entropies(groups, precision: precision) }
      let size = (chunks.count + pieces - 1) / pieces
      for first in stride(from: 0, to: chunks.count, by: size) {
        let piece = first..<min(first + size, chunks.count)
        let passes = forward(groups, chunks, piece, weights)
        backward(groups, chunks, piece, weights, passes.map(\.chunk), derivatives)
      }
      return scores
    }
    let passes = forward(groups, chunks, chunks.indices, weights)
    let scores = Policy.nested(groups, passes.flatMap(\.logProbabilities))
    let network = policy.network
    let derivatives = try upstream(scores) {
      Policy.nested(groups, passes.flatMap { network.entropies($0.chunk) })
    }
    backward(groups, chunks, chunks.indices, weights, passes.map(\.chunk), derivatives)
    return scores
  }

  /// The forward passes of some chunks, kept for `backward`.
  ///
  /// A chunk's lane is the same whatever the piece, so that sums of gradients have one order.
  private func forward(
    _ groups: [CompletionGroup], _ chunks: [Range<Int>], _ piece: Range<Int>,
    _ weights: NetworkWeights
  ) -> [(chunk: Network.Chunk, logProbabilities: [Float])] {
    while stores.count < piece.count { stores.append(Arena()) }
    let network = policy.network
    let keeps: Network.Keeping = recomputesActivations ? .inputs : .everything
    var results = [(chunk: Network.Chunk, logProbabilities: [Float])?](
      repeating: nil, count: piece.count)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      inLanes(piece) { chunk, lane in
        let store = stores[chunk - piece.lowerBound]
        store.reset()
        results[chunk - piece.lowerBound] = network.forward(
          weights, groups: groups[chunks[chunk]], keeps: keeps, store: store,
          scratch: scratches[lane])
      }
    }
    return results.compactMap(\.self)
  }

  /// The backward passes of the same chunks, into their lanes' gradients.
  private func backward(
    _ groups: [CompletionGroup], _ chunks: [Range<Int>], _ piece: Range<Int>,
    _ weights: NetworkWeights, _ passes: [Network.Chunk], _ derivatives: [[[Float]]]
  ) {
    for chunk in piece { laneUsed[chunk % lanes.count] = true }
    nonisolated(unsafe) let passes = passes
    inLanes(piece) { chunk, lane in
      let upstream = chunks[chunk].flatMap { i in
        groups[i].completions.indices.flatMap { j in
          groups[i].completions[j].indices.map { t -> Float in
            guard i < derivatives.count, j < derivatives[i].count, t < derivatives[i][j].count
            else { return 0 }
            return derivatives[i][j][t]
          }
        }
      }
      let place = chunk - piece.lowerBound
      policy.network.backward(
        weights, gradient: gradient(lane), chunk: passes[place], upstream: upstream,
        freezesVision: optimiser.freezesVision || policy.adapter?.hasVision == false,
        recomputing: recomputesActivations ? stores[place] : nil, scratch: scratches[lane])
    }
  }

  /// Calls `body` for each chunk of a piece, those of a lane in their order.
  private func inLanes(
    _ piece: Range<Int>, _ body: (_ chunk: Int, _ lane: Int) -> Void
  ) {
    Workers.run(lanes.count) { lane in
      for chunk in piece where chunk % lanes.count == lane { body(chunk, lane) }
    }
  }

  private func gradient(_ lane: Int) -> GradientBuffers {
    sinks.isEmpty
      ? GradientBuffers(base: lanes[lane].base, adapter: nil)
      : GradientBuffers(base: sinks[lane].base, adapter: lanes[lane].base)
  }

  /// Clips the gradient, takes one AdamW step and clears the gradient.
  ///
  /// - Parameter learningRate: This step's rate.
  /// - Returns: The gradient's Euclidean norm before clipping; where it is not finite, no weight moves.
  @discardableResult
  public func step(learningRate: Float) -> Float {
    let slices = 16
    var squares = [Double](repeating: 0, count: slices)
    squares.withUnsafeMutableBufferPointer { squares in
      nonisolated(unsafe) let squares = squares
      Workers.run(slices) { slice in
        let range = range(slice, of: slices)
        sumLanes(range)
        squares[slice] = mdm_sum_squares(lanes[0].base + range.lowerBound, range.count)
      }
    }
    let norm = Float(squares.reduce(0, +).squareRoot())
    if norm.isFinite {
      stepCount += 1
      let o = optimiser
      let clip = o.gradientClipNorm
      var change = mdm_adamw_step(
        rate: learningRate, beta1: o.beta1, beta2: o.beta2, epsilon: o.epsilon, decay: 0,
        correction1: 1 - powered(o.beta1), correction2: 1 - powered(o.beta2),
        gradient_scale: clip > 0 && norm > clip ? clip / (norm + 1e-6) : 1)
      let tensors = policy.adapter?.layout.tensors ?? policy.network.layout.tensors
      let weights = policy.adapter?.weights ?? policy.weights
      let decaying = change.with(decay: o.weightDecay)
      change.decay = 0
      let plain = change
      Workers.run(slices) { slice in
        let range = range(slice, of: slices)
        for tensor in tensors
        where tensor.range.overlaps(range) && !(o.freezesVision && tensor.isVision) {
          let part = tensor.range.clamped(to: range)
          var change = tensor.isMatrix || o.decaysVectors ? decaying : plain
          mdm_adamw(
            &change, weights.base + part.lowerBound, lanes[0].base + part.lowerBound,
            mean.base + part.lowerBound, variance.base + part.lowerBound, part.count)
        }
      }
    }
    policy.weightsChanged()
    clearGradient()
    return norm
  }

  /// Forgets the gradient that was accumulated.
  public func clearGradient() {
    Workers.run(lanes.count) { lane in
      if laneUsed[lane] || lane == 0 {
        lanes[lane].base.update(repeating: 0, count: lanes[lane].count)
      }
    }
    laneUsed = laneUsed.map { _ in false }
  }

  /// The accumulated gradient of one tensor under its name on disk, or nil.
  public func gradient(of tensor: String) -> [Float]? {
    let tensors = policy.adapter?.layout.tensors ?? policy.network.layout.tensors
    guard let found = tensors.first(where: { $0.name == tensor }) else {
      return nil
    }
    var sum = [Float](repeating: 0, count: found.count)
    for lane in lanes { for i in 0..<found.count { sum[i] += lane.base[found.offset + i] } }
    return sum
  }

  private func powered(_ beta: Float) -> Float {
    var result = 1.0
    for _ in 0..<min(stepCount, 100_000) { result *= Double(beta) }
    return Float(result)
  }

  private func range(_ slice: Int, of slices: Int) -> Range<Int> {
    let count = lanes[0].count
    let size = (count + slices - 1) / slices
    return min(count, slice * size)..<min(count, (slice + 1) * size)
  }

  private func sumLanes(_ range: Range<Int>) {
    for lane in 1..<lanes.count where laneUsed[lane] {
      mdm_add(
        lanes[0].base + range.lowerBound, lanes[lane].base + range.lowerBound, range.count)
    }
  }
}

extension mdm_adamw_step {
  fileprivate func with(decay: Float) -> mdm_adamw_step {
    var result = self
    result.decay = decay
    return result
  }
}
