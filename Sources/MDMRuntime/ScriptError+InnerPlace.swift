import MDMSyntax

extension ScriptError {
  /// Moves the place into a string literal that is written as its text; shows the text in a note
  /// where the literal stands elsewhere or has escapes.
  mutating func narrow(_ span: inout Span, in source: SourceText, _ inner: InnerPlace) {
    let (start, end) = (Int(span.start), Int(span.end))
    let written = source.text(start..<end)
    let count = inner.text.utf8.count
    for prefix in ["r\"", "\"", "r\"\"\"", "\"\"\""]
    where written.hasPrefix(prefix + inner.text + "\"") {
      let first = start + prefix.utf8.count
      let range = inner.range.clamped(to: 0..<count)
      // At least one character, the closing quote where the text is over.
      span = Span(first + range.lowerBound, first + max(range.upperBound, range.lowerBound + 1))
      return
    }
    guard count <= 200, !inner.text.contains("\n") else { return }
    let bytes = Array(inner.text.utf8)
    let range = inner.range.clamped(to: 0..<count)
    let before = String(decoding: bytes[..<range.lowerBound], as: UTF8.self)
    let culprit = String(decoding: bytes[range], as: UTF8.self)
    let indent = String(repeating: " ", count: DisplayWidth.columns(before))
    let mark = String(repeating: "^", count: max(DisplayWidth.columns(culprit), 1))
    diagnostic.notes.append("\(inner.text)\n\(indent)\(mark)")
  }
}
