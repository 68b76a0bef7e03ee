/// What the `##` lines above a function say: a summary, details, and examples.
///
/// The first paragraph is the summary. Lines that are indented by four spaces are examples, one a
/// block. What an example prints stands in a comment at the end of its last line, or in the lines
/// of comments that it ends with.
public struct DocumentationText: Sendable, Equatable {
  public let summary: String
  public let details: String
  public let examples: [Example]
  /// The lines of each example, counted from the first line of the text.
  public let exampleLines: [Range<Int>]

  public init(_ text: String) {
    var paragraphs: [[Substring]] = []
    var paragraph: [Substring] = []
    var blocks: [[Substring]] = []
    var block: [Substring] = []
    var ranges: [Range<Int>] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for (number, line) in (lines + [""]).enumerated() {
      if line.hasPrefix("    ") {
        block.append(line.dropFirst(4))
        continue
      }
      if !block.isEmpty {
        blocks.append(block)
        ranges.append(number - block.count..<number)
      }
      block = []
      if line.isEmpty {
        if !paragraph.isEmpty { paragraphs.append(paragraph) }
        paragraph = []
      } else {
        paragraph.append(line)
      }
    }
    let joined = paragraphs.map { $0.joined(separator: " ") }
    summary = joined.first ?? ""
    details = joined.dropFirst().joined(separator: "\n\n")
    examples = blocks.map(Self.example)
    exampleLines = ranges
  }

  private static func example(_ lines: [Substring]) -> Example {
    let printed = lines.reversed().prefix { $0 == "#" || $0.hasPrefix("# ") }.reversed()
    if !printed.isEmpty, printed.count < lines.count {
      return Example(
        lines.dropLast(printed.count).joined(separator: "\n"),
        prints: printed.map { $0.dropFirst(2) }.joined(separator: "\n"))
    }
    guard var last = lines.last else { return Example("") }
    var prints: String?
    // The mark stands after two spaces, so that a `#` in a text is none.
    if let mark = Self.position(of: "  # ", in: last) {
      prints = String(last[last.index(mark, offsetBy: 4)...])
      last = last[..<mark]
    }
    return Example((lines.dropLast() + [last]).joined(separator: "\n"), prints: prints)
  }

  private static func position(of mark: String, in line: Substring) -> Substring.Index? {
    var found: Substring.Index?
    for index in line.indices where line[index...].hasPrefix(mark) { found = index }
    return found
  }
}
