import MDMTensors

/// The rows of one chunk of groups: which token, position and keys each has, and which are scored.
///
/// The rows that no logits are needed of (all of a prompt but its last token) come first, so that the
/// last block and the head work on the remaining rows only. Places (the order of keys) run group by
/// group: the prompt, then its completions.
struct TextPlan {
  var tokens: [Int32] = []
  var positions: [SIMD3<Int32>] = []
  var places: [Int32] = []
  /// The first row that has logits.
  var first = 0
  /// For each row of an image: the row, and the row of the chunk's features.
  var featureRows: [Int32] = []
  var attention = AttentionPlan()
  var lastAttention = AttentionPlan()
  /// For each scored token: its row after `first`, and the token; in the groups' order.
  var scoreRows: [Int32] = []
  var scoreTokens: [Int32] = []
  /// For each group: the place of its prompt, its length and the position after it.
  var prompts: [(place: Int, count: Int, next: Int32)] = []

  var rows: Int { tokens.count }
  var headRows: Int { tokens.count - first }

  init(groups: ArraySlice<CompletionGroup>, configuration c: PolicyConfiguration) {
    var place: Int32 = 0
    var features: Int32 = 0
    var heads: [(group: CompletionGroup, token: Int32, position: SIMD3<Int32>, place: Int32)] = []
    for group in groups {
      let prompt = PromptPositions(group.prompt, configuration: c)
      let count = prompt.tokens.count
      prompts.append((Int(place), count, prompt.next))
      for i in 0..<count {
        if i < count - 1 {
          if prompt.features[i] >= 0 {
            featureRows += [Int32(tokens.count), features + prompt.features[i]]
          }
          append(prompt.tokens[i], prompt.positions[i], place + Int32(i))
        }
      }
      features += prompt.featureCount
      heads.append((group, prompt.tokens[count - 1], prompt.positions[count - 1], place))
      place += Int32(count)
      for completion in group.completions { place += Int32(max(0, completion.count - 1)) }
    }
    first = tokens.count
    for (i, head) in heads.enumerated() { addScored(head, prompts[i], c) }
    attention.queryPlaces = Int(place)
    attention.keyPlaces = Int(place)
    lastAttention.queryPlaces = Int(place)
    lastAttention.keyPlaces = Int(place)
  }

  private mutating func addScored(
    _ head: (group: CompletionGroup, token: Int32, position: SIMD3<Int32>, place: Int32),
    _ prompt: (place: Int, count: Int, next: Int32), _ c: PolicyConfiguration
  ) {
    let count = prompt.count
    let promptRow = Int32(tokens.count - first)
    var place = prompt.place + count
    append(head.token, head.position, Int32(place - 1))
    attention.add(
      queryStart: prompt.place,
      spans: [.init(queryCount: count, keyStart: prompt.place, keyCount: count)])
    lastAttention.add(
      queryStart: prompt.place + count - 1,
      spans: [.init(queryCount: 1, keyStart: prompt.place, keyCount: count)])
    var spans: [AttentionPlan.Span] = []
    let start = place
    for completion in head.group.completions {
      for (t, token) in completion.enumerated() {
        scoreRows.append(t == 0 ? promptRow : Int32(tokens.count - first) - 1)
        scoreTokens.append(c.valid(token))
        if t < completion.count - 1 {
          append(
            c.valid(token), SIMD3(repeating: prompt.next &+ Int32(t)), Int32(place + t))
        }
      }
      let length = completion.count - 1
      if length > 0 {
        spans.append(.init(queryCount: length, keyStart: place, keyCount: length))
        place += length
      }
    }
    if !spans.isEmpty {
      attention.add(
        queryStart: start, prefixStart: prompt.place, prefixCount: count, spans: spans)
      lastAttention.add(
        queryStart: start, prefixStart: prompt.place, prefixCount: count, spans: spans)
    }
  }

  private mutating func append(_ token: Int32, _ position: SIMD3<Int32>, _ place: Int32) {
    tokens.append(token)
    positions.append(position)
    places.append(place)
  }
}

/// The M-RoPE positions of a prompt, and which image feature each token is.
struct PromptPositions {
  var tokens: [Int32]
  var positions: [SIMD3<Int32>] = []
  /// For each token: the row of the prompt's image features that replaces it, or -1.
  var features: [Int32] = []
  /// The number of features of the prompt's images.
  var featureCount: Int32 = 0
  /// The position of the first token after the prompt.
  var next: Int32 = 0
  /// The images whose placeholders are all there, in one run each.
  var wholeImages = 0

  init(_ prompt: Prompt, configuration c: PolicyConfiguration) {
    tokens = prompt.tokens.prefix(PolicyConfiguration.longestPrompt).map(c.valid)
    if tokens.isEmpty { tokens = [c.padToken] }
    positions.reserveCapacity(tokens.count)
    features.reserveCapacity(tokens.count)
    let grids = prompt.images.map {
      PatchGrid(width: $0.width, height: $0.height, configuration: c)
    }
    var image = 0
    var i = 0
    while i < tokens.count {
      guard tokens[i] == c.imageToken, image < grids.count else {
        append(SIMD3(repeating: next))
        next += 1
        i += 1
        continue
      }
      let grid = grids[image]
      let run = tokens[i...].prefix(grid.tokenCount).prefix { $0 == c.imageToken }.count
      let columns = grid.columns / c.spatialMergeSize
      let places = grid.places
      for k in 0..<run {
        append(
          SIMD3(next, next + Int32(k / columns), next + Int32(k % columns)),
          feature: featureCount + Int32(places[k]))
      }
      next += Int32(max(grid.rows, grid.columns) / c.spatialMergeSize)
      if run == grid.tokenCount { wholeImages += 1 }
      featureCount += Int32(grid.tokenCount)
      image += 1
      i += run
    }
    for grid in grids[image...] { featureCount += Int32(grid.tokenCount) }
  }

  private mutating func append(_ position: SIMD3<Int32>, feature: Int32 = -1) {
    positions.append(position)
    features.append(feature)
  }
}

extension PolicyConfiguration {
  /// The greatest number of a prompt's tokens; what follows is not read.
  static let longestPrompt = 4096
  /// The greatest number of a completion's tokens.
  static let longestCompletion = 4096

  /// A token of the vocabulary; others become the unknown token.
  func valid(_ token: Int32) -> Int32 {
    token >= 0 && Int(token) < vocabularySize ? token : unknownToken
  }
}
