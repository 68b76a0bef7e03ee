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

  package init(plan: AttentionPlan, kvHeads: Int, group: Int, size: Int) {
    self.plan = plan
    self.kvHeads = kvHeads
    self.group = group
    self.size = size
  }

  private var scale: Float { 1 / Float(size).squareRoot() }

  /// The number of floats of the probabilities.
  package var probabilityCount: Int { kvHeads * plan.queryPlaces * group * plan.width }

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
    let longest = plan.families.reduce(0) { max($0, $1.prefixCount) }
    let panels = scratch.floats(
      max(
        Linear.panelCount(inputs: size, outputs: longest),
        Linear.panelCount(inputs: longest, outputs: size)))
    for head in 0..<kvHeads {
      let keys = k + head * plan.keyPlaces * size
      let values = v + head * plan.keyPlaces * size
      for family in plan.families {
        let row = (head * plan.queryPlaces + family.queryStart) * group
        let q = q + row * size
        let p = probabilities + row * plan.width
        let output = output + row * size
        if family.prefixCount > 0 {
          forwardBehindPrefix(
            family, q: q, keys: keys, values: values, p: p, output: output, panels: panels)
        } else {
          forwardAlone(family, q: q, keys: keys, values: values, p: p, output: output)
        }
      }
    }
  }

  /// The queries of completions: one product with the prefix for all, then each span's own keys.
  private func forwardBehindPrefix(
    _ family: AttentionPlan.Family, q: UnsafePointer<Float>, keys: UnsafePointer<Float>,
    values: UnsafePointer<Float>, p: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>, panels: UnsafeMutablePointer<Float>
  ) {
    let width = plan.width
    let prefix = family.prefixCount
    let spans = plan.spans[family.spans]
    let rows = spans.reduce(0) { $0 + $1.queryCount } * group
    mdm_pack_rows(keys + family.prefixStart * size, size, panels, prefix, size)
    mdm_project(q, size, panels, nil, p, width, rows, prefix, size, 0)
    var row = 0
    for span in spans {
      forEachBlock(of: span) { count, own in
        let m = count * group
        mdm_scores(
          q + row * size, keys + span.keyStart * size, p + row * width + prefix, m, own, size, width
        )
        let (base, step) = visible(queries: count, keys: own, prefix: prefix)
        mdm_softmax(p + row * width, m, group, width, prefix + own, base, step, scale)
        row += m
      }
    }
    mdm_pack_columns(values + family.prefixStart * size, size, panels, size, prefix)
    mdm_project(p, width, panels, nil, output, size, rows, size, prefix, 0)
    row = 0
    for span in spans {
      forEachBlock(of: span) { count, own in
        let m = count * group
        mdm_mix(
          p + row * width + prefix, values + span.keyStart * size, output + row * size, m, own,
          size,
          width)
        row += m
      }
    }
  }

  /// The queries of prompts and images, which have only keys of their own.
  private func forwardAlone(
    _ family: AttentionPlan.Family, q: UnsafePointer<Float>, keys: UnsafePointer<Float>,
    values: UnsafePointer<Float>, p: UnsafeMutablePointer<Float>,
    output: UnsafeMutablePointer<Float>
  ) {
    let width = plan.width
    var row = 0
    for span in plan.spans[family.spans] {
      let m = span.queryCount * group
      let own = span.keyCount
      BLAS.timesTransposed(
        q + row * size, size, keys + span.keyStart * size, size, into: p + row * width, width,
        m: m, n: own, k: size)
      let (base, step) = visible(queries: span.queryCount, keys: own, prefix: 0)
      mdm_softmax(p + row * width, m, group, width, own, base, step, scale)
      BLAS.times(
        p + row * width, width, values + span.keyStart * size, size, into: output + row * size,
        size, m: m, n: size, k: own)
      row += m
    }
  }

  /// Computes dq; adds to dk and dv. `scratch` holds as many floats as the probabilities.
  package func backward(
    dOutput: UnsafePointer<Float>, q: UnsafePointer<Float>, k: UnsafePointer<Float>,
    v: UnsafePointer<Float>, probabilities: UnsafePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, dq: UnsafeMutablePointer<Float>,
    dk: UnsafeMutablePointer<Float>, dv: UnsafeMutablePointer<Float>
  ) {
    for head in 0..<kvHeads {
      let base = head * plan.keyPlaces * size
      for family in plan.families {
        var row = (head * plan.queryPlaces + family.queryStart) * group
        let first = row
        let prefix = family.prefixCount
        let rows = plan.spans[family.spans].reduce(0) { $0 + $1.queryCount } * group
        let prefixAt = base + family.prefixStart * size
        derivativeOfScores(
          dOutput, v + prefixAt, probabilities, scratch, dv + prefixAt, row: row, column: 0,
          m: rows, n: prefix)
        for span in plan.spans[family.spans] {
          let at = base + span.keyStart * size
          forEachBlock(of: span) { count, own in
            let m = count * group
            derivativeOfScores(
              dOutput, v + at, probabilities, scratch, dv + at, row: row, column: prefix, m: m,
              n: own)
            let (visibleBase, step) = visible(queries: count, keys: own, prefix: prefix)
            mdm_softmax_backward(
              probabilities + row * plan.width, scratch + row * plan.width, m, group, plan.width,
              prefix + own, visibleBase, step, scale)
            row += m
          }
        }
        derivativeOfProduct(
          scratch, q, k + prefixAt, dq, dk + prefixAt, row: first, column: 0, m: rows, n: prefix,
          add: false)
        row = first
        for span in plan.spans[family.spans] {
          let at = base + span.keyStart * size
          forEachBlock(of: span) { count, own in
            derivativeOfProduct(
              scratch, q, k + at, dq, dk + at, row: row, column: prefix, m: count * group, n: own,
              add: prefix > 0)
            row += count * group
          }
        }
      }
    }
  }

  /// Calls `body` for neighbouring queries of a span, with the keys that the last of them sees. What lies
  /// behind those keys is never computed: of a long completion nearly half.
  @inline(__always)
  private func forEachBlock(
    of span: AttentionPlan.Span, _ body: (_ queries: Int, _ keys: Int) -> Void
  ) {
    let size = plan.isCausal ? Self.blockSize : span.queryCount
    var first = 0
    while first < span.queryCount {
      let count = min(size, span.queryCount - first)
      first += count
      body(count, plan.isCausal ? span.keyCount - span.queryCount + first : span.keyCount)
    }
  }

  private static var blockSize: Int { 64 }

  /// The first of neighbouring queries sees `base` keys and each next one `step` more.
  private func visible(queries: Int, keys: Int, prefix: Int) -> (base: Int, step: Int) {
    plan.isCausal ? (prefix + keys - queries + 1, 1) : (prefix + keys, 0)
  }

  /// dP = dO V^T and dV += P^T dO.
  private func derivativeOfScores(
    _ dOutput: UnsafePointer<Float>, _ v: UnsafePointer<Float>, _ p: UnsafePointer<Float>,
    _ dp: UnsafeMutablePointer<Float>, _ dv: UnsafeMutablePointer<Float>, row: Int, column: Int,
    m: Int, n: Int
  ) {
    let width = plan.width
    let at = row * width + column
    let d = dOutput + row * size
    BLAS.timesTransposed(d, size, v, size, into: dp + at, width, m: m, n: n, k: size)
    BLAS.transposedTimes(p + at, width, d, size, into: dv, size, m: n, n: size, k: m, beta: 1)
  }

  /// dQ (+)= dS K and dK += dS^T Q.
  private func derivativeOfProduct(
    _ ds: UnsafePointer<Float>, _ q: UnsafePointer<Float>, _ k: UnsafePointer<Float>,
    _ dq: UnsafeMutablePointer<Float>, _ dk: UnsafeMutablePointer<Float>, row: Int, column: Int,
    m: Int, n: Int, add: Bool
  ) {
    if n == 0 { return }
    let width = plan.width
    let at = row * width + column
    BLAS.times(
      ds + at, width, k, size, into: dq + row * size, size, m: m, n: size, k: n, beta: add ? 1 : 0)
    BLAS.transposedTimes(
      ds + at, width, q + row * size, size, into: dk, size, m: n, n: size, k: m, beta: 1)
  }
}
