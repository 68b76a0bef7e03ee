/// What the `##` lines above a function say: a summary, details, and examples.
///
/// The first paragraph is the summary. Lines that are indented by four spaces are examples, one a
/// block; a comment at the end of a block's last line is what it prints.
public struct DocumentationText: Sendable, Equatable {
  public let summary: String
  public let details: String
  public let examples: [Example]

  public init(_ text: String) {
    var paragraphs: [[Substring]] = []
    var paragraph: [Substring] = []
    var blocks: [[Substring]] = []
    var block: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("    ") {
        block.append(line.dropFirst(4))
        continue
      }
      if !block.isEmpty { blocks.append(block) }
      block = []
      if line.isEmpty {
        if !paragraph.isEmpty { paragraphs.append(paragraph) }
        paragraph = []
      } else {
        paragraph.append(line)
      }
    }
    if !paragraph.isEmpty { paragraphs.append(paragraph) }
    if !block.isEmpty { blocks.append(block) }
    let joined = paragraphs.map { $0.joined(separator: " ") }
    summary = joined.first ?? ""
    details = joined.dropFirst().joined(separator: "\n\n")
    examples = blocks.map(Self.example)
  }

  private static func example(_ lines: [Substring]) -> Example {
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
