import MDMJSON

/// Cuts a stream of bytes into the messages of the base protocol.
///
/// A message is a header with `Content-Length` and that many bytes of JSON. Whatever arrives
/// otherwise is reported and passed over; the decoder never gives up.
///
/// Source: Language Server Protocol 3.17, Base Protocol.
public struct MessageDecoder {
  /// A message, or what is wrong with the bytes in its place.
  public enum Item: Sendable, Equatable {
    case message(JSONNode)
    /// The content is no JSON.
    case unreadable(String)
    /// The header is none, or the content is too long.
    case invalid(String)
  }

  /// The longest content that is read, in bytes.
  public static let maximumLength = 64 << 20
  /// The longest header; what goes on longer without an empty line is none.
  static let maximumHeader = 8 << 10

  private var buffer: [UInt8] = []
  private var start = 0
  /// The bytes of a content that is too long and still to come.
  private var skipped = 0

  public init() {}

  /// Whether the stream may end here: no message has been begun.
  public var isAtBoundary: Bool { start == buffer.count && skipped == 0 }

  /// Takes what has arrived and gives the messages that are whole.
  public mutating func feed(_ bytes: some Collection<UInt8>) -> [Item] {
    buffer += bytes
    var items: [Item] = []
    while let item = next() { items.append(item) }
    if start > 0 {
      buffer.removeFirst(start)
      start = 0
    }
    return items
  }

  private mutating func next() -> Item? {
    if skipped > 0 {
      let count = min(skipped, buffer.count - start)
      start += count
      skipped -= count
      if skipped > 0 { return nil }
    }
    guard let (end, length) = header() else {
      guard buffer.count - start > Self.maximumHeader else { return nil }
      resynchronise()
      return .invalid("no header of the base protocol begins here")
    }
    guard let length else {
      start = end
      return .invalid("the header has no Content-Length")
    }
    guard length <= Self.maximumLength else {
      start = end
      skipped = length
      return .invalid("a message of \(length) bytes is too long")
    }
    guard buffer.count - end >= length else { return nil }
    let content = Array(buffer[end..<(end + length)])
    start = end + length
    do throws(JSONError) {
      return .message(try JSONNode(parsing: content))
    } catch {
      return .unreadable("the message is no JSON: \(error)")
    }
  }

  /// The end of the header that begins here and the length that it gives; nil until it is whole.
  private func header() -> (end: Int, length: Int?)? {
    var length: Int?
    var line = start
    let limit = min(buffer.count, start + Self.maximumHeader)
    while let newline = buffer[line..<limit].firstIndex(of: 0x0A) {
      var end = newline
      if end > line, buffer[end - 1] == 0x0D { end -= 1 }
      if end == line { return (newline + 1, length) }
      length = length ?? Self.contentLength(buffer[line..<end])
      line = newline + 1
    }
    return nil
  }

  /// The number of a `Content-Length` field; nil for other fields and numbers out of range.
  private static func contentLength(_ line: ArraySlice<UInt8>) -> Int? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
    guard name == "content-length" else { return nil }
    let digits = line[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
    var number = 0
    var count = 0
    for digit in digits {
      if digit == 0x20 || digit == 0x09 { continue }
      guard digit >= 0x30, digit <= 0x39, count < 15 else { return nil }
      number = number * 10 + Int(digit - 0x30)
      count += 1
    }
    return count > 0 ? number : nil
  }

  /// Goes on at the next thing that looks like a header.
  private mutating func resynchronise() {
    let mark = Array("Content-Length:".utf8)
    var index = start + 1
    while index + mark.count <= buffer.count {
      if buffer[index..<(index + mark.count)].elementsEqual(mark) {
        start = index
        return
      }
      index += 1
    }
    start = max(start + 1, buffer.count - mark.count + 1)
  }

  /// A message with its header.
  public static func encode(_ message: JSONNode) -> [UInt8] {
    let content = message.compact
    return Array("Content-Length: \(content.count)\r\n\r\n".utf8) + content
  }
}
