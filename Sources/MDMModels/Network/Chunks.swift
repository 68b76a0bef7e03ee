/// Cuts work into pieces by its own size alone, so that results do not depend on the machine.
enum Chunks {
  /// The rows that make a product large enough, and a chunk's memory small enough.
  private static let rows = 176

  /// Neighbouring groups whose rows are about `rows` in all.
  static func of(_ groups: [CompletionGroup]) -> [Range<Int>] {
    cut(groups.count, limit: rows) { i in
      groups[i].prompt.tokens.count
        + groups[i].completions.reduce(0) { $0 + max(0, $1.count - 1) }
    }
  }

  /// Neighbouring prompts with about 32 sequences in all.
  static func of(prompts: Int, samples: Int) -> [Range<Int>] {
    cut(prompts, limit: 32) { _ in samples }
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
