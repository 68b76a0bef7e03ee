/// The text of an input as the editor holds it, and as its author means it.
///
/// libedit draws an input of several lines but knows no continuation prompt. So the editor's buffer
/// holds the prompt itself at the start of every line but the first; these functions put it in,
/// take it out, and mend it where an editing key has cut into it. The prompt's last blank is a
/// no-break space in the buffer: a blank that is deleted is not replaced by one of the indent.
public struct PromptText: Sendable {
  /// The prompt before the first line.
  public let prompt: String
  /// The prompt before every further line.
  public let continuation: String

  /// Prompts; both should be equally wide.
  public init(prompt: String = "mdm> ", continuation: String = "...> ") {
    self.prompt = prompt
    self.continuation = continuation
  }

  /// The prompt before the first line as a terminal shows it.
  /// - Parameter mark: stands around what takes no columns.
  func painted(_ isColored: Bool, mark: String = "") -> String {
    guard isColored else { return prompt }
    let bare = prompt.last == " " ? String(prompt.dropLast()) : prompt
    return "\(mark)\u{1b}[1;32m\(mark)\(bare)\(mark)\u{1b}[0m\(mark)" + prompt.dropFirst(bare.count)
  }

  /// The continuation prompt as it stands in the buffer.
  var marker: [UnicodeScalar] {
    let scalars = Array(continuation.unicodeScalars)
    return scalars.last == " " ? scalars.dropLast() + ["\u{A0}"] : scalars
  }

  /// A line break and the prompt behind it.
  var lineBreak: String { "\n" + Self.string(marker) }

  /// The text with a continuation prompt before every line but the first.
  public func shown(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: lineBreak)
  }

  /// The text without continuation prompts, and where a place in the shown text is in it.
  public func plain(_ shown: [UnicodeScalar], cursor: Int = 0) -> (text: String, cursor: Int) {
    var result: [UnicodeScalar] = []
    var place = cursor
    var index = 0
    while index < shown.count {
      result.append(shown[index])
      let isBreak = shown[index] == "\n"
      index += 1
      if isBreak, shown[index...].starts(with: marker) {
        // A cursor behind or within the prompt moves back by what is taken out before it.
        if cursor > index { place -= min(cursor - index, marker.count) }
        index += marker.count
      }
    }
    return (Self.string(result), place)
  }

  /// The shown text with its prompts mended, and the cursor moved out of them.
  ///
  /// A line whose prompt has lost a part was joined to the one before: that is what deleting
  /// backwards at its start means. A cursor within a prompt goes to the line's start, or, when it
  /// came from there, to the end of the line before.
  /// - Returns: `nil` where there is nothing to mend.
  public func mended(_ shown: [UnicodeScalar], cursor: Int, previousCursor: Int)
    -> (text: [UnicodeScalar], cursor: Int)?
  {
    let marker = self.marker
    var text: [UnicodeScalar] = []
    var place = cursor
    var isChanged = false
    var index = 0
    while index < shown.count {
      guard shown[index] == "\n" else {
        text.append(shown[index])
        index += 1
        continue
      }
      let rest = shown[(index + 1)...]
      if rest.starts(with: marker) {
        let start = text.count + 1
        let end = start + marker.count
        text.append("\n")
        text += marker
        // Where the cursor lies in the text built so far.
        let shift = text.count - (index + 1 + marker.count)
        let at = cursor + shift
        if cursor > index, at >= start, at < end {
          place = previousCursor >= index + 1 + marker.count ? start - 1 : end
          isChanged = true
        } else if cursor > index + marker.count {
          place = at
        }
        index += 1 + marker.count
      } else {
        // What is left of the prompt goes with the line break.
        let remains = marker.indices.last { rest.starts(with: marker[..<$0]) } ?? 0
        let removed = 1 + remains
        if cursor > index { place = text.count + max(0, cursor - index - removed) }
        index += removed
        isChanged = true
      }
    }
    guard isChanged else { return nil }
    return (text, min(place, text.count))
  }

  static func string(_ scalars: some Sequence<UnicodeScalar>) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}
