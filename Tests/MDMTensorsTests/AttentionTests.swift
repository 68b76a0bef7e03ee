import CKernels
import Glibc
import MDMTensors
import Testing

/// Attention and rotation along plans with a shared prefix.
@Suite struct AttentionTests {
  /// A prompt of 5 keys; completions of 3 and of more tokens behind it, so many places in all.
  private func attention(_ places: Int) -> Attention {
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
    return Attention(plan: plan, kvHeads: 2, group: 2, size: 4)
  }

  private func forward(_ q: [Float], _ k: [Float], _ v: [Float]) -> (o: [Float], p: [Float]) {
    let attention = attention(k.count / 8)
    // What no query sees is left as it was, whatever that is.
    var p = [Float](repeating: .nan, count: attention.probabilityCount)
    let o = output(q.count) {
      attention.forward(q: q, k: k, v: v, probabilities: &p, into: $0, scratch: Arena())
    }
    return (o, p)
  }

  /// Which keys the query at a place sees.
  private func visible(_ place: Int) -> [Int] {
    switch place {
    case 0..<5: Array(0...place)
    case 5..<8: Array(0..<5) + Array(5...place)
    default: Array(0..<5) + Array(8...place)
    }
  }

  // 92 tokens are more than one block of queries.
  @Test(arguments: [28, 100]) func forwardAgreesWithTheDefinition(_ places: Int) {
    let (q, k) = (numbers(16 * places), numbers(8 * places, seed: 2))
    let v = numbers(8 * places, seed: 3)
    var want = [Double](repeating: 0, count: 16 * places)
    for head in 0..<2 {
      for place in 0..<places {
        for member in 0..<2 {
          let row = ((head * places + place) * 2 + member) * 4
          let keys = visible(place)
          let weights = keys.map { (key: Int) -> Double in
            var sum = 0.0
            for t in 0..<4 { sum += Double(q[row + t]) * Double(k[(head * places + key) * 4 + t]) }
            return exp(sum / 2)
          }
          let total = weights.reduce(0, +)
          for (key, weight) in zip(keys, weights) {
            for t in 0..<4 {
              want[row + t] += weight / total * Double(v[(head * places + key) * 4 + t])
            }
          }
        }
      }
    }
    expectClose(forward(q, k, v).o, want)
  }

  @Test(arguments: [28, 100]) func backwardAgreesWithDifferences(_ places: Int) {
    let (q, k) = (numbers(16 * places), numbers(8 * places, seed: 2))
    let v = numbers(8 * places, seed: 3)
    let upstream = numbers(16 * places, seed: 4)
    let p = forward(q, k, v).p
    var scratch = p
    var dk = [Float](repeating: 0, count: 8 * places)
    var dv = dk
    let dq = output(q.count) {
      attention(places).backward(
        dOutput: upstream, q: q, k: k, v: v, probabilities: p, scratch: &scratch, dq: $0, dk: &dk,
        dv: &dv)
    }
    expectDerivative(q, upstream: upstream, got: dq) { forward($0, k, v).o }
    expectDerivative(k, upstream: upstream, got: dk) { forward(q, $0, v).o }
    expectDerivative(v, upstream: upstream, got: dv) { forward(q, k, $0).o }
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
