/// Finds the answer in a completion in mathematics.
///
/// Linear in the text: places are found in one pass each, never by trying again from every start.
public enum MathAnswer {
  /// What is looked for.
  public struct Forms: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// `\boxed{…}`, `$…$`, `\(…\)`, `\[…\]`.
    public static let latex = Forms(rawValue: 1)
    /// Numbers and sums of them in plain text.
    public static let plain = Forms(rawValue: 2)
  }

  /// The answer that a text states; nil where it states none.
  ///
  /// In this order: the last `\boxed{…}`, with those just before it, or a later `final answer is …`;
  /// what follows the last `answer is`, `answer:` or `answer`; the last mathematics or number.
  ///
  /// Source: the priorities of math-verify 0.9.0 with boxes first.
  public static func find(in text: String, forms: Forms = [.latex, .plain]) -> String? {
    guard text.utf8.count <= 4 << 20 else { return nil }
    let scan = Scan(Array(text.utf8), forms)
    let boxed = forms.contains(.latex) ? scan.boxed() : nil
    if let stated = scan.stated(after: ["final answer is"], within: 3, needsEnd: true),
      stated.end > boxed?.end ?? -1
    {
      return stated.text
    }
    if let boxed { return boxed.text }
    return scan.stated(after: ["final answer"], within: 100, asks: " is")?.text
      ?? scan.stated(after: ["answer:", "answer is:", "answer is"], within: 50)?.text
      ?? scan.stated(after: ["answer"], within: 50)?.text
      ?? scan.last()?.text ?? scan.bare
  }

  /// A place in a text with what stands there, as `math_equal` reads it.
  struct Place {
    let start: Int
    let end: Int
    let text: String
  }

  private struct Scan {
    let bytes: [UInt8]
    let segments: [Place]
    let numbers: [Place]

    init(_ bytes: [UInt8], _ forms: Forms) {
      self.bytes = bytes
      segments = forms.contains(.latex) ? Self.joined(Self.segments(bytes), bytes) : []
      numbers = forms.contains(.plain) ? PlainNumbers.all(in: bytes) : []
    }

    // MARK: Boxes

    func boxed() -> Place? {
      var places: [Place] = []
      var open: [(start: Int, content: Int, depth: Int)] = []
      var depth = 0
      var cursor = 0
      while cursor < bytes.count {
        switch bytes[cursor] {
        case UInt8(ascii: "\\"):
          if let content = command(cursor) {
            if content < bytes.count, bytes[content] == UInt8(ascii: "{") {
              open.append((cursor, content + 1, depth))
              depth += 1
              cursor = content + 1
              continue
            }
            // `\boxed 5`: what follows up to white space.
            var end = content
            while end < bytes.count, !TagParser.isSpace(bytes[end]), bytes[end] != UInt8(ascii: "$")
            {
              end += 1
            }
            if end > content {
              places.append(Place(start: cursor, end: end, text: Self.text(bytes[content..<end])))
            }
            cursor = max(end, cursor + 1)
            continue
          }
          // `\\boxed` of a text that was escaped twice.
          let isTwice =
            cursor + 2 < bytes.count && bytes[cursor + 1] == UInt8(ascii: "\\")
            && MathLexer.isLetter(bytes[cursor + 2])
          cursor += isTwice ? 1 : 2
        case UInt8(ascii: "{"):
          depth += 1
          cursor += 1
        case UInt8(ascii: "}"):
          depth = max(depth - 1, 0)
          if let last = open.last, last.depth == depth {
            open.removeLast()
            // Only the outermost of nested boxes counts.
            if open.isEmpty {
              places.append(
                Place(
                  start: last.start, end: cursor + 1, text: Self.text(bytes[last.content..<cursor]))
              )
            }
          }
          cursor += 1
        default: cursor += 1
        }
      }
      if let cut = open.first, places.isEmpty {
        return Place(start: cut.start, end: bytes.count, text: Self.text(bytes[cut.content...]))
      }
      return Self.together(places, bytes)
    }

    /// The last box, with those before it that belong to the same answer.
    private static func together(_ places: [Place], _ bytes: [UInt8]) -> Place? {
      guard let last = places.last else { return nil }
      var texts = [last.text]
      var start = last.start
      for place in places.dropLast().reversed() {
        let between = bytes[place.end..<start]
        let isNear = between.count < 10
        let words = String(decoding: between, as: UTF8.self)
        let isListed =
          between.count < 70 && place.text != texts[texts.count - 1]
          && (words.contains(",") || words.contains(";") || words.contains("and")
            || words.contains("or"))
        guard isNear || isListed, texts.count < 20 else { break }
        if place.text != texts[texts.count - 1] { texts.append(place.text) }
        start = place.start
      }
      let parts = texts.reversed().map { "$\($0)$" }
      return Place(start: start, end: last.end, text: parts.joined(separator: ", "))
    }

    /// Where the argument of `\boxed` or `\fbox` begins.
    private func command(_ cursor: Int) -> Int? {
      for name in ["\\boxed", "\\fbox"] {
        guard var end = match(cursor, name) else { continue }
        while end < bytes.count, TagParser.isSpace(bytes[end]) { end += 1 }
        return end
      }
      return nil
    }

    private func match(_ start: Int, _ word: String) -> Int? {
      bytes.withUnsafeBufferPointer { TagParser.match($0, start, word) }
    }

    // MARK: Mathematics between delimiters

    private static func segments(_ bytes: [UInt8]) -> [Place] {
      var places: [Place] = []
      var cursor = 0
      func add(_ start: Int, _ content: Range<Int>, _ end: Int) {
        places.append(Place(start: start, end: end, text: "$\(text(bytes[content]))$"))
      }
      // Where nothing closes a delimiter, nothing later does either: each is looked for once.
      var isClosed: [Character: Bool] = [:]
      // Up to here a line holds no `\)`.
      var openUntil = 0
      while cursor < bytes.count {
        let byte = bytes[cursor]
        if byte == UInt8(ascii: "\\"), cursor + 1 < bytes.count {
          let next = bytes[cursor + 1]
          if next == UInt8(ascii: "(") || next == UInt8(ascii: "[") {
            let isInline = next == UInt8(ascii: "(")
            let kind: Character = isInline ? "(" : "["
            if isInline, cursor < openUntil {
              cursor += 2
              continue
            }
            if isClosed[kind] != false,
              let end = close(
                bytes, cursor + 2, isInline ? UInt8(ascii: ")") : UInt8(ascii: "]"), isInline)
            {
              if end > 0 {
                add(cursor, cursor + 2..<end, end + 2)
                cursor = end + 2
                continue
              }
              openUntil = -end
            } else {
              isClosed[kind] = false
            }
          }
          cursor += 2
        } else if byte == UInt8(ascii: "$") {
          let isDisplay = cursor + 1 < bytes.count && bytes[cursor + 1] == UInt8(ascii: "$")
          let start = cursor + (isDisplay ? 2 : 1)
          var end = start
          var isEnded = false
          while end < bytes.count {
            if bytes[end] == UInt8(ascii: "\\") {
              end += 2
              continue
            }
            if bytes[end] == UInt8(ascii: "$") {
              isEnded = !isDisplay || end + 1 < bytes.count && bytes[end + 1] == UInt8(ascii: "$")
              if isEnded { break }
            }
            if bytes[end] == 0x0A && !isDisplay { break }
            end += 1
          }
          if isEnded, end > start {
            let after = end + (isDisplay ? 2 : 1)
            add(cursor, start..<end, after)
            cursor = after
          } else {
            cursor =
              isDisplay ? max(start, isEnded ? end : start) : max(start, min(end, bytes.count))
            if isDisplay && !isEnded { break }
          }
        } else {
          cursor += 1
        }
      }
      return places
    }

    /// Where `\)` or `\]` stands; minus the place of a line's end before it; nil where there is none.
    private static func close(_ bytes: [UInt8], _ start: Int, _ byte: UInt8, _ isInline: Bool)
      -> Int?
    {
      var end = start
      while end + 1 < bytes.count {
        if isInline && bytes[end] == 0x0A { return -end }
        if bytes[end] == UInt8(ascii: "\\") {
          if bytes[end + 1] == byte { return end }
          end += 2
          continue
        }
        end += 1
      }
      return nil
    }

    /// Neighbours that `and`, `or` or a comma joins are one answer; a percent sign behind belongs to it.
    private static func joined(_ places: [Place], _ bytes: [UInt8]) -> [Place] {
      var result: [Place] = []
      for place in places {
        if let before = result.last {
          let between = bytes[before.end..<place.start]
          if between.count <= 12, before.text.utf8.count < 1_000 {
            let words = String(decoding: between, as: UTF8.self).split(
              whereSeparator: \.isWhitespace
            )
            .joined(separator: " ")
            if [",", "and", "or", ", and", ", or", ",and", ",or"].contains(words) {
              result[result.count - 1] = Place(
                start: before.start, end: place.end, text: "\(before.text), \(place.text)")
              continue
            }
          }
        }
        result.append(place)
      }
      return result.map { place in
        var end = place.end
        while end < bytes.count, bytes[end] == 0x20 { end += 1 }
        let rest = String(decoding: bytes[end..<min(end + 10, bytes.count)], as: UTF8.self)
          .lowercased()
        guard
          rest.hasPrefix("%") || rest.hasPrefix("\\%") || rest.hasPrefix("percent")
            || rest.hasPrefix("pct")
        else { return place }
        return Place(start: place.start, end: end + 1, text: place.text + "%")
      }
    }

    // MARK: Answers that words announce

    /// What stands within so many bytes after the last of some words that something follows.
    func stated(
      after words: [String], within distance: Int, asks: String? = nil, needsEnd: Bool = false
    ) -> Place? {
      var found: Place?
      for (cursor, byte) in bytes.enumerated() where byte | 0x20 == words[0].utf8.first! {
        for word in words {
          guard var from = matchIgnoringCase(cursor, word) else { continue }
          if let asks {
            guard
              let at = (from..<min(from + distance, bytes.count)).first(where: {
                matchIgnoringCase($0, asks) != nil
              })
            else { break }
            from = at + asks.utf8.count
          }
          if let place = first(from: from, within: asks == nil ? distance : 3) {
            if needsEnd, !hopes(place.end) { break }
            if place.end > found?.end ?? -1 { found = place }
          }
          break
        }
      }
      return found
    }

    private func hopes(_ end: Int) -> Bool {
      let rest = String(decoding: bytes[end..<min(end + 12, bytes.count)], as: UTF8.self)
      return rest.drop { $0 == "." || $0 == " " || $0 == "$" || $0 == "\n" }.hasPrefix("I hope")
    }

    private func matchIgnoringCase(_ start: Int, _ word: String) -> Int? {
      guard start + word.utf8.count <= bytes.count else { return nil }
      var position = start
      for byte in word.utf8 {
        let mine = bytes[position]
        guard mine == byte || MathLexer.isLetter(mine) && mine | 0x20 == byte else { return nil }
        position += 1
      }
      return position
    }

    private func first(from start: Int, within distance: Int) -> Place? {
      let candidates = [Self.next(segments, start), Self.next(numbers, start)].compactMap { $0 }
        .filter { $0.start - start <= distance + 2 }
      return candidates.min { ($0.start, -$0.end) < ($1.start, -$1.end) }
    }

    /// The first place from an offset on, by halving.
    private static func next(_ places: [Place], _ start: Int) -> Place? {
      var (low, high) = (0, places.count)
      while low < high {
        let middle = (low + high) / 2
        if places[middle].start < start { low = middle + 1 } else { high = middle }
      }
      return low < places.count ? places[low] : nil
    }

    /// A short line of LaTeX without delimiters.
    var bare: String? {
      let text = String(decoding: bytes, as: UTF8.self)
      return bytes.count <= 200 && bytes.contains(UInt8(ascii: "\\"))
        && !bytes.contains(UInt8(ascii: "$"))
        && !bytes.contains(0x0A) ? text : nil
    }

    func last() -> Place? {
      [segments.last, numbers.last].compactMap { $0 }.max {
        ($0.end, -$0.start) < ($1.end, -$1.start)
      }
    }

    static func text(_ bytes: ArraySlice<UInt8>) -> String {
      String(decoding: bytes, as: UTF8.self)
    }
  }
}
