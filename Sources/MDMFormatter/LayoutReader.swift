import MDMSyntax

/// Reads the tokens and comments of a source without errors into lines and brackets.
///
/// The tree tells where statements, arms and blocks begin; nothing is guessed from line ends.
struct LayoutReader {
  /// A token or a comment, in the order of the text.
  private struct Atom {
    let token: Token?
    let text: String
    let start: Int
    let newlines: Int

    var isComment: Bool { token == nil }

    func `is`(_ symbol: Symbol) -> Bool { token?.is(symbol) ?? false }
  }

  private let shape: SyntaxShape
  private let atoms: [Atom]
  /// The atoms that open the arms of a match.
  private let armsOpenings: Set<Int>
  /// The parentheses of `across seeds(n)`, in which lines still end statements.
  private let plainParentheses: Set<Int>
  private var index = 0

  /// The whole text as a group without brackets.
  static func read(_ source: SourceText, _ lexed: Lexer.Result, _ shape: SyntaxShape) -> Group {
    var reader = LayoutReader(source, lexed, shape)
    let file = Group(.block, open: "", close: "", isTight: true)
    reader.fill(file)
    return file
  }

  private init(_ source: SourceText, _ lexed: Lexer.Result, _ shape: SyntaxShape) {
    self.shape = shape
    atoms = Self.atoms(source, lexed)
    var openings: Set<Int> = []
    for subject in shape.subjects {
      // The first token at or behind the subject's end.
      var low = 0
      var high = atoms.count
      while low < high {
        let middle = (low + high) / 2
        if atoms[middle].start < subject { low = middle + 1 } else { high = middle }
      }
      while low < atoms.count, atoms[low].isComment { low += 1 }
      openings.insert(low)
    }
    armsOpenings = openings
    plainParentheses = Self.plainParentheses(atoms)
  }

  private static func plainParentheses(_ atoms: [Atom]) -> Set<Int> {
    var found: Set<Int> = []
    for index in atoms.indices.dropFirst(3)
    where atoms[index].is(.openParenthesis) && atoms[index - 1].text == "seeds"
      && atoms[index - 2].text == "across"
    {
      guard let word = atoms[index - 3].token, word.is(.assert) || word.is(.expect) else {
        continue
      }
      var depth = 0
      for end in atoms.indices[index...] {
        if atoms[end].is(.openParenthesis) { depth += 1 }
        if atoms[end].is(.closeParenthesis) { depth -= 1 }
        if depth == 0 {
          found.formUnion([index, end])
          break
        }
      }
    }
    return found
  }

  private static func atoms(_ source: SourceText, _ lexed: Lexer.Result) -> [Atom] {
    var atoms: [Atom] = []
    var end = 0
    func add(_ token: Token?, _ span: Span) {
      var newlines = 0
      let start = Int(span.start)
      for position in end..<max(end, start) where source.bytes[position] == 0x0A { newlines += 1 }
      end = Int(span.end)
      var text = source.text(span)[...]
      if token == nil { while text.last?.isWhitespace == true { text.removeLast() } }
      atoms.append(
        Atom(token: token, text: String(text), start: start, newlines: min(newlines, 2)))
    }
    var comments = lexed.comments[...]
    for token in lexed.tokens {
      // A comment before the end of the last token stands inside of an f-string.
      while let comment = comments.first, comment.start < token.span.start {
        comments.removeFirst()
        if Int(comment.start) >= end { add(nil, comment) }
      }
      if case .end = token.kind { break }
      add(token, token.span)
    }
    return atoms
  }

  // MARK: Lines

  /// Reads the lines of a group, its closing bracket excluded.
  private mutating func fill(_ group: Group) {
    var line = Line()
    let opening = index
    func finish(_ group: Group) {
      // Comments without a line yet belong to the next one.
      guard !line.nodes.isEmpty else { return }
      group.lines.append(line)
      line = Line()
    }
    while index < atoms.count {
      let atom = atoms[index]
      if isClosing(index) { break }
      if atom.isComment {
        if place(atom, in: group, &line, isFirst: index == opening) {
          index += 1
          continue
        }
      } else if atom.is(.comma), group.kind != .block, group.kind != .single {
        finish(group)
        index += 1
        if group.kind != .arms { group.wantsLines = atClosing() }
        continue
      } else if begins(atom, in: group) {
        finish(group)
      }
      if line.nodes.isEmpty {
        line.hasBlankBefore = atom.newlines > 1 && (!line.comments.isEmpty || !group.lines.isEmpty)
      }
      let node = read(atom, after: line.nodes.last { !$0.isComment })
      if node.isComment, let step = line.nodes.last, step.isStep {
        // A comment behind a pipe goes before it: the pipe begins the next line then.
        line.nodes[line.nodes.count - 1] = node
        line.nodes.append(step.beginningLine)
      } else {
        line.nodes.append(node)
      }
    }
    let comments = line.comments
    if line.nodes.isEmpty { group.dangling = comments }
    finish(group)
    if group.kind.holdsLines, opening < index, atoms[opening].newlines > 0 {
      group.wantsLines = true
    }
    group.settle()
  }

  private func isClosing(_ index: Int) -> Bool {
    let atom = atoms[index]
    return atom.is(.closeParenthesis) && !plainParentheses.contains(index)
      || atom.is(.closeBracket) || atom.is(.closeBrace)
  }

  /// The next token, comments aside.
  private var following: Int? { atoms.indices[index...].first { !atoms[$0].isComment } }

  /// Whether only comments stand before the closing bracket.
  private func atClosing() -> Bool {
    following.map(isClosing) ?? false
  }

  /// Whether a statement or an arm begins here.
  private func begins(_ atom: Atom, in group: Group) -> Bool {
    switch group.kind {
    case .block: shape.statements.contains(atom.start)
    case .arms: shape.arms.contains(atom.start)
    default: false
    }
  }

  /// Whether a line's nodes end before an atom.
  private func ends(before index: Int?, in group: Group) -> Bool {
    guard let index else { return true }
    if isClosing(index) { return true }
    let atom = atoms[index]
    if atom.is(.comma), group.kind != .block, group.kind != .single { return true }
    return begins(atom, in: group)
  }

  /// Puts a comment above, behind or below a line; false where it stands in the midst of one.
  private func place(
    _ atom: Atom, in group: Group, _ line: inout Line, isFirst: Bool
  ) -> Bool {
    if line.nodes.isEmpty {
      if atom.newlines == 0, isFirst, !group.open.isEmpty {
        group.openComment = atom.text
      } else if atom.newlines == 0, line.comments.isEmpty, let last = group.lines.indices.last,
        group.lines[last].trailing == nil
      {
        group.lines[last].trailing = atom.text
      } else {
        let isFirst = line.comments.isEmpty && group.lines.isEmpty && group.openComment == nil
        line.comments.append(
          LineComment(text: atom.text, hasBlankBefore: atom.newlines > 1 && !isFirst))
      }
      return true
    }
    guard ends(before: following, in: group) else { return false }
    if atom.newlines == 0, line.trailing == nil {
      line.trailing = atom.text
    } else {
      // A comment on its own line belongs to what comes.
      group.lines.append(line)
      line = Line()
      line.comments.append(LineComment(text: atom.text, hasBlankBefore: atom.newlines > 1))
    }
    return true
  }

  // MARK: Nodes

  private mutating func read(_ atom: Atom, after previous: Node?) -> Node {
    index += 1
    guard let token = atom.token else {
      return .leaf(Leaf(text: atom.text, role: .comment, newlines: atom.newlines))
    }
    guard case .symbol(let symbol) = token.kind else {
      return .leaf(
        Leaf(text: atom.text, role: role(of: token, previous), newlines: atom.newlines))
    }
    let followsOperand = !shape.bodies.contains(atom.start) && endsOperand(previous)
    switch symbol {
    case .openParenthesis where plainParentheses.contains(index - 1), .closeParenthesis:
      // Tight on both sides.
      return .leaf(Leaf(text: atom.text, role: .range, newlines: atom.newlines))
    case .openParenthesis, .openBracket, .openBrace:
      return .group(group(symbol, atom, previous, followsOperand: followsOperand))
    default:
      let role = role(of: symbol, followsOperand: followsOperand)
      return .leaf(Leaf(text: atom.text, role: role, newlines: atom.newlines))
    }
  }

  private mutating func group(
    _ symbol: Symbol, _ atom: Atom, _ previous: Node?, followsOperand: Bool
  ) -> Group {
    let kind: Group.Kind
    var isTight = followsOperand
    switch symbol {
    case .openParenthesis:
      if case .leaf(let leaf)? = previous, leaf.text == "fn", leaf.role == .word { isTight = true }
      kind = isTight ? .call : .single
    case .openBracket: kind = isTight ? .single : .list
    default:
      isTight = false
      kind =
        armsOpenings.contains(index - 1)
        ? .arms : shape.blocks.contains(atom.start) ? .block : .record
    }
    let close =
      symbol == .openParenthesis ? ")" : symbol == .openBracket ? "]" : "}"
    let group = Group(kind, open: atom.text, close: close, isTight: isTight)
    fill(group)
    index += 1
    return group
  }

  /// Whether a value may end with a node, so that an operator, a call or an index may follow.
  private func endsOperand(_ node: Node?) -> Bool {
    switch node {
    case nil: false
    case .group: true
    case .leaf(let leaf): leaf.role == .operand
    }
  }

  private func role(of token: Token, _ previous: Node?) -> Leaf.Role {
    if case .leaf(let leaf)? = previous, leaf.role == .dot || leaf.role == .fieldDot {
      return .operand
    }
    let next = following.map { atoms[$0] }
    switch token.kind {
    case .name(let name):
      // The word before the step of a range.
      if name == "by", let next, shape.steps.contains(next.start) { return .word }
      return .operand
    case .keyword(let keyword):
      switch keyword {
      case .true, .false, .none: return .operand
      case .or: return .operation(1)
      case .and: return .operation(2)
      case .in: return .operation(4)
      default: return next?.is(.colon) ?? false ? .operand : .word
      }
    default: return .operand
    }
  }

  private func role(of symbol: Symbol, followsOperand: Bool) -> Leaf.Role {
    switch symbol {
    case .comma: .comma
    case .colon: .colon
    case .dot: followsOperand ? .dot : .fieldDot
    case .range, .closedRange: followsOperand ? .range : .prefix
    case .pipe: .pipe
    case .minus where !followsOperand: .prefix
    case .bar: .operation(3)
    case .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .approximately, .tolerance:
      .operation(4)
    case .coalesce: .operation(5)
    case .plus, .minus: .operation(6)
    case .star, .slash, .floorDivide, .percent: .operation(7)
    case .power: .operation(8)
    default: .binding
    }
  }
}
