/// The tokens that are found in a text before it is cut into pieces, such as `<|im_end|>`.
struct AddedTokens: Sendable, Equatable {
  private struct Entry: Sendable, Equatable {
    var content: [UInt8]
    var token: Int32
  }

  /// By first byte, the longest first.
  private var entries: [UInt8: [Entry]] = [:]

  mutating func add(_ content: [UInt8], token: Int32) {
    guard let first = content.first else { return }
    var list = entries[first] ?? []
    list.removeAll { $0.content == content }
    list.append(Entry(content: content, token: token))
    list.sort { $0.content.count > $1.content.count }
    entries[first] = list
  }

  /// What a text is made of, in order: texts between the tokens, and tokens.
  enum Part {
    case text(ArraySlice<UInt8>)
    case token(Int32)
  }

  /// The parts of a text; of several tokens at one place the longest is taken.
  func parts(of text: ArraySlice<UInt8>) -> [Part] {
    var result: [Part] = []
    var start = text.startIndex
    var at = start
    while at < text.endIndex {
      guard let entry = entries[text[at]]?.first(where: { text[at...].starts(with: $0.content) })
      else {
        at += 1
        continue
      }
      if start < at { result.append(.text(text[start..<at])) }
      result.append(.token(entry.token))
      at += entry.content.count
      start = at
    }
    if start < text.endIndex { result.append(.text(text[start...])) }
    return result
  }
}
