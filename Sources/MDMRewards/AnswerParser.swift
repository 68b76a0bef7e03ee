import MDMData

/// Reads the answer out of a completion.
public enum AnswerParser {
  static let opening = "<answer>"
  static let closing = "</answer>"

  /// The text between the answer tags, strictly.
  ///
  /// The whole completion is `<answer> x </answer>`, with nothing but white space around it and,
  /// if at all, one `<think> … </think>` before it; each tag occurs once.
  ///
  /// Source: the format regex of R1-V and Visual-RFT, the thinking made optional.
  public static func taggedText(_ completion: String) -> String? {
    var completion = completion
    return completion.withUTF8 { bytes in
      guard let (start, end) = answerRange(bytes) else { return nil }
      return TagParser.trimmed(bytes, start, end)
    }
  }

  /// Where the text between the answer tags begins and ends, in bytes.
  private static func answerRange(_ bytes: UnsafeBufferPointer<UInt8>) -> (Int, Int)? {
    var thoughtEnd: Int?
    var isThinking = false
    var answer: (start: Int, end: Int)?
    var isAnswering = false
    var start = 0
    var after = 0
    var cursor = 0
    while cursor < bytes.count {
      guard bytes[cursor] == UInt8(ascii: "<") else {
        cursor += 1
        continue
      }
      if let next = TagParser.match(bytes, cursor, opening) {
        // The thinking, or nothing, comes before the tag, and white space between.
        guard !isThinking, !isAnswering, answer == nil, isSpace(bytes, thoughtEnd ?? 0, cursor)
        else { return nil }
        (isAnswering, start, cursor) = (true, next, next)
      } else if let next = TagParser.match(bytes, cursor, closing) {
        guard isAnswering else { return nil }
        (isAnswering, answer, after, cursor) = (false, (start, cursor), next, next)
      } else if let next = TagParser.match(bytes, cursor, "<think>") {
        guard thoughtEnd == nil, !isThinking, !isAnswering, answer == nil, isSpace(bytes, 0, cursor)
        else { return nil }
        (isThinking, cursor) = (true, next)
      } else if let next = TagParser.match(bytes, cursor, "</think>") {
        guard isThinking else { return nil }
        (isThinking, thoughtEnd, cursor) = (false, next, next)
      } else {
        cursor += 1
      }
    }
    guard !isThinking, let answer, isSpace(bytes, after, bytes.count) else { return nil }
    return answer
  }

  private static func isSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool
  {
    for position in start..<end where !TagParser.isSpace(bytes[position]) {
      // White space beyond ASCII is rare; characters know it.
      let rest = UnsafeBufferPointer(rebasing: bytes[position..<end])
      return bytes[position] >= 0x80
        && String(decoding: rest, as: UTF8.self).allSatisfy(\.isWhitespace)
    }
    return true
  }

  /// The answer of a completion, strictly: in its tags and of the example's kind; nil otherwise.
  ///
  /// A box has to be one (ordered corners inside the image), and where one word is asked for,
  /// several words are of another kind.
  public static func strict(_ completion: String, for example: Example) -> AnswerValue? {
    var completion = completion
    let read = completion.withUTF8 { bytes -> ShortAnswer.Reading in
      guard let (start, end) = answerRange(bytes) else { return .none }
      return ShortAnswer.read(
        UnsafeBufferPointer(rebasing: bytes[start..<end]), example.kind,
        optionCount: example.options.count)
    }
    switch read {
    case .none: return nil
    case .value(let value): return checked(value, "", example)
    case .unread: break
    }
    guard let text = taggedText(completion),
      let value = value(of: text, kind: example.kind, letters: example.letters)
    else { return nil }
    return checked(value, text, example)
  }

  /// A value that an example may have for an answer.
  private static func checked(
    _ value: AnswerValue, _ text: String, _ example: Example
  ) -> AnswerValue? {
    switch value {
    case .box(let box):
      let cells = 0...Double(Example.cells)
      return box.isValid && cells.contains(box.x0) && cells.contains(box.y0)
        && cells.contains(box.x1) && cells.contains(box.y1) ? value : nil
    case .word:
      return tokens(text).count == 1 || tokens(example.answer).count > 1 ? value : nil
    case .choice, .number: return value
    }
  }

  /// The answer of a completion, leniently: with or without tags.
  ///
  /// The last four numbers in a row, the last number or the last word; of letters the only one
  /// that occurs. This measures skill apart from format; as a reward it would invite hedging.
  public static func lenient(_ completion: String, for example: Example) -> AnswerValue? {
    var plain = completion
    for tag in [opening, closing, "<think>", "</think>"] { plain = plain.replacing(tag, with: " ") }
    let tokens = tokens(plain)
    switch example.kind {
    case .box:
      let runs = tokens.split { decimal($0) == nil }
      return runs.last { $0.count >= 4 }.flatMap { box(Array($0.suffix(4))) }
    case .choice:
      let letters = example.letters.isEmpty ? Example.letters(8) : example.letters
      let found = Set(tokens.filter(letters.contains))
      return found.count == 1 ? found.first.map(AnswerValue.choice) : nil
    case .number: return tokens.last { decimal($0) != nil }.flatMap(decimal).map { .number($0) }
    case .word:
      // Gold answers of several words need as many of the last words.
      let count = max(Self.tokens(example.answer).count, 1)
      let words = tokens.filter { decimal($0) == nil && !isLetter($0) || count > 1 }
      guard words.count >= count else { return nil }
      return .word(words.suffix(count).joined(separator: " ").lowercased())
    }
  }

  /// A text without tags as an answer of a kind; nil where its type is wrong.
  ///
  /// - Parameter letters: The option letters; empty means A to H.
  public static func value(
    of text: String, kind: AnswerKind, letters: [String] = []
  ) -> AnswerValue? {
    let tokens = tokens(text)
    switch kind {
    case .box: return tokens.count == 4 ? box(tokens) : nil
    case .choice:
      let allowed = letters.isEmpty ? Example.letters(8) : letters
      guard tokens.count == 1, allowed.contains(tokens[0]) else { return nil }
      return .choice(tokens[0])
    case .number:
      guard tokens.count == 1, let number = decimal(tokens[0]) else { return nil }
      return .number(number)
    case .word:
      guard (1...8).contains(tokens.count),
        tokens.contains(where: { decimal($0) == nil && !isLetter($0) })
      else { return nil }
      return .word(tokens.joined(separator: " ").lowercased())
    }
  }

  /// The box of an answer text, in cells: exactly four numbers; nil otherwise.
  public static func box(_ text: String) -> Box? {
    if case .box(let box) = value(of: text, kind: .box) { box } else { nil }
  }

  private static func box(_ tokens: [String]) -> AnswerValue? {
    let numbers = tokens.compactMap(decimal)
    guard numbers.count == 4 else { return nil }
    return .box(Box(numbers[0], numbers[1], numbers[2], numbers[3]))
  }

  /// A plain decimal number: no exponent, no NaN, no infinity, at most 15 characters.
  static func decimal(_ token: String) -> Double? {
    let digits = token.hasPrefix("-") ? token.dropFirst() : token[...]
    guard token.utf8.count <= 15, digits.first?.isNumber == true, digits.last?.isNumber == true,
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") })
    else { return nil }
    return Double(token)
  }

  /// Words between white space, with brackets and commas counted as white space.
  static func tokens(_ text: String) -> [String] {
    text.split { $0.isWhitespace || "[](),;".contains($0) }.map(String.init)
  }

  private static func isLetter(_ token: String) -> Bool {
    token.utf8.count == 1 && token.utf8.allSatisfy { (0x41...0x5A).contains($0) }
  }
}
