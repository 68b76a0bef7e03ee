/// The Levenshtein distance of texts, in bits of words.
enum EditDistance {
  /// Longer texts are not compared.
  static let longest = 20_000

  /// The least number of scalars to insert, delete or replace.
  ///
  /// Source: Myers, "A fast bit-vector algorithm for approximate string matching", JACM 1999, in
  /// Hyyrö's blocked form for the distance of whole texts (2003).
  static func between(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
    var (pattern, text) = (a[...], b[...])
    while let x = pattern.first, x == text.first {
      pattern.removeFirst()
      text.removeFirst()
    }
    while let x = pattern.last, x == text.last {
      pattern.removeLast()
      text.removeLast()
    }
    if pattern.count > text.count { swap(&pattern, &text) }
    if pattern.isEmpty { return text.count }
    let blocks = (pattern.count + 63) / 64
    var equal: [Unicode.Scalar: [UInt64]] = [:]
    for (position, scalar) in pattern.enumerated() {
      equal[scalar, default: Array(repeating: 0, count: blocks)][position / 64] |=
        1 << UInt64(position % 64)
    }
    var positive = [UInt64](repeating: .max, count: blocks)
    var negative = [UInt64](repeating: 0, count: blocks)
    let none = [UInt64](repeating: 0, count: blocks)
    let top = UInt64(1) << UInt64((pattern.count - 1) % 64)
    var distance = pattern.count
    for scalar in text {
      let matches = equal[scalar] ?? none
      var carryPositive: UInt64 = 1
      var carryNegative: UInt64 = 0
      for block in 0..<blocks {
        let (vp, vn) = (positive[block], negative[block])
        let found = matches[block]
        let xv = found | vn
        let eq = found | carryNegative
        let xh = (((eq & vp) &+ vp) ^ vp) | eq
        var ph = vn | ~(xh | vp)
        var mh = vp & xh
        if block == blocks - 1 {
          if ph & top != 0 { distance += 1 }
          if mh & top != 0 { distance -= 1 }
        }
        let (nextPositive, nextNegative) = (ph >> 63, mh >> 63)
        ph = ph << 1 | carryPositive
        mh = mh << 1 | carryNegative
        positive[block] = mh | ~(xv | ph)
        negative[block] = ph & xv
        (carryPositive, carryNegative) = (nextPositive, nextNegative)
      }
    }
    return distance
  }
}
