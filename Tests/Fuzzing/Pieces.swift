import MDMSyntax

/// A script cut into its tokens, each with the blanks and comments in front of it.
struct Pieces {
  struct Piece {
    var text: String
    var kind: Kind
  }

  enum Kind { case name, literal, other }

  var items: [Piece]

  /// Cuts a text; whatever its mistakes, the pieces together are the text again.
  init(_ text: String) {
    let source = SourceText(name: "fuzz", text: text)
    var items: [Piece] = []
    var from = 0
    for token in Lexer.lex(source).tokens {
      let end = Int(token.span.end)
      guard end > from else { continue }
      let kind: Kind =
        switch token.kind {
        case .name: .name
        case .integer, .float, .duration, .size, .string, .interpolation: .literal
        default: .other
        }
      items.append(Piece(text: source.text(from..<end), kind: kind))
      from = end
    }
    if from < source.bytes.count {
      items.append(Piece(text: source.text(from..<source.bytes.count), kind: .other))
    }
    self.items = items
  }

  var text: String { items.map(\.text).joined() }

  /// Puts a word in the place of a token and keeps the blanks in front of it.
  mutating func replace(_ index: Int, by word: String) {
    let blank = items[index].text.prefix { $0 == " " || $0 == "\n" }
    items[index].text = blank + word
  }
}
