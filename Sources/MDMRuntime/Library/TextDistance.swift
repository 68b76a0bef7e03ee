import MDMDeclarations

/// How far texts are from each other.
enum TextDistance {
  private static let family = "strings"
  private static let pair = [
    ParameterDeclaration("a", .string, "A text."),
    ParameterDeclaration("b", .string, "Another text."),
  ]
  private static let source = "Levenshtein, Soviet Physics Doklady 10, 1966"

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "levenshtein", pair, returns: .int, family: family,
        "The least number of characters to insert, delete or replace to turn one text into "
          + "another.", examples: [Example("levenshtein(\"kitten\", \"sitting\")", prints: "3")],
        source: source), form: .both([.string]),
      raw: { call in Value(try distance(call).edits) }),
    NativeFunction(
      FunctionSignature(
        "similarity", pair, returns: .float, family: family,
        "1 - levenshtein(a, b) / the length of the longer text: 1.0 for equal texts.",
        examples: [Example("similarity(\"color\", \"colour\")", prints: "0.8333333333333334")],
        source: source), form: .both([.string]),
      raw: { call in
        let (edits, longest) = try distance(call)
        return Value(longest == 0 ? 1.0 : 1 - Double(edits) / Double(longest))
      }),
  ]

  private static func distance(_ call: NativeCall) throws -> (edits: Int, longest: Int) {
    var a = TextBytes.scalars(call.bytes(0))[...]
    var b = TextBytes.scalars(call.bytes(1))[...]
    let longest = max(a.count, b.count)
    while let x = a.first, x == b.first {
      a.removeFirst()
      b.removeFirst()
    }
    while let x = a.last, x == b.last {
      a.removeLast()
      b.removeLast()
    }
    if a.count > b.count { swap(&a, &b) }
    if a.isEmpty { return (b.count, longest) }
    if a.count <= 64 { return (blocks(Array(a), Array(b)), longest) }
    return (try rows(call, Array(a), Array(b)), longest)
  }

  /// Columns of the table as bits of a word.
  ///
  /// Source: Myers, "A fast bit-vector algorithm for approximate string matching", JACM 1999, in
  /// Hyyrö's form for the distance of whole texts (2003).
  private static func blocks(_ pattern: [UInt32], _ text: [UInt32]) -> Int {
    var ascii = [UInt64](repeating: 0, count: 128)
    var others: [UInt32: UInt64] = [:]
    for (position, scalar) in pattern.enumerated() {
      if scalar < 128 {
        ascii[Int(scalar)] |= 1 << UInt64(position)
      } else {
        others[scalar, default: 0] |= 1 << UInt64(position)
      }
    }
    let last: UInt64 = 1 << UInt64(pattern.count - 1)
    var (up, down): (UInt64, UInt64) = (.max, 0)
    var score = pattern.count
    for scalar in text {
      let equal = scalar < 128 ? ascii[Int(scalar)] : others[scalar] ?? 0
      let diagonal = (((equal & up) &+ up) ^ up) | equal | down
      var right = down | ~(diagonal | up)
      let left = up & diagonal
      if right & last != 0 { score += 1 }
      if left & last != 0 { score -= 1 }
      right = right << 1 | 1
      up = left << 1 | ~(diagonal | right)
      down = right & diagonal
    }
    return score
  }

  /// Wagner and Fischer's table, one row at a time.
  private static func rows(_ call: NativeCall, _ a: [UInt32], _ b: [UInt32]) throws -> Int {
    var row = Array(0...a.count)
    for (number, wanted) in b.enumerated() {
      if number & 0x3F == 0 { try call.checkInterrupt() }
      var diagonal = row[0]
      row[0] = number + 1
      a.withUnsafeBufferPointer { a in
        row.withUnsafeMutableBufferPointer { row in
          for column in 1...a.count {
            let above = row[column]
            let replaced = a[column - 1] == wanted ? diagonal : diagonal + 1
            row[column] = min(replaced, min(above, row[column - 1]) + 1)
            diagonal = above
          }
        }
      }
    }
    return row[a.count]
  }
}
