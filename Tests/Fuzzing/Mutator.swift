import MDMSyntax

/// Makes cases out of a corpus: a text of it with a few changes of bytes, tokens or lines.
public struct Mutator: Sendable {
  private let corpus: [String]
  private let words: [String]

  /// Longer cases are cut, so that one case stays quick.
  static let maximumLength = 20_000

  /// - Parameters:
  ///   - corpus: Texts to start from, at least one.
  ///   - words: What may be put in, besides what the corpus has.
  public init(corpus: [String], words: [String] = Mutator.language) {
    self.corpus = corpus.isEmpty ? [""] : corpus
    self.words = words
  }

  /// The signs and words of the language, and literals at the ends of their ranges.
  public static let language: [String] =
    Symbol.allCases.map(\.rawValue) + Keyword.allCases.map(\.rawValue) + [
      "0", "1", "-1", "9223372036854775807", "-9223372036854775808", "1e308", "-0.0", "inf", "nan",
      "60%", "5s", "2h", "3MB", "10k", "\"\"", "\"é\"", "\"\\u{10ffff}\"", "f\"{", "}\"", "\"\"\"",
      "f\"{x:>+09,.3f}\"", "r\"\\\"", "[]", "{}", "_", "..rest", "0..10 by 3", "fn(x) x", "mix {",
      "reward fn", "test \"t\" {", "budget(steps: 1) {", "use", "param", "pub", "catch e {",
      "spawn f(", "\n",
      "\r\n", "\t", "\u{0}", "\u{feff}", "\u{2028}", "# ", "## ", "# %%\n", "xs[..]", "xs[1..=2]",
      ".len()", ".push(1)", ".get(\"a\")", "sort(", "map(", "sum(", "str(", "copy(", "freeze(",
      "xs.push(xs)", "r.r = r", "error(\"e\")", "return", "?? 0", "|> _", "by 0", "** 2",
    ]

  /// The changed text of a case.
  public func text(_ random: inout RandomNumbers) -> String {
    var text = random.pick(corpus) ?? ""
    if random.oneIn(6), let other = random.pick(corpus) { text += "\n" + other }
    let turns = 1 + random.next(random.oneIn(4) ? 12 : 4)
    switch random.next(5) {
    case 0:
      var bytes = Array(text.utf8)
      for _ in 0..<turns { changeBytes(&bytes, &random) }
      text = String(decoding: bytes, as: UTF8.self)
    case 1:
      for _ in 0..<turns { text = changedLines(text, &random) }
    default:
      var pieces = Pieces(text)
      for _ in 0..<turns { changeTokens(&pieces, &random) }
      text = pieces.text
    }
    return String(decoding: text.utf8.prefix(Self.maximumLength), as: UTF8.self)
  }

  // MARK: Bytes

  private func changeBytes(_ bytes: inout [UInt8], _ random: inout RandomNumbers) {
    let place = random.next(bytes.count + 1)
    let end = min(bytes.count, place + 1 + random.next(random.oneIn(4) ? 80 : 6))
    switch random.next(7) {
    case 0: bytes.removeSubrange(place..<max(place, end))
    case 1: bytes.insert(UInt8(random.next(256)), at: place)
    case 2 where place < bytes.count: bytes[place] ^= 1 << UInt8(random.next(8))
    case 3 where place < end:
      let copy = Array(bytes[place..<end])
      bytes.insert(contentsOf: copy, at: random.next(bytes.count + 1))
    case 4:
      bytes.insert(contentsOf: Array((random.pick(words) ?? "").utf8), at: place)
    case 5: bytes.removeSubrange(place...)
    default:
      let other = Array((random.pick(corpus) ?? "").utf8)
      let from = random.next(other.count + 1)
      bytes.insert(contentsOf: other[from..<min(other.count, from + random.next(60))], at: place)
    }
  }

  // MARK: Lines

  private func changedLines(_ text: String, _ random: inout RandomNumbers) -> String {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let place = random.next(lines.count)
    switch random.next(4) {
    case 0: lines.remove(at: place)
    case 1: lines.insert(lines[random.next(lines.count)], at: place)
    case 2: lines.swapAt(place, random.next(lines.count))
    default:
      let others = (random.pick(corpus) ?? "").split(separator: "\n")
      let from = random.next(others.count + 1)
      lines.insert(
        contentsOf: others[from..<min(others.count, from + 1 + random.next(4))], at: place)
    }
    return lines.joined(separator: "\n")
  }

  // MARK: Tokens

  private func changeTokens(_ pieces: inout Pieces, _ random: inout RandomNumbers) {
    guard !pieces.items.isEmpty else {
      pieces = Pieces(random.pick(words) ?? "")
      return
    }
    let place = random.next(pieces.items.count)
    switch random.next(9) {
    case 0: pieces.items.remove(at: place)
    case 1: pieces.items.insert(pieces.items[random.next(pieces.items.count)], at: place)
    case 2: pieces.items.swapAt(place, random.next(pieces.items.count))
    case 3: pieces.replace(place, by: random.pick(words) ?? "")
    case 4:
      pieces.items.insert(
        Pieces.Piece(text: " " + (random.pick(words) ?? ""), kind: .other), at: place)
    case 5, 6:
      // A name for a name and a literal for a literal: such a script often still runs.
      let kind = pieces.items[place].kind
      let fitting = pieces.items.filter { $0.kind == kind }
      if let other = random.pick(fitting) {
        pieces.replace(place, by: String(other.text.drop { $0 == " " || $0 == "\n" }))
      }
    case 7:
      let other = Pieces(random.pick(corpus) ?? "").items
      let from = random.next(other.count + 1)
      let end = min(other.count, from + 1 + random.next(12))
      pieces.items.insert(contentsOf: other[min(from, end)..<end], at: place)
    default:
      let end = min(pieces.items.count, place + 1 + random.next(5))
      let part = Array(pieces.items[place..<end])
      let count = random.oneIn(10) ? 200 : 1 + random.next(3)
      pieces.items.insert(
        contentsOf: Array(repeating: part, count: count).joined(), at: end)
    }
  }
}
