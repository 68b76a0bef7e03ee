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
        if let image = prompt.imageRange, image.contains(i), i < count - 1 {
          featureRows += [Int32(tokens.count), features + Int32(i - image.lowerBound)]
        }
        if i < count - 1 {
          append(prompt.tokens[i], prompt.positions[i], place + Int32(i))
        }
      }
      if let image = group.prompt.image {
        features += Int32(c.imageTokenCount(width: image.width, height: image.height))
      }
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

/// The M-RoPE positions of a prompt.
struct PromptPositions {
  var tokens: [Int32]
  var positions: [SIMD3<Int32>] = []
  /// Where the image's tokens are.
  var imageRange: Range<Int>?
  /// The position of the first token after the prompt.
  var next: Int32 = 0

  init(_ prompt: Prompt, configuration c: PolicyConfiguration) {
    tokens = prompt.tokens.prefix(PolicyConfiguration.longestPrompt).map(c.valid)
    if tokens.isEmpty { tokens = [c.padToken] }
    positions.reserveCapacity(tokens.count)
    var columns = 1
    var advance: Int32 = 0
    if let image = prompt.image, let start = tokens.firstIndex(of: c.imageToken) {
      let grid = ImagePatches.grid(width: image.width, height: image.height, configuration: c)
      columns = grid.columns / c.spatialMergeSize
      let rows = grid.rows / c.spatialMergeSize
      let run = tokens[start...].prefix(rows * columns).prefix { $0 == c.imageToken }
      imageRange = run.startIndex..<run.endIndex
      advance = Int32(max(rows, columns))
    }
    for i in tokens.indices {
      if let range = imageRange, range.contains(i) {
        let k = i - range.lowerBound
        positions.append(SIMD3(next, next + Int32(k / columns), next + Int32(k % columns)))
        if i == range.upperBound - 1 { next += advance }
      } else {
        positions.append(SIMD3(repeating: next))
        next += 1
      }
    }
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
