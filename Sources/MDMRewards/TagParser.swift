/// Reads the texts in a sequence of tags, such as `<think> … </think> <answer> … </answer>`.
public enum TagParser {
  /// Whether a word can be a tag's name: ASCII letters, digits, `_` and `-`.
  public static func isTag(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 64
      && name.utf8.allSatisfy {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0)
          || $0 == 0x5F || $0 == 0x2D
      }
  }

  /// The texts in the tags, trimmed; nil where the completion is anything but these tags in order.
  ///
  /// Linear in the completion.
  public static func parts(of completion: String, tags: [String]) -> [String]? {
    var completion = completion
    return completion.withUTF8 { bytes in
      var parts: [String] = []
      var position = 0
      for tag in tags {
        position = skipSpace(bytes, position)
        guard let start = match(bytes, position, "<\(tag)>") else { return nil }
        var end: Int?
        var after = start
        var cursor = start
        // The first tag of the sequence that follows has to be this one's end.
        scan: while cursor < bytes.count {
          guard bytes[cursor] == UInt8(ascii: "<") else {
            cursor += 1
            continue
          }
          if let next = match(bytes, cursor, "</\(tag)>") {
            (end, after) = (cursor, next)
            break scan
          }
          for other in tags
          where match(bytes, cursor, "<\(other)>") != nil
            || match(bytes, cursor, "</\(other)>") != nil
          {
            return nil
          }
          cursor += 1
        }
        guard let end else { return nil }
        parts.append(trimmed(bytes, start, end))
        position = after
      }
      return skipSpace(bytes, position) == bytes.count ? parts : nil
    }
  }

  /// The text in the only occurrence of a tag, wherever it stands; nil where it is not exactly one.
  public static func text(in completion: String, tag: String) -> String? {
    var completion = completion
    return completion.withUTF8 { bytes in
      var opening: Int?
      var closing: (from: Int, to: Int)?
      for cursor in bytes.indices where bytes[cursor] == UInt8(ascii: "<") {
        if let next = match(bytes, cursor, "<\(tag)>") {
          guard opening == nil else { return nil }
          opening = next
        } else if let next = match(bytes, cursor, "</\(tag)>") {
          guard closing == nil, opening != nil else { return nil }
          closing = (cursor, next)
        }
      }
      guard let opening, let closing else { return nil }
      return trimmed(bytes, opening, closing.from)
    }
  }

  static func trimmed(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> String {
    var (start, end) = (start, end)
    while start < end, isSpace(bytes[start]) { start += 1 }
    while end > start, isSpace(bytes[end - 1]) { end -= 1 }
    let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
    guard start < end, bytes[start] >= 0x80 || bytes[end - 1] >= 0x80 else { return text }
    // White space beyond ASCII is rare; characters know it.
    var rest = text[...]
    while rest.first?.isWhitespace == true { rest.removeFirst() }
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return String(rest)
  }

  static func skipSpace(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int {
    var position = start
    while position < bytes.count, isSpace(bytes[position]) { position += 1 }
    return position
  }

  /// The position behind a literal that stands at a position.
  static func match(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ literal: String) -> Int? {
    let count = literal.utf8.count
    guard start + count <= bytes.count else { return nil }
    var position = start
    for byte in literal.utf8 {
      guard bytes[position] == byte else { return nil }
      position += 1
    }
    return position
  }

  static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
}
