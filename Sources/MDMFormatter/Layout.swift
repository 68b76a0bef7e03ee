/// A token or a comment of a script with what its layout depends on.
struct Leaf {
  /// What a leaf is to its neighbours.
  enum Role: Equatable {
    /// What a value ends with: a name, a literal, a word behind a dot.
    case operand
    /// A reserved word, or a name that stands like one.
    case word
    /// Takes a blank on both sides; lines may break behind it, at the loosest first.
    case operation(Int)
    /// `=`, `+=` and `->`: a blank on both sides, and no break.
    case binding
    /// `|>`: lines may break before it.
    case pipe
    /// `..` between two operands: no blanks.
    case range
    /// A unary minus or a spread: no blank behind.
    case prefix
    case comma
    case colon
    /// The dot before a field.
    case dot
    /// The dot of a `.field` function.
    case fieldDot
    /// A comment inside of a statement.
    case comment
  }

  let text: String
  let role: Role
  /// Line ends before it; 2 stands for more.
  let newlines: Int
}

/// A part of a line: a leaf, or a bracket with what is in it.
enum Node {
  case leaf(Leaf)
  case group(Group)
}

/// A comment on a line of its own.
struct LineComment {
  let text: String
  let hasBlankBefore: Bool
}

/// A statement, an arm or an element, with the comments around it.
struct Line {
  /// The comments on the lines above it.
  var comments: [LineComment] = []
  var nodes: [Node] = []
  /// Whether a blank line stands directly before the nodes.
  var hasBlankBefore = false
  /// The comment at the end of the line.
  var trailing: String?
}

/// A bracket and what stands in it.
final class Group {
  enum Kind {
    /// Arguments, parameters, lists, records: a comma may follow the last element.
    case call, list, record
    /// An index or a value in parentheses.
    case single
    /// Statements.
    case block
    /// The arms of a match.
    case arms

    /// Lines end statements or arms in it.
    var holdsLines: Bool { self == .block || self == .arms }
  }

  let kind: Kind
  let open: String
  let close: String
  /// Whether no blank stands before it.
  let isTight: Bool
  var lines: [Line] = []
  /// The comment behind the opening bracket.
  var openComment: String?
  /// The comments before the closing bracket.
  var dangling: [LineComment] = []
  /// Whether it takes several lines, however short it is.
  var isForced = false
  /// Whether it or something in it takes several lines.
  var spansLines = false
  /// Whether a line end follows the opening bracket, or a comma stands before the closing one.
  var wantsLines = false

  init(_ kind: Kind, open: String, close: String, isTight: Bool) {
    self.kind = kind
    self.open = open
    self.close = close
    self.isTight = isTight
  }

  var isEmpty: Bool { lines.isEmpty && dangling.isEmpty && openComment == nil }

  private var hasComments: Bool {
    openComment != nil || !dangling.isEmpty
      || lines.contains { !$0.comments.isEmpty || $0.trailing != nil }
  }

  /// The list or record that is all there is in it: both brackets then share their lines.
  var onlyBracket: Group? {
    guard kind == .call, !hasComments, lines.count == 1, lines[0].nodes.count <= 2,
      case .group(let inner)? = lines[0].nodes.last, inner.kind == .list || inner.kind == .record
    else { return nil }
    if lines[0].nodes.count == 1 { return inner }
    if case .leaf(let leaf) = lines[0].nodes[0], leaf.text == "mix" { return inner }
    return nil
  }

  /// Whether to write it in several lines can make lines shorter.
  var isWorthBreaking: Bool {
    guard !lines.isEmpty else { return false }
    if lines.count == 1, lines[0].nodes.count == 1, case .leaf = lines[0].nodes[0] { return false }
    return true
  }

  /// Decides `isForced` and `spansLines`, once the groups inside have done so.
  func settle() {
    let nodes = lines.flatMap(\.nodes)
    let contentSpansLines = nodes.contains(where: \.spansLines)
    switch kind {
    case .block: isForced = wantsLines || lines.count > 1 || contentSpansLines
    case .arms: isForced = wantsLines || contentSpansLines
    case .list, .record: isForced = wantsLines && !lines.isEmpty || contentSpansLines
    case .call, .single:
      isForced = wantsLines && !lines.isEmpty || nodes.dropLast().contains { $0.breaksCall() }
      if let last = nodes.last, last.breaksCall(mayHang: kind == .call) { isForced = true }
    }
    if hasComments { isForced = true }
    spansLines = isForced || contentSpansLines
  }
}

extension Node {
  var isComment: Bool {
    if case .leaf(let leaf) = self { return leaf.role == .comment }
    return false
  }

  /// Whether it takes several lines, however short it is.
  var spansLines: Bool {
    switch self {
    case .group(let group): group.spansLines
    case .leaf(let leaf): leaf.breaksLine || leaf.text.contains("\n")
    }
  }

  /// Whether a call around it is to have an argument a line. A function's block does not ask for
  /// that, nor a list or record at the end of the call.
  fileprivate func breaksCall(mayHang: Bool = false) -> Bool {
    switch self {
    case .leaf(let leaf): return leaf.breaksLine
    case .group(let group):
      if mayHang, group.kind == .list || group.kind == .record { return false }
      return group.isForced && !group.kind.holdsLines
    }
  }
}

extension Node {
  /// The same, on a line that it begins.
  var beginningLine: Node {
    guard case .leaf(let leaf) = self else { return self }
    return .leaf(Leaf(text: leaf.text, role: leaf.role, newlines: max(1, leaf.newlines)))
  }
}

extension Leaf {
  /// A line that the script's author began here: a step of a chain.
  var startsLine: Bool { newlines > 0 && (role == .pipe || role == .dot) }

  /// Whether a line ends before or behind it, whatever fits.
  var breaksLine: Bool { startsLine || role == .comment }
}
