/// Which keys each query sees: a shared prefix, and its own span up to itself.
///
/// Queries and keys have places in head-major memory. The queries of a family lie one after another
/// and share one prefix of keys (a prompt); each span of them has keys of its own (a completion).
package struct AttentionPlan {
  /// Neighbouring queries with keys of their own.
  package struct Span {
    package var queryCount: Int
    package var keyStart: Int
    package var keyCount: Int

    package init(queryCount: Int, keyStart: Int, keyCount: Int) {
      self.queryCount = queryCount
      self.keyStart = keyStart
      self.keyCount = keyCount
    }
  }

  /// Neighbouring spans behind one prefix.
  package struct Family {
    package var queryStart: Int
    package var prefixStart: Int
    package var prefixCount: Int
    package var spans: Range<Int>

    package init(queryStart: Int, prefixStart: Int, prefixCount: Int, spans: Range<Int>) {
      self.queryStart = queryStart
      self.prefixStart = prefixStart
      self.prefixCount = prefixCount
      self.spans = spans
    }
  }

  package var families: [Family] = []
  package var spans: [Span] = []
  /// Whether the i-th last query of a span leaves its i last keys out.
  package var isCausal = true
  /// The numbers of places for queries and for keys.
  package var queryPlaces = 0
  package var keyPlaces = 0
  /// The distance of score rows: no query sees more keys.
  package var width = 0

  package init() {}

  /// Adds a family and keeps `width` large enough.
  package mutating func add(
    queryStart: Int, prefixStart: Int = 0, prefixCount: Int = 0, spans new: [Span]
  ) {
    let first = spans.count
    spans += new
    families.append(
      Family(
        queryStart: queryStart, prefixStart: prefixStart, prefixCount: prefixCount,
        spans: first..<spans.count))
    let own = new.reduce(0) { max($0, $1.keyCount) }
    width = max(width, Self.width(of: prefixCount + own))
  }

  /// The distance of rows with so many scores.
  static func width(of keys: Int) -> Int { (keys + 15) / 16 * 16 }

  /// Adds neighbouring queries that see one another, and nothing else.
  package mutating func addAll(from start: Int, count: Int) {
    add(queryStart: start, spans: [.init(queryCount: count, keyStart: start, keyCount: count)])
  }
}
