/// Cuts text that was not typed at a prompt into the inputs that a prompt would have made of it.
public struct InputSplitter {
  private let completeness: (String) -> InputCompleteness

  /// A splitter that asks whether a text is a whole input.
  public init(completeness: @escaping (String) -> InputCompleteness) {
    self.completeness = completeness
  }

  /// The inputs in their order; blank ones are left out.
  public func inputs(of text: String) -> [String] {
    let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }
    var inputs: [String] = []
    var index = 0
    while index < lines.count {
      var end = index + 1
      var input = String(lines[index])
      guard input.contains(where: { !$0.isWhitespace }) else {
        index = end
        continue
      }
      while end < lines.count {
        let isOpen: Bool
        if !Self.isCommand(input), case .incomplete = completeness(input) {
          isOpen = true
        } else {
          isOpen = Self.continues(lines[end])
        }
        guard isOpen else { break }
        input += "\n" + lines[end]
        end += 1
      }
      inputs.append(input)
      index = end
    }
    return inputs
  }

  /// Lines for the prompt itself: `:help`, `?name`.
  static func isCommand(_ input: String) -> Bool {
    let first = input.first { !$0.isWhitespace }
    return !input.contains("\n") && (first == ":" || first == "?")
  }

  /// A line that starts with `|>` or `.` belongs to the one before.
  private static func continues(_ line: Substring) -> Bool {
    let text = line.drop { $0 == " " || $0 == "\t" }
    return text.hasPrefix("|>") || text.hasPrefix(".")
  }
}
