/// Makes of pasted text what should enter the buffer.
///
/// One kind of line break, none at the end, tabs as wide as an indent, no control characters; and of
/// a pasted session (of this prompt, of Python's or of IPython's) only what was typed in it.
public struct PastedText: Sendable {
  /// A pair of prompts: that of an input's first line and that of its further ones.
  private struct Prompts {
    let isFirst: @Sendable (Substring) -> Substring?
    let isFurther: @Sendable (Substring) -> Substring?
  }

  private let styles: [Prompts]

  /// - Parameters:
  ///   - prompt: this editor's prompt, blanks at its end apart.
  ///   - continuation: that of further lines.
  public init(prompt: String = "mdm> ", continuation: String = "...> ") {
    styles = [
      Self.plain(prompt, continuation), Self.plain(">>> ", "... "),
      Prompts(
        isFirst: { line in
          // `In [12]: text`
          guard line.hasPrefix("In [") else { return nil }
          let rest = line.dropFirst(4).drop { $0.isNumber || $0 == " " }
          return rest.hasPrefix("]:") ? Self.withoutBlank(rest.dropFirst(2)) : nil
        },
        isFurther: { line in
          // `   ...: text`
          let rest = line.drop { $0 == " " }
          guard rest.hasPrefix("...:") else { return nil }
          return Self.withoutBlank(rest.dropFirst(4))
        }),
    ]
  }

  /// The text that enters the buffer.
  public func clean(_ text: String) -> String {
    var lines: [Substring] = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    while let last = lines.last, last.allSatisfy(\.isWhitespace) { lines.removeLast() }
    let typed = typedLines(lines) ?? lines
    return String(
      String.UnicodeScalarView(
        typed.joined(separator: "\n").unicodeScalars.flatMap { scalar -> [UnicodeScalar] in
          if scalar == "\t" { return [" ", " "] }
          return scalar.value >= 32 && scalar.value != 127 || scalar == "\n" ? [scalar] : []
        }))
  }

  /// What stands behind the prompts of a session; nil where the first line has none.
  private func typedLines(_ lines: [Substring]) -> [Substring]? {
    guard let first = lines.first(where: { !$0.allSatisfy(\.isWhitespace) }) else { return nil }
    let bare = Self.withoutIndent(first)
    guard let style = styles.first(where: { $0.isFirst(bare) != nil }) else { return nil }
    var isOpen = false
    return lines.compactMap { line in
      if let rest = style.isFirst(Self.withoutIndent(line)) {
        isOpen = true
        return rest
      }
      // Further lines stand below an input only: output may begin with dots too.
      if isOpen, let rest = style.isFurther(line) { return rest }
      isOpen = false
      return nil
    }
  }

  private static func plain(_ prompt: String, _ continuation: String) -> Prompts {
    let first = Self.withoutBlankAtEnd(prompt)
    let further = Self.withoutBlankAtEnd(continuation)
    return Prompts(
      isFirst: { $0.hasPrefix(first) ? Self.withoutBlank($0.dropFirst(first.count)) : nil },
      isFurther: { $0.hasPrefix(further) ? Self.withoutBlank($0.dropFirst(further.count)) : nil })
  }

  private static func withoutBlankAtEnd(_ text: String) -> String {
    text.last == " " ? String(text.dropLast()) : text
  }

  private static func withoutBlank(_ text: Substring) -> Substring {
    text.first == " " || text.first == "\u{A0}" ? text.dropFirst() : text
  }

  private static func withoutIndent(_ text: Substring) -> Substring {
    text.drop { $0 == " " || $0 == "\t" }
  }
}
