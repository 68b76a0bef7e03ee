/// A pattern of a whole text: `*` stands for any stretch, `?` for one character, `[a-z]` and `[!ab]`
/// for one of a set. Matching takes time proportional to both lengths at worst.
package struct GlobPattern: Sendable {
  private let pattern: [Unicode.Scalar]

  package init(_ text: String) { pattern = Array(text.unicodeScalars) }

  /// Whether the pattern asks for a dot at the start.
  var beginsWithDot: Bool { pattern.first == "." }

  /// Whether the whole text fits.
  package func matches(_ text: String) -> Bool {
    let name = Array(text.unicodeScalars)
    var (n, p) = (0, 0)
    // Where the last star stands and what it has taken: only it ever has to take more.
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if let next = one(name[n], p) {
        (n, p) = (n + 1, next)
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        (n, p) = (last.name + 1, last.pattern + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }

  /// Where the pattern goes on after one character that fits; nil where it does not fit.
  private func one(_ scalar: Unicode.Scalar, _ p: Int) -> Int? {
    guard p < pattern.count else { return nil }
    if pattern[p] == "?" { return p + 1 }
    guard pattern[p] == "[" else { return pattern[p] == scalar ? p + 1 : nil }
    var at = p + 1
    let isNegated = at < pattern.count && (pattern[at] == "!" || pattern[at] == "^")
    if isNegated { at += 1 }
    var isIn = false
    // A `]` right after the opening stands for itself.
    var isFirst = true
    while at < pattern.count, isFirst || pattern[at] != "]" {
      isFirst = false
      if at + 2 < pattern.count, pattern[at + 1] == "-", pattern[at + 2] != "]" {
        if pattern[at] <= scalar, scalar <= pattern[at + 2] { isIn = true }
        at += 3
      } else {
        if pattern[at] == scalar { isIn = true }
        at += 1
      }
    }
    // An opening that is never closed is a plain `[`.
    guard at < pattern.count else { return scalar == "[" ? p + 1 : nil }
    return isIn != isNegated ? at + 1 : nil
  }
}
