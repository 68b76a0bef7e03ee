import MDMJSON
import MDMSyntax

/// How positions count the characters of a line.
public enum PositionEncoding: String, Sendable {
  case utf8 = "utf-8"
  case utf16 = "utf-16"
}

/// A text with the lines and positions that the protocol means.
///
/// Lines end with a line feed, a carriage return, or both.
struct LineTable: Sendable {
  private(set) var bytes: [UInt8]
  private var starts: [Int]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    starts = Self.starts(bytes)
  }

  private static func starts(_ bytes: [UInt8]) -> [Int] {
    var starts = [0]
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A || byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A) {
        starts.append(index + 1)
      }
    }
    return starts
  }

  mutating func replace(_ range: Range<Int>, with text: String) {
    bytes.replaceSubrange(range, with: text.utf8)
    starts = Self.starts(bytes)
  }

  var lineCount: Int { starts.count }

  /// The bytes of a line without its end.
  func line(_ number: Int) -> Range<Int> {
    guard number < starts.count else { return bytes.count..<bytes.count }
    var end = number + 1 < starts.count ? starts[number + 1] : bytes.count
    while end > starts[number], bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return starts[number]..<end
  }

  /// The number of the line of a byte offset, from 0.
  func lineNumber(of offset: Int) -> Int {
    var (low, high) = (0, starts.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if starts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    return low
  }

  /// The byte offset of a position; one behind the end of its line stands for that end, and one
  /// inside a character for its start.
  func offset(line: Int, character: Int, _ encoding: PositionEncoding) -> Int {
    guard line < starts.count else { return bytes.count }
    let range = self.line(line)
    var left = character
    var at = range.lowerBound
    while at < range.upperBound {
      let length = Self.length(bytes[at])
      let units = encoding == .utf8 ? length : length == 4 ? 2 : 1
      if left < units { break }
      left -= units
      at = min(at + length, range.upperBound)
    }
    return at
  }

  /// The position of a byte offset.
  func position(_ offset: Int, _ encoding: PositionEncoding) -> (line: Int, character: Int) {
    let offset = min(max(offset, 0), bytes.count)
    let line = lineNumber(of: offset)
    let start = starts[line]
    if encoding == .utf8 { return (line, offset - start) }
    var units = 0
    var at = start
    while at < offset {
      let length = Self.length(bytes[at])
      units += length == 4 ? 2 : 1
      at += length
    }
    return (line, units)
  }

  private static func length(_ first: UInt8) -> Int {
    first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4
  }
}

/// An open file of the editor.
struct Document {
  /// As the client writes it.
  let uri: String
  /// What messages and modules call it: its path.
  let name: String
  var version: Int?
  private(set) var lines: LineTable
  private(set) var source: SourceText
  /// Counts the changes; what was found out for another number is out of date.
  private(set) var revision = 0

  init(uri: String, name: String, version: Int?, text: String) {
    self.uri = uri
    self.name = name
    self.version = version
    source = SourceText(name: name, text: text)
    lines = LineTable(source.bytes)
  }

  /// Applies the changes of one notification in their order.
  ///
  /// - Throws: `RequestError` where one is none; those before it are applied.
  mutating func apply(_ changes: [JSONNode], _ encoding: PositionEncoding) throws(RequestError) {
    defer {
      source = SourceText(name: name, text: String(decoding: lines.bytes, as: UTF8.self))
      revision += 1
    }
    for change in changes {
      guard let text = change["text"]?.text else {
        throw RequestError(.invalidParams, "a change has no text")
      }
      guard let range = change["range"], range != .null else {
        lines = LineTable(Array(text.utf8))
        continue
      }
      guard let start = range["start"].flatMap({ offset($0, encoding) }),
        let end = range["end"].flatMap({ offset($0, encoding) }), start <= end
      else { throw RequestError(.invalidParams, "a change has no valid range") }
      lines.replace(start..<end, with: text)
    }
  }

  /// The byte offset of a `Position`; nil where it is none.
  func offset(_ position: JSONNode, _ encoding: PositionEncoding) -> Int? {
    guard let line = position["line"]?.integer, let character = position["character"]?.integer,
      line >= 0, character >= 0
    else { return nil }
    return lines.offset(line: line, character: character, encoding)
  }
}
