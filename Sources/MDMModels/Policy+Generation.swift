import CKernels
import MDMNumerics
import MDMTensors

extension Policy {
  /// Draws completions of each prompt: `[prompt][sample]`.
  ///
  /// A prompt and its image pass the network once for all samples, and all live sequences of a chunk
  /// take each step together. Sample `s` of a prompt draws from the stream (seed, purpose, domain,
  /// index, s). Padding, image, video and unknown tokens are never drawn. The log-probabilities are
  /// those of the policy itself, whatever the options make of them.
  ///
  /// - Parameter interrupted: Asked after each step of a chunk; once true, completions stay as
  ///   they are, unfinished.
  public func generate(
    _ prompts: [Prompt], samples: Int, options: SamplingOptions,
    interrupted: @Sendable () -> Bool = { false }
  ) -> [[Completion]] {
    let chunks = Chunks(configuration).of(prompts: prompts.count, samples: samples)
    var results = [[[Completion]]](repeating: [], count: chunks.count)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      Workers.run(chunks.count) { piece in
        results[piece] = pool.with { pair in
          var generation = Generation(
            policy: self, prompts: prompts[chunks[piece]], samples: max(0, samples),
            options: options, memory: pair)
          return generation.run(interrupted: interrupted)
        }
      }
    }
    return results.flatMap(\.self)
  }
}

/// The generation of one chunk of prompts.
private struct Generation {
  /// A completion that is being drawn.
  struct Sequence {
    var prompt: Int
    var stream: RandomStream
    /// The place of its first key.
    var place: Int
    var nextPosition: Int32
    var completion = Completion(tokens: [], logProbabilities: [], finished: false)
    var isLive = true
  }

  let policy: Policy
  let prompts: [Prompt]
  let samples: Int
  let options: SamplingOptions
  let memory: ArenaPair
  let weights: NetworkWeights
  let banned: [Int32]
  var sequences: [Sequence] = []
  var plan: TextPlan
  var caches: [Network.Cache] = []
  let weightsOfWords: UnsafeMutablePointer<Float>
  let filter: SamplingFilter?
  let filtered: UnsafeMutablePointer<Float>

  init(
    policy: Policy, prompts: ArraySlice<Prompt>, samples: Int, options: SamplingOptions,
    memory: ArenaPair
  ) {
    self.policy = policy
    self.prompts = Array(prompts)
    self.samples = samples
    self.options = options
    self.memory = memory
    let c = policy.configuration
    weights = policy.preparedWeights()
    banned = c.neverDrawn
    weightsOfWords = memory.store.floats(c.vocabularySize)
    filter = SamplingFilter(options, banned: banned)
    filtered = memory.store.floats(filter == nil ? 0 : c.vocabularySize)
    let groups = prompts.map { CompletionGroup(prompt: $0, completions: []) }
    plan = TextPlan(groups: groups[...], configuration: c)
  }

  /// The network over the weights.
  private var network: Network { policy.network }

  mutating func run(interrupted: () -> Bool) -> [[Completion]] {
    let limit = max(0, min(options.maxNewTokens, PolicyConfiguration.longestCompletion))
    if samples > 0, limit > 0, !interrupted() {
      let logits = prefill(limit: limit)
      draw(logits: logits, row: { $0.prompt }, limit: limit)
      for step in 1..<max(2, limit) {
        let live = sequences.indices.filter { sequences[$0].isLive }
        if live.isEmpty || interrupted() { break }
        let mark = memory.store.mark
        let logits = decode(live, step: step)
        var rows = [Int](repeating: 0, count: sequences.count)
        for (row, i) in live.enumerated() { rows[i] = row }
        for i in live {
          draw(i, logits: logits + rows[i] * policy.configuration.vocabularySize, limit: limit)
        }
        memory.store.release(mark)
      }
    }
    var result = prompts.map { _ in [Completion]() }
    for sequence in sequences { result[sequence.prompt].append(sequence.completion) }
    let empty = Completion(tokens: [], logProbabilities: [], finished: false)
    return result.map { $0.isEmpty ? Array(repeating: empty, count: samples) : $0 }
  }

  /// Computes the prompts' keys and values, and the logits after each prompt.
  private mutating func prefill(limit: Int) -> UnsafeMutablePointer<Float> {
    let store = memory.store
    let total = plan.attention.keyPlaces
    let count = prompts.count * samples
    let places = total + count * (limit - 1)
    plan.attention.keyPlaces = places
    plan.lastAttention.keyPlaces = places
    for (i, prompt) in prompts.enumerated() {
      for sample in 0..<samples {
        sequences.append(
          Sequence(
            prompt: i,
            stream: RandomStream(
              seed: options.seed, purpose: options.purpose, domain: prompt.domain,
              index: prompt.index, sample: sample),
            place: total + sequences.count * (limit - 1), nextPosition: plan.prompts[i].next))
      }
    }
    let keys = network.blocks[0].keyCount(plan.attention)
    caches = network.blocks.map { _ in (store.floats(keys), store.floats(keys)) }
    let vision = Vision(
      network, weights, images: prompts.flatMap(\.images), keeps: .nothing, store: store,
      scratch: memory.scratch)
    let x = network.embed(weights, plan: plan, features: vision?.features, store: store)
    let rotary = network.rotary(
      network.blocks[0], table: network.textRotary, positions: plan.positions,
      queries: plan.places, keys: plan.places, plan: plan.attention, arena: store)
    return network.runText(
      weights, x: x, rotary: rotary, first: plan.first, plan: plan.attention,
      lastPlan: plan.lastAttention, caches: caches, keeps: .nothing, store: store,
      scratch: memory.scratch
    ).logits
  }

  /// Feeds each live sequence's last token; returns one row of logits for each.
  private func decode(_ live: [Int], step: Int) -> UnsafeMutablePointer<Float> {
    var decoding = AttentionPlan()
    decoding.queryPlaces = live.count
    decoding.keyPlaces = plan.attention.keyPlaces
    var row = 0
    while row < live.count {
      let prompt = sequences[live[row]].prompt
      let start = row
      var spans: [AttentionPlan.Span] = []
      while row < live.count, sequences[live[row]].prompt == prompt {
        spans.append(
          .init(queryCount: 1, keyStart: sequences[live[row]].place, keyCount: step))
        row += 1
      }
      decoding.add(
        queryStart: start, prefixStart: plan.prompts[prompt].place,
        prefixCount: plan.prompts[prompt].count, spans: spans)
    }
    let width = policy.configuration.hiddenSize
    let x = memory.store.floats(live.count * width)
    let tokens = live.map { sequences[$0].completion.tokens[step - 1] }
    weights.embed(tokens, embedding: network.layout.embedding, into: x, width: width)
    let rotary = network.rotary(
      network.blocks[0], table: network.textRotary,
      positions: live.map {
        SIMD3(repeating: sequences[$0].nextPosition &+ Int32(step - 1))
      },
      queries: Array(0..<Int32(live.count)),
      keys: live.map { Int32(sequences[$0].place + step - 1) }, plan: decoding,
      arena: memory.store)
    return network.runText(
      weights, x: x, rotary: rotary, first: 0, plan: decoding, lastPlan: decoding, caches: caches,
      keeps: .nothing, store: memory.store, scratch: memory.scratch
    ).logits
  }

  private mutating func draw(
    logits: UnsafeMutablePointer<Float>, row: (Sequence) -> Int, limit: Int
  ) {
    for i in sequences.indices {
      draw(
        i, logits: logits + row(sequences[i]) * policy.configuration.vocabularySize, limit: limit)
    }
  }

  /// Draws the next token of a sequence.
  private mutating func draw(_ i: Int, logits: UnsafePointer<Float>, limit: Int) {
    let c = policy.configuration
    let uniform = options.temperature > 0 ? sequences[i].stream.uniform() : 0
    filter?.apply(
      logits, count: c.vocabularySize, prompt: prompts[sequences[i].prompt].tokens,
      completion: sequences[i].completion.tokens, into: filtered)
    let token = mdm_sample(
      filter == nil ? logits : UnsafePointer(filtered), weightsOfWords, c.vocabularySize,
      options.temperature, uniform, banned,
      banned.count)
    var logSum: Float = 0
    mdm_log_sum_exp(logits, &logSum, 1, c.vocabularySize)
    sequences[i].completion.tokens.append(Int32(token))
    sequences[i].completion.logProbabilities.append(logits[token] - logSum)
    let ended = c.ends(Int32(token)) && options.stopsAtEnd
    sequences[i].completion.finished = ended
    sequences[i].isLive = !ended && sequences[i].completion.tokens.count < limit
  }
}
