/// Levenshtein's distance of texts, in bits of words.
public enum EditDistance {
  /// The least number of scalars to insert, delete or replace; time grows with the product of both lengths,
  /// divided by 64.
  ///
  /// Source: Myers, "A fast bit-vector algorithm for approximate string matching", JACM 1999, in
  /// Hyyrö's blocked form for the distance of whole texts (2003).
  /// - Parameter pausing: Called now and then; what it throws ends the computation.
  public static func between(
    _ a: [UInt32], _ b: [UInt32], pausing: () throws -> Void
  ) rethrows -> Int {
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
    let places = Places(Array(pattern), blocks: blocks)
    let top = UInt64(1) << UInt64((pattern.count - 1) % 64)
    var distance = pattern.count
    var (positive, negative) = (
      [UInt64](repeating: .max, count: blocks), [UInt64](repeating: 0, count: blocks)
    )
    for (column, scalar) in text.enumerated() {
      if column & 0x3F == 0x3F { try pausing() }
      places.withBits(of: scalar) { matches in
        var (carryPositive, carryNegative): (UInt64, UInt64) = (1, 0)
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
    }
    return distance
  }

  /// The same where nobody waits to end it.
  public static func between(_ a: [UInt32], _ b: [UInt32]) -> Int { between(a, b, pausing: {}) }

  /// The same for short texts.
  public static func between(_ a: String, _ b: String) -> Int {
    between(a.unicodeScalars.map(\.value), b.unicodeScalars.map(\.value))
  }

  /// Where each scalar stands in a text, a bit each place.
  private struct Places {
    private let blocks: Int
    /// The words of all scalars, one scalar after another; at first those of ASCII.
    private var words: [UInt64]
    private var others: [UInt32: Int] = [:]
    private let none: [UInt64]

    init(_ text: [UInt32], blocks: Int) {
      self.blocks = blocks
      words = [UInt64](repeating: 0, count: 128 * blocks)
      none = [UInt64](repeating: 0, count: blocks)
      for (position, scalar) in text.enumerated() {
        var start = Int(scalar) * blocks
        if scalar >= 128 {
          if let known = others[scalar] {
            start = known
          } else {
            start = words.count
            others[scalar] = start
            words += none
          }
        }
        words[start + position / 64] |= 1 << UInt64(position % 64)
      }
    }

    @inline(__always)
    func withBits(of scalar: UInt32, _ body: (UnsafePointer<UInt64>) -> Void) {
      let start = scalar < 128 ? Int(scalar) * blocks : others[scalar]
      (start == nil ? none : words).withUnsafeBufferPointer { buffer in
        if let base = buffer.baseAddress { body(base + (start ?? 0)) }
      }
    }
  }
}
