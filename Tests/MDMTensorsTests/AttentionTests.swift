import CKernels
import Glibc
import MDMTensors
import Testing

/// Attention and rotation along plans with a shared prefix.
@Suite struct AttentionTests {
  /// A prompt of 5 keys; completions of 3 and of more tokens behind it, so many places in all.
  private func attention(_ places: Int, size: Int = 4, mostKept: Int = 1 << 22) -> Attention {
    var plan = AttentionPlan()
    plan.queryPlaces = places
    plan.keyPlaces = places
    plan.add(queryStart: 0, spans: [.init(queryCount: 5, keyStart: 0, keyCount: 5)])
    plan.add(
      queryStart: 5, prefixStart: 0, prefixCount: 5,
      spans: [
        .init(queryCount: 3, keyStart: 5, keyCount: 3),
        .init(queryCount: places - 8, keyStart: 8, keyCount: places - 8),
      ])
    return Attention(plan: plan, kvHeads: 2, group: 2, size: size, mostKept: mostKept)
  }

  private func forward(_ attention: Attention, _ q: [Float], _ k: [Float], _ v: [Float]) -> (
    o: [Float], p: [Float]
  ) {
    // What no query sees is left as it was, whatever that is.
    var p = [Float](repeating: .nan, count: attention.probabilityCount)
    let o = output(q.count) {
      attention.forward(q: q, k: k, v: v, probabilities: &p, into: $0, scratch: Arena())
    }
    return (o, p)
  }

  private func backward(
    _ attention: Attention, _ upstream: [Float], _ q: [Float], _ k: [Float], _ v: [Float]
  ) -> (q: [Float], k: [Float], v: [Float]) {
    let p = forward(attention, q, k, v).p
    var dk = [Float](repeating: 0, count: k.count)
    var dv = dk
    let dq = output(q.count) {
      attention.backward(
        dOutput: upstream, q: q, k: k, v: v, probabilities: p, dq: $0, dk: &dk, dv: &dv,
        scratch: Arena())
    }
    return (dq, dk, dv)
  }

  /// Which keys the query at a place sees.
  private func visible(_ place: Int) -> [Int] {
    switch place {
    case 0..<5: Array(0...place)
    case 5..<8: Array(0..<5) + Array(5...place)
    default: Array(0..<5) + Array(8...place)
    }
  }

  // 92 tokens are more than one block of queries; heads of 32 go through wide registers.
  @Test(arguments: [(28, 4), (100, 4), (100, 32)])
  func forwardAgreesWithTheDefinition(_ places: Int, _ size: Int) {
    let (q, k) = (numbers(4 * size * places), numbers(2 * size * places, seed: 2))
    let v = numbers(2 * size * places, seed: 3)
    var want = [Double](repeating: 0, count: q.count)
    for head in 0..<2 {
      for place in 0..<places {
        for member in 0..<2 {
          let row = ((head * places + place) * 2 + member) * size
          let keys = visible(place)
          let weights = keys.map { (key: Int) -> Double in
            var sum = 0.0
            for t in 0..<size {
              sum += Double(q[row + t]) * Double(k[(head * places + key) * size + t])
            }
            return exp(sum / Double(size).squareRoot())
          }
          let total = weights.reduce(0, +)
          for (key, weight) in zip(keys, weights) {
            for t in 0..<size {
              want[row + t] += weight / total * Double(v[(head * places + key) * size + t])
            }
          }
        }
      }
    }
    expectClose(forward(attention(places, size: size), q, k, v).o, want)
  }

  @Test(arguments: [28, 100]) func backwardAgreesWithDifferences(_ places: Int) {
    let (q, k) = (numbers(16 * places), numbers(8 * places, seed: 2))
    let v = numbers(8 * places, seed: 3)
    let upstream = numbers(16 * places, seed: 4)
    let attention = attention(places)
    let got = backward(attention, upstream, q, k, v)
    expectDerivative(q, upstream: upstream, got: got.q) { forward(attention, $0, k, v).o }
    expectDerivative(k, upstream: upstream, got: got.k) { forward(attention, q, $0, v).o }
    expectDerivative(v, upstream: upstream, got: got.v) { forward(attention, q, k, $0).o }
  }

  /// Probabilities that are too many to be kept are computed again, some blocks of queries at a time.
  @Test(arguments: [100, 3000]) func theSameComesOfProbabilitiesThatAreNotKept(_ places: Int) {
    let (q, k) = (numbers(64 * places), numbers(32 * places, seed: 2))
    let v = numbers(32 * places, seed: 3)
    let upstream = numbers(64 * places, seed: 4)
    let kept = attention(places, size: 16, mostKept: .max)
    let passing = attention(places, size: 16, mostKept: 0)
    #expect(passing.probabilityCount == 0)
    #expect(forward(passing, q, k, v).o == forward(kept, q, k, v).o)
    let (got, want) = (backward(passing, upstream, q, k, v), backward(kept, upstream, q, k, v))
    expectClose(got.q, want.q.map(Double.init), tolerance: 1e-5)
    expectClose(got.k, want.k.map(Double.init), tolerance: 1e-5)
    expectClose(got.v, want.v.map(Double.init), tolerance: 1e-5)
  }

  /// 600 places that see one another, or those before: more than pass at once. With a prefix of one place
  /// the same goes by another way.
  @Test(arguments: [false, true]) func aLongPromptPassesInParts(_ isCausal: Bool) {
    let places = 600
    func attention(prefix: Int) -> Attention {
      var plan = AttentionPlan()
      plan.isCausal = isCausal
      (plan.queryPlaces, plan.keyPlaces) = (places, places)
      if prefix == 0 {
        plan.addAll(from: 0, count: places)
      } else {
        plan.addAll(from: 0, count: prefix)
        plan.add(
          queryStart: prefix, prefixCount: prefix,
          spans: [
            .init(queryCount: places - prefix, keyStart: prefix, keyCount: places - prefix)
          ])
      }
      return Attention(plan: plan, kvHeads: 2, group: 2, size: 16)
    }
    let (q, k) = (numbers(64 * places), numbers(32 * places, seed: 2))
    let v = numbers(32 * places, seed: 3)
    let whole = attention(prefix: 0)
    let output = forward(whole, q, k, v).o
    for (head, place) in [(0, 0), (1, 511), (0, 512), (1, 599)] {
      let row = (head * places + place) * 2 * 16
      let keys = isCausal ? 0...place : 0...(places - 1)
      let weights = keys.map { key in
        exp(
          (0..<16).reduce(0.0) {
            $0 + Double(q[row + $1]) * Double(k[(head * places + key) * 16 + $1])
          } / 4)
      }
      let total = weights.reduce(0, +)
      let want = (0..<16).map { t in
        zip(keys, weights).reduce(0.0) {
          $0 + $1.1 / total * Double(v[(head * places + $1.0) * 16 + t])
        }
      }
      expectClose(Array(output[row..<(row + 16)]), want)
    }
    // Without an order the first place would see itself alone by the other way.
    guard isCausal else { return }
    let upstream = numbers(64 * places, seed: 4)
    let (got, want) = (
      backward(whole, upstream, q, k, v), backward(attention(prefix: 1), upstream, q, k, v)
    )
    expectClose(got.q, want.q.map(Double.init), tolerance: 1e-5)
    expectClose(got.k, want.k.map(Double.init), tolerance: 1e-5)
    expectClose(got.v, want.v.map(Double.init), tolerance: 1e-5)
  }

  /// A decoded query has the bits that it has among others.
  @Test(arguments: [5, 16, 33, 100]) func aQueryDoesNotDependOnItsNeighbours(_ keys: Int) {
    let (q, k) = (numbers(7 * 32), numbers(keys * 32, seed: 2))
    var (all, one) = ([Float](repeating: 0, count: 7 * keys), [Float](repeating: 0, count: 3))
    mdm_scores(q, k, &all, 7, keys, 32, keys)
    mdm_scores(Array(q[96..<128]), Array(k.prefix(3 * 32)), &one, 1, 3, 32, 3)
    #expect(Array(all[(3 * keys)..<(3 * keys + 3)]) == one)
  }

  /// Matrices are cut into panels of 32 of their rows, turned.
  @Test(arguments: [(64, 32), (40, 48), (32, 20)]) func panelsHoldTurnedRows(_ n: Int, _ k: Int) {
    let w = numbers(n * k)
    let panels = output((n + 31) / 32 * 32 * k, from: .nan) { mdm_pack_rows(w, k, $0, n, k) }
    for row in 0..<n {
      for t in 0..<k {
        #expect(panels[row / 32 * 32 * k + t * 32 + row % 32] == w[row * k + t])
      }
    }
  }

  @Test func rotationOfRowsIntoPlacesAndBack() {
    // Three rows, the first without a query; 4 heads on 2 of keys and values, of size 6.
    let x = numbers(3 * 48)
    let (cosine, sine) = (numbers(9, seed: 2), numbers(9, seed: 3))
    let places: [Int32] = [2, 0, 1]
    places.withUnsafeBufferPointer { places in
      cosine.withUnsafeBufferPointer { cosine in
        sine.withUnsafeBufferPointer { sine in
          var parameters = mdm_rotary(
            rows: 3, first: 1, heads: 4, kv_heads: 2, d: 6, q_places: 3, kv_places: 3,
            q_place: places.baseAddress, kv_place: places.baseAddress,
            cosine: cosine.baseAddress, sine: sine.baseAddress)
          func forward(_ x: [Float]) -> [Float] {
            var (q, k) = ([Float](repeating: 0, count: 72), [Float](repeating: 0, count: 36))
            var v = k
            mdm_rotate_split(&parameters, x, &q, &k, &v)
            return q + k + v
          }
          let y = forward(x)
          // Head 3 of row 1 is the second of the second key head, at place 0.
          let at = (3 * 2 + 1) * 6
          let (a, b) = (x[48 + 18], x[48 + 21])
          #expect(abs(y[at] - (a * cosine[3] - b * sine[3])) < 1e-6)
          #expect(abs(y[at + 3] - (b * cosine[3] + a * sine[3])) < 1e-6)
          #expect(Array(y[(72 + 36 + 12)..<(72 + 36 + 18)]) == Array(x[36..<42]))
          let d = numbers(144, seed: 5)
          let dx = output(144) {
            mdm_rotate_split_backward(
              &parameters, Array(d[..<72]), Array(d[72..<108]), Array(d[108...]), $0)
          }
          expectDerivative(x, upstream: d, got: dx, forward: forward)
          let rows = numbers(48, seed: 6)
          var packed = [Float](repeating: 0, count: 72)
          mdm_rows_to_heads(&parameters, rows, &packed)
          #expect(output(48) { mdm_heads_to_rows(&parameters, packed, $0) } == rows)
        }
      }
    }
  }
}
