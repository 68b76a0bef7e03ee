import CKernels

/// Scaled dot-product attention of grouped heads along an `AttentionPlan`.
///
/// Layouts: queries and outputs `[kvHeads][queryPlaces][group][size]`, keys and values
/// `[kvHeads][keyPlaces][size]`, probabilities `[kvHeads][queryPlaces][group][width]`.
package struct Attention {
  package let plan: AttentionPlan
  package let kvHeads: Int
  package let group: Int
  package let size: Int

  private let mostKept: Int

  /// - Parameter mostKept: The most probabilities, in floats, that `forward` keeps for `backward`: 16 MiB
  ///   a block, for each chunk of a step.
  package init(
    plan: AttentionPlan, kvHeads: Int, group: Int, size: Int, mostKept: Int = 1 << 22
  ) {
    self.plan = plan
    self.mostKept = mostKept
    self.kvHeads = kvHeads
    self.group = group
    self.size = size
  }

  private var scale: Float { 1 / Float(size).squareRoot() }

  /// The number of floats of the probabilities that `forward` leaves for `backward`: 0 where they are too
  /// many to be kept, and `backward` computes them again piece by piece, to the same bits.
  package var probabilityCount: Int { isKept ? allProbabilities : 0 }

  private var allProbabilities: Int { kvHeads * plan.queryPlaces * group * plan.width }
  private var isKept: Bool { allProbabilities <= mostKept }

  /// The floats of a piece that is computed on its own, as far as whole blocks of queries allow it: they
  /// are to stay in the cache.
  private static var pieceSize: Int { 1 << 18 }
  private static var blockSize: Int { 64 }
  /// The queries of prompts and images that pass together. It does not depend on what else is in the plan,
  /// since neither must their results.
  private static var aloneSize: Int { 512 }

  /// Neighbouring queries of one family whose probabilities are in memory together.
  private struct Piece {
    let row: Int
    let prefixStart: Int
    let prefixCount: Int
    let spans: ArraySlice<AttentionPlan.Span>
    /// The distance of its rows of probabilities.
    let width: Int
    /// Queries times heads that share keys.
    let rows: Int
  }

  /// Calls `body` for the pieces of a plan that a head of keys passes through.
  private func forEachPiece(_ head: Int, _ body: (Piece) -> Void) {
    for family in plan.families {
      let isAlone = family.prefixCount == 0
      var start = family.queryStart
      func pass(_ spans: ArraySlice<AttentionPlan.Span>) {
        let queries = spans.reduce(0) { $0 + $1.queryCount }
        let longest = spans.reduce(0) { max($0, $1.keyCount) }
        body(
          Piece(
            row: (head * plan.queryPlaces + start) * group, prefixStart: family.prefixStart,
            prefixCount: family.prefixCount, spans: spans,
            width: isKept ? plan.width : AttentionPlan.width(of: family.prefixCount + longest),
            rows: queries * group))
        start += queries
      }
      let spans = plan.spans[family.spans]
      if isKept && (!isAlone || spans.allSatisfy { $0.queryCount <= Self.aloneSize }) {
        pass(spans)
        continue
      }
      let blocks = Self.pieceSize / max(1, group * plan.width) / Self.blockSize
      let most = isAlone ? Self.aloneSize : max(1, blocks) * Self.blockSize
      var waiting: ArraySlice<AttentionPlan.Span> = []
      var queries = 0
      for span in spans {
        var first = 0
        while first < span.queryCount {
          let count = min(most - queries, span.queryCount - first)
          first += count
          queries += count
          waiting.append(
            .init(
              queryCount: count, keyStart: span.keyStart,
              keyCount: visibleKeys(of: span, after: first)))
          if queries == most || isAlone {
            pass(waiting)
            (waiting, queries) = ([], 0)
          }
        }
      }
      if queries > 0 { pass(waiting) }
    }
  }

  /// The floats of the largest piece's probabilities, by one head of keys.
  private var largestPiece: Int {
    var most = 0
    forEachPiece(0) { most = max(most, $0.rows * $0.width) }
    return most
  }

  /// The keys of a span that its first queries see.
  private func visibleKeys(of span: AttentionPlan.Span, after queries: Int) -> Int {
    plan.isCausal ? span.keyCount - span.queryCount + queries : span.keyCount
  }

  /// Computes the outputs, and the probabilities that `backward` needs.
  ///
  /// A query's result depends on its own keys only, not on the queries computed beside it: products of
  /// all queries of a family use `mdm_project`, those of one span have a shape of their own.
  package func forward(
    q: UnsafePointer<Float>, k: UnsafePointer<Float>, v: UnsafePointer<Float>,
    probabilities: UnsafeMutablePointer<Float>, into output: UnsafeMutablePointer<Float>,
    scratch: Arena
  ) {
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let panels = panels(scratch)
    let passing = isKept ? nil : scratch.floats(largestPiece)
    for head in 0..<kvHeads {
      let keys = k + head * plan.keyPlaces * size
      let values = v + head * plan.keyPlaces * size
      forEachPiece(head) { piece in
        let p = passing ?? probabilities + piece.row * plan.width
        weigh(piece, q: q + piece.row * size, keys: keys, p: p, panels: panels)
        mix(piece, values: values, p: p, into: output + piece.row * size, panels: panels)
      }
    }
  }

  /// Memory for the panels of the longest prefix.
  private func panels(_ scratch: Arena) -> UnsafeMutablePointer<Float> {
    let longest = plan.families.reduce(0) { max($0, $1.prefixCount) }
    return scratch.floats(
      max(
        Linear.panelCount(inputs: size, outputs: longest),
        Linear.panelCount(inputs: longest, outputs: size)))
  }

  /// The probabilities of a piece: for completions one product with the prefix for all, then each span's
  /// own keys; prompts and images have only keys of their own.
  private func weigh(
    _ piece: Piece, q: UnsafePointer<Float>, keys: UnsafePointer<Float>,
    p: UnsafeMutablePointer<Float>, panels: UnsafeMutablePointer<Float>
  ) {
    let (width, prefix) = (piece.width, piece.prefixCount)
    if prefix > 0 {
      mdm_pack_rows(keys + piece.prefixStart * size, size, panels, prefix, size)
      mdm_project(q, size, panels, nil, p, width, piece.rows, prefix, size, 0)
    }
    forEachBlock(of: piece, isWhole: prefix == 0) { row, m, own, start in
      let (q, keys, p) = (q + row * size, keys + start * size, p + row * width)
      if prefix > 0 {
        mdm_scores(q, keys, p + prefix, m, own, size, width)
      } else {
        BLAS.timesTransposed(q, size, keys, size, into: p, width, m: m, n: own, k: size)
      }
      let (base, step) = visible(queries: m / group, keys: own, prefix: prefix)
      mdm_softmax(p, m, group, width, prefix + own, base, step, scale)
    }
  }

  /// The sums of a piece's values by its probabilities.
  private func mix(
    _ piece: Piece, values: UnsafePointer<Float>, p: UnsafePointer<Float>,
    into output: UnsafeMutablePointer<Float>, panels: UnsafeMutablePointer<Float>
  ) {
    let (width, prefix) = (piece.width, piece.prefixCount)
    if prefix > 0 {
      mdm_pack_columns(values + piece.prefixStart * size, size, panels, size, prefix)
      mdm_project(p, width, panels, nil, output, size, piece.rows, size, prefix, 0)
    }
    forEachBlock(of: piece, isWhole: prefix == 0) { row, m, own, start in
      let (p, values) = (p + row * width, values + start * size)
      if prefix > 0 {
        mdm_mix(p + prefix, values, output + row * size, m, own, size, width)
      } else {
        BLAS.times(
          p, width, values, size, into: output + row * size, size, m: m, n: size, k: own)
      }
    }
  }

  /// Computes dq; adds to dk and dv.
  package func backward(
    dOutput: UnsafePointer<Float>, q: UnsafePointer<Float>, k: UnsafePointer<Float>,
    v: UnsafePointer<Float>, probabilities: UnsafePointer<Float>,
    dq: UnsafeMutablePointer<Float>, dk: UnsafeMutablePointer<Float>,
    dv: UnsafeMutablePointer<Float>, scratch: Arena
  ) {
    let mark = scratch.mark
    defer { scratch.release(mark) }
    let panels = panels(scratch)
    let ds = scratch.floats(largestPiece)
    let passing = isKept ? nil : scratch.floats(largestPiece)
    for head in 0..<kvHeads {
      let base = head * plan.keyPlaces * size
      forEachPiece(head) { piece in
        let at = piece.row * size
        if let passing { weigh(piece, q: q + at, keys: k + base, p: passing, panels: panels) }
        backward(
          piece, dOutput: dOutput + at, q: q + at, k: k + base, v: v + base,
          p: passing.map { UnsafePointer($0) } ?? probabilities + piece.row * plan.width,
          ds: ds, dq: dq + at, dk: dk + base, dv: dv + base)
      }
    }
  }

  private func backward(
    _ piece: Piece, dOutput: UnsafePointer<Float>, q: UnsafePointer<Float>,
    k: UnsafePointer<Float>, v: UnsafePointer<Float>, p: UnsafePointer<Float>,
    ds: UnsafeMutablePointer<Float>, dq: UnsafeMutablePointer<Float>,
    dk: UnsafeMutablePointer<Float>, dv: UnsafeMutablePointer<Float>
  ) {
    let (width, prefix, rows) = (piece.width, piece.prefixCount, piece.rows)
    let first = piece.prefixStart * size
    // dP = dO V^T and dV += P^T dO, then dS.
    BLAS.timesTransposed(
      dOutput, size, v + first, size, into: ds, width, m: rows, n: prefix, k: size)
    BLAS.transposedTimes(
      p, width, dOutput, size, into: dv + first, size, m: prefix, n: size, k: rows, beta: 1)
    forEachBlock(of: piece) { row, m, own, start in
      let (p, ds) = (p + row * width, ds + row * width)
      let (dOutput, at) = (dOutput + row * size, start * size)
      BLAS.timesTransposed(
        dOutput, size, v + at, size, into: ds + prefix, width, m: m, n: own, k: size)
      BLAS.transposedTimes(
        p + prefix, width, dOutput, size, into: dv + at, size, m: own, n: size, k: m, beta: 1)
      let (base, step) = visible(queries: m / group, keys: own, prefix: prefix)
      mdm_softmax_backward(p, ds, m, group, width, prefix + own, base, step, scale)
    }
    // dQ = dS K and dK += dS^T Q.
    if prefix > 0 {
      BLAS.times(ds, width, k + first, size, into: dq, size, m: rows, n: size, k: prefix)
      BLAS.transposedTimes(
        ds, width, q, size, into: dk + first, size, m: prefix, n: size, k: rows, beta: 1)
    }
    forEachBlock(of: piece) { row, m, own, start in
      let (ds, at) = (ds + row * width + prefix, start * size)
      BLAS.times(
        ds, width, k + at, size, into: dq + row * size, size, m: m, n: size, k: own,
        beta: prefix > 0 ? 1 : 0)
      BLAS.transposedTimes(
        ds, width, q + row * size, size, into: dk + at, size, m: own, n: size, k: m, beta: 1)
    }
  }

  /// Calls `body` for neighbouring queries of a span, with the keys that the last of them sees. What lies
  /// behind those keys is never computed: of a long completion nearly half.
  ///
  /// - Parameter isWhole: All queries of a span at once.
  @inline(__always)
  private func forEachBlock(
    of piece: Piece, isWhole: Bool = false,
    _ body: (_ row: Int, _ rows: Int, _ keys: Int, _ keyStart: Int) -> Void
  ) {
    var row = 0
    for span in piece.spans {
      let size = plan.isCausal && !isWhole ? Self.blockSize : span.queryCount
      var first = 0
      while first < span.queryCount {
        let count = min(size, span.queryCount - first)
        first += count
        body(row, count * group, visibleKeys(of: span, after: first), span.keyStart)
        row += count * group
      }
    }
  }

  /// The first of neighbouring queries sees `base` keys and each next one `step` more.
  private func visible(queries: Int, keys: Int, prefix: Int) -> (base: Int, step: Int) {
    plan.isCausal ? (prefix + keys - queries + 1, 1) : (prefix + keys, 0)
  }
}
