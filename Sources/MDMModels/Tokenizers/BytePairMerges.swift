/// Merges neighbouring tokens of one piece, the pair of the lowest rank first.
///
/// Source: byte-pair encoding of Sennrich et al., 2016; of equal ranks the leftmost pair comes first.
struct BytePairMerges: Sendable, Equatable {
  private struct Merge: Sendable, Equatable {
    var rank: Int32
    var result: Int32
  }

  /// What two neighbours become, by both identifiers in one number.
  private var merges: [UInt64: Merge] = [:]

  private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  mutating func reserve(_ count: Int) { merges.reserveCapacity(count) }

  /// Adds the next merge of the list; of a pair that comes twice the last one holds.
  mutating func add(_ left: Int32, _ right: Int32, result: Int32, rank: Int) {
    merges[Self.key(left, right)] = Merge(rank: Int32(rank), result: result)
  }

  /// The tokens after all merges.
  func merged(_ tokens: [Int32]) -> [Int32] {
    if tokens.count < 2 { return tokens }
    // Pairs wait in a heap; one that is out of date is dropped when it comes up.
    var tokens = tokens
    var next = Array(1...tokens.count)
    var previous = Array(-1..<(tokens.count - 1))
    var heap = PairHeap()
    for i in 0..<(tokens.count - 1) { push(i, tokens, next, &heap) }
    while let pair = heap.pop() {
      let i = pair.place
      guard tokens[i] == pair.left, next[i] < tokens.count, tokens[next[i]] == pair.right else {
        continue
      }
      let right = next[i]
      tokens[i] = pair.result
      tokens[right] = -1
      next[i] = next[right]
      if next[i] < tokens.count {
        previous[next[i]] = i
        push(i, tokens, next, &heap)
      }
      if previous[i] >= 0 { push(previous[i], tokens, next, &heap) }
    }
    return tokens.filter { $0 >= 0 }
  }

  private func push(_ i: Int, _ tokens: [Int32], _ next: [Int], _ heap: inout PairHeap) {
    let (left, right) = (tokens[i], tokens[next[i]])
    if let merge = merges[Self.key(left, right)] {
      heap.push(
        PairHeap.Pair(
          rank: merge.rank, place: i, left: left, right: right, result: merge.result))
    }
  }
}

/// Pairs that could be merged, the lowest rank and then the leftmost on top.
private struct PairHeap {
  struct Pair {
    var rank: Int32
    var place: Int
    var left: Int32
    var right: Int32
    var result: Int32

    static func < (a: Pair, b: Pair) -> Bool { (a.rank, a.place) < (b.rank, b.place) }
  }

  private var pairs: [Pair] = []

  mutating func push(_ pair: Pair) {
    pairs.append(pair)
    var i = pairs.count - 1
    while i > 0, pairs[i] < pairs[(i - 1) / 2] {
      pairs.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  mutating func pop() -> Pair? {
    guard let top = pairs.first, let last = pairs.popLast() else { return nil }
    if pairs.isEmpty { return top }
    pairs[0] = last
    var i = 0
    while true {
      var least = i
      for child in [2 * i + 1, 2 * i + 2] where child < pairs.count && pairs[child] < pairs[least] {
        least = child
      }
      if least == i { return top }
      pairs.swapAt(i, least)
      i = least
    }
  }
}
