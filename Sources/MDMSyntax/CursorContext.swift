/// What stands around a cursor, read from the tokens: a text that is being typed has no whole tree.
package struct CursorContext {
  /// A call whose parentheses the cursor stands in.
  package struct Call {
    /// The name of the function.
    package let name: String
    /// Where the name begins.
    package let start: Int
    /// What stands before the dot of `base.name(`, where that is a name.
    package let base: String?
    package let isMember: Bool
    /// Whether the input of a pipe is the first argument.
    package let isPiped: Bool
    /// The number of arguments before the cursor's.
    package let index: Int
    /// The name of the cursor's argument, where it has one.
    package let argument: String?
    /// The names that other arguments have.
    package let given: Set<String>
    /// Whether the cursor stands where an argument begins, in no bracket inside the call.
    package let isAtArgument: Bool
  }

  /// What is being written.
  package enum Place: Equatable {
    /// Nothing can be proposed: a comment, a string, a name that is being declared.
    case nothing
    case expression
    /// After `base.`; nil where the base is no name.
    case member(of: String?)
    /// After `use `.
    case module
    /// After `use module:`.
    case moduleMember(of: String, isPath: Bool)
    case type
    /// Inside a string that no value of an f-string contains; `start` is the byte offset of its
    /// content.
    case text(start: Int)
  }

  package let place: Place
  package let call: Call?
  /// The byte offset where the word at the cursor begins.
  package let wordStart: Int
  package let offset: Int
  /// The tokens before the word.
  private let tokens: [Token]

  package init(_ source: SourceText, at offset: Int) {
    self.offset = offset
    var start = offset
    while start > 0, Self.isWord(source.bytes[start - 1]) { start -= 1 }
    wordStart = start
    let lexed = Lexer.lex(source)
    let inComment = lexed.comments.contains { $0.start < offset && offset <= $0.end }
    var inString = false
    tokens = Self.tokens(lexed.tokens, source, before: start, &inString)
    call = inComment ? nil : Self.call(tokens, at: start)
    if inComment {
      place = .nothing
    } else if inString, let string = lexed.tokens.last(where: { $0.span.start < offset }) {
      place = .text(start: Self.contentStart(string, source, limit: offset))
    } else {
      place = Self.place(tokens)
    }
  }

  /// Where the content of a string begins: behind its prefix and its quotes.
  private static func contentStart(_ string: Token, _ source: SourceText, limit: Int) -> Int {
    let quote = UInt8(ascii: "\"")
    var start = Int(string.span.start)
    while start < limit, source.bytes[start] != quote { start += 1 }
    let isLong = source.bytes[start...].prefix(3).elementsEqual([quote, quote, quote])
    return min(limit, start + (isLong ? 3 : 1))
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  /// The tokens that end before an offset; of an f-string that contains it, those of its value.
  private static func tokens(
    _ all: [Token], _ source: SourceText, before offset: Int, _ inString: inout Bool
  ) -> [Token] {
    var list: [Token] = []
    for token in all where Int(token.span.start) < offset {
      if isUnclosedString(token, source), offset <= Int(token.span.end) {
        inString = true
      } else if Int(token.span.end) <= offset {
        list.append(token)
        continue
      }
      switch token.kind {
      case .interpolation(let pieces):
        inString = true
        for case .value(let inner, _, let span) in pieces
        where Int(span.start) <= offset && offset <= Int(span.end) {
          inString = false
          list += tokens(inner, source, before: offset, &inString)
        }
      case .string: inString = true
      default: break
      }
    }
    return list.filter { if case .end = $0.kind { false } else { true } }
  }

  /// Whether the cursor stands inside a string.
  package var isInText: Bool { if case .text = place { true } else { false } }

  /// Whether a token is a string that its line does not close: what is being typed.
  private static func isUnclosedString(_ token: Token, _ source: SourceText) -> Bool {
    guard case .invalid = token.kind else { return false }
    let head = source.bytes[Int(token.span.start)..<Int(token.span.end)].prefix(3)
    return head.drop { $0 == UInt8(ascii: "f") || $0 == UInt8(ascii: "r") }.first
      == UInt8(ascii: "\"")
  }

  // MARK: Places

  private static func place(_ tokens: [Token]) -> Place {
    guard let last = tokens.last else { return .expression }
    switch last.kind {
    case .symbol(.dot):
      guard tokens.count > 1 else { return .nothing }
      if case .name(let base) = tokens[tokens.count - 2].kind,
        !(tokens.count > 2 && tokens[tokens.count - 3].is(.dot))
      {
        return .member(of: base)
      }
      return .member(of: nil)
    case .keyword(.let), .keyword(.var), .keyword(.fn), .keyword(.for): return .nothing
    case .symbol(.arrow): return isResult(tokens) ? .type : .expression
    case .name("use") where last.newlineBefore: return .module
    case .name("as"),
      .name("param") where last.newlineBefore:
      return .nothing
    case .symbol(.colon), .symbol(.comma): return afterColon(tokens)
    case .integer, .float, .duration, .size: return .nothing
    default: return .expression
    }
  }

  /// Whether the last arrow stands behind the parameters of a function, not in an arm of a `match`.
  private static func isResult(_ tokens: [Token]) -> Bool {
    guard tokens.count > 1, tokens[tokens.count - 2].is(.closeParenthesis),
      let open = openBracket(Array(tokens.dropLast(2))), open > 0
    else { return false }
    return tokens[open - 1].is(.fn) || open > 1 && tokens[open - 2].is(.fn)
  }

  /// After `use m:`, `use m: a,`, or the colon of a declaration's type.
  private static func afterColon(_ tokens: [Token]) -> Place {
    let line = tokens.lastIndex(where: \.newlineBefore) ?? 0
    if tokens[line].isName("use"), line + 2 < tokens.count {
      let uses = tokens[line...].contains { $0.is(.colon) }
      switch tokens[line + 1].kind {
      case .name(let module) where uses: return .moduleMember(of: module, isPath: false)
      case .string(let path) where uses: return .moduleMember(of: path, isPath: true)
      default: return .nothing
      }
    }
    guard tokens[tokens.count - 1].is(.colon), tokens.count > 2 else { return .expression }
    let before = tokens[tokens.count - 3]
    if before.is(.let) || before.is(.var) || before.isName("param") { return .type }
    // The parameters of a declared function: `fn name(a: `.
    if let open = openBracket(tokens), tokens[open].is(.openParenthesis), open > 0 {
      if tokens[open - 1].is(.fn) || open > 1 && tokens[open - 2].is(.fn) { return .type }
    }
    return .expression
  }

  // MARK: Calls

  /// The innermost bracket that is open at the end of some tokens.
  private static func openBracket(_ tokens: [Token]) -> Int? {
    var depth = 0
    for index in tokens.indices.reversed() {
      guard case .symbol(let symbol) = tokens[index].kind else {
        if depth == 0, beginsStatement(tokens, index) { return nil }
        continue
      }
      switch symbol {
      case .closeParenthesis, .closeBracket, .closeBrace: depth += 1
      case .openParenthesis, .openBracket, .openBrace:
        if depth == 0 { return index }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  /// Whether a statement begins here that cannot stand in parentheses.
  private static func beginsStatement(_ tokens: [Token], _ index: Int) -> Bool {
    guard tokens[index].newlineBefore, case .keyword(let keyword) = tokens[index].kind else {
      return false
    }
    return [.let, .var, .for, .while, .defer, .assert, .expect].contains(keyword)
  }

  private static func call(_ tokens: [Token], at offset: Int) -> Call? {
    var rest = tokens
    var isDirect = true
    while let open = openBracket(rest) {
      if rest[open].is(.openParenthesis) {
        if let call = call(tokens, open: open, isDirect: isDirect) { return call }
      } else if rest[open].is(.openBrace), open > 0, !isRecord(rest, open) {
        return nil
      }
      rest = Array(rest[..<open])
      isDirect = false
    }
    return nil
  }

  /// Whether a brace opens a record: no block stands behind an operator, comma, colon or bracket.
  private static func isRecord(_ tokens: [Token], _ open: Int) -> Bool {
    guard case .symbol(let symbol) = tokens[open - 1].kind else {
      return tokens[open - 1].isName("mix")
    }
    return symbol != .closeParenthesis && symbol != .arrow
  }

  private static func call(_ tokens: [Token], open: Int, isDirect: Bool) -> Call? {
    guard open > 0, case .name(let name) = tokens[open - 1].kind, !tokens[open].newlineBefore
    else { return nil }
    var start = open - 1
    var base: String?
    let isMember = start > 0 && tokens[start - 1].is(.dot)
    if isMember {
      start -= 1
      if start > 0, case .name(let word) = tokens[start - 1].kind { base = word }
      start -= base == nil ? 0 : 1
    }
    if start > 0, tokens[start - 1].is(.fn) { return nil }
    let isPiped = start > 0 && tokens[start - 1].is(.pipe)
    let inside = Array(tokens[(open + 1)...])
    let arguments = split(inside)
    let last = arguments.last ?? []
    let hasPlaceholder = arguments.contains { argument in
      argument.last.map { $0.isName("_") } ?? false
    }
    return Call(
      name: name, start: Int(tokens[open - 1].span.start), base: base, isMember: isMember,
      isPiped: isPiped && !hasPlaceholder, index: arguments.count - 1, argument: Self.name(last),
      given: Set(arguments.dropLast().compactMap(Self.name)),
      isAtArgument: isDirect && last.isEmpty)
  }

  /// The tokens of each argument; the last one may not be whole.
  private static func split(_ tokens: [Token]) -> [[Token]] {
    var list: [[Token]] = [[]]
    var depth = 0
    for token in tokens {
      if case .symbol(let symbol) = token.kind {
        switch symbol {
        case .openParenthesis, .openBracket, .openBrace: depth += 1
        case .closeParenthesis, .closeBracket, .closeBrace: depth -= 1
        case .comma where depth == 0:
          list.append([])
          continue
        default: break
        }
      }
      list[list.count - 1].append(token)
    }
    return list
  }

  private static func name(_ argument: [Token]) -> String? {
    argument.count > 1 && argument[1].is(.colon) ? argument[0].word : nil
  }

  // MARK: Repair

  /// The text with a name at the cursor and, where asked for, the brackets closed that are open
  /// there: most texts that are being typed can be read so.
  package func repaired(_ source: SourceText, closing: Bool) -> SourceText {
    var bytes = source.bytes
    var insertion = wordStart == offset ? Array("_here_".utf8) : []
    if closing {
      var rest = tokens
      while let open = Self.openBracket(rest), !rest[open].is(.openBrace) {
        insertion.append(rest[open].is(.openBracket) ? UInt8(ascii: "]") : UInt8(ascii: ")"))
        rest = Array(rest[..<open])
      }
    }
    bytes.insert(contentsOf: insertion, at: offset)
    return SourceText(name: source.name, text: String(decoding: bytes, as: UTF8.self))
  }
}
