/// The text of one script, REPL chunk or notebook cell, with its line starts.
public final class SourceText: Sendable {
  /// What messages call it: a path, `repl[7]`, `cell[3]` or `-e`.
  public let name: String
  public let bytes: [UInt8]
  /// It comes with mdm: errors in it belong to the script that called it.
  public let isLibrary: Bool
  private let lineStarts: [Int]

  public init(name: String, text: String, isLibrary: Bool = false) {
    self.name = name
    self.isLibrary = isLibrary
    bytes = Array(text.utf8)
    var starts = [0]
    for (offset, byte) in bytes.enumerated() where byte == 0x0A { starts.append(offset + 1) }
    lineStarts = starts
  }

  /// The number of lines, at least 1.
  public var lineCount: Int { lineStarts.count }

  /// The 1-based line and column (in Unicode scalars) of a byte offset.
  public func position(of offset: Int) -> (line: Int, column: Int) {
    let bounded = min(max(offset, 0), bytes.count)
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= bounded { low = middle } else { high = middle - 1 }
    }
    var column = 1
    for byte in bytes[lineStarts[low]..<bounded] where byte & 0xC0 != 0x80 { column += 1 }
    return (low + 1, column)
  }

  /// The text of a 1-based line, without its end.
  public func line(_ number: Int) -> String {
    guard number >= 1, number <= lineStarts.count else { return "" }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return String(decoding: bytes[start..<end], as: UTF8.self)
  }

  /// The text of a span.
  public func text(_ span: Span) -> String {
    text(Int(span.start)..<max(Int(span.start), Int(span.end)))
  }

  /// The text between two byte offsets.
  public func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
  }
}

/// A stretch of a source text, as byte offsets.
public struct Span: Sendable, Hashable {
  public var start: Int32
  public var end: Int32

  public init(_ start: Int, _ end: Int) {
    self.start = Int32(truncatingIfNeeded: start)
    self.end = Int32(truncatingIfNeeded: end)
  }

  /// From the start of one span to the end of another.
  public func through(_ other: Span) -> Span { Span(Int(start), Int(other.end)) }
}
