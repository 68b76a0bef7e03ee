/// Cuts work into pieces by its own size alone, so that results do not depend on the machine.
struct Chunks {
  /// How many times the work of a row is that of the shipped network's widths.
  private let scale: Int

  /// Wide networks take larger pieces: each piece reads all weights and adds to all gradients once.
  init(_ configuration: PolicyConfiguration) { scale = max(1, configuration.hiddenSize / 256) }

  /// Neighbouring groups whose rows make products large enough, and a piece's memory small enough.
  func of(_ groups: [CompletionGroup]) -> [Range<Int>] {
    Self.cut(groups.count, limit: 176 * scale) { i in
      groups[i].prompt.tokens.count
        + groups[i].completions.reduce(0) { $0 + max(0, $1.count - 1) }
    }
  }

  /// Neighbouring prompts with about 32 sequences in all.
  func of(prompts: Int, samples: Int) -> [Range<Int>] {
    Self.cut(prompts, limit: 32) { _ in samples }
  }

  private static func cut(_ count: Int, limit: Int, cost: (Int) -> Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var start = 0
    var sum = 0
    for i in 0..<count {
      let next = cost(i)
      if i > start && sum + next > limit {
        result.append(start..<i)
        start = i
        sum = 0
      }
      sum += next
    }
    if start < count { result.append(start..<count) }
    return result
  }
}
