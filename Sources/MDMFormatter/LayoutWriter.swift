import MDMSyntax

/// Writes lines within 100 columns: as they fit, else broken at their outermost joints.
struct LayoutWriter {
  static let maximumColumns = 100
  static let indentation = 2

  private(set) var text: [UInt8] = []
  private(set) var column = 0
  /// The indentation of the current line.
  private(set) var indent = 0
  /// Only the columns are counted, and what stands inside broken brackets is left out: it keeps
  /// within its columns by itself.
  private var isMeasuring = false
  private var isTooWide = false

  /// The text of a file.
  static func write(_ file: Group) -> [UInt8] {
    var writer = LayoutWriter()
    for line in file.lines { writer.line(line, at: 0) }
    for comment in file.dangling { writer.comment(comment, at: 0) }
    if !writer.text.isEmpty { writer.text.append(UInt8(ascii: "\n")) }
    return writer.text
  }

  // MARK: Text

  private mutating func put(_ string: String) {
    if let last = string.lastIndex(of: "\n") {
      // The lines of a string are not ours to break; only where it begins counts.
      column += string.prefix { $0 != "\n" }.unicodeScalars.count
      check()
      column = string[string.index(after: last)...].unicodeScalars.count
    } else {
      for scalar in string.unicodeScalars { column += DisplayWidth.columns(scalar) }
      check()
    }
    if !isMeasuring { text += Array(string.utf8) }
  }

  private mutating func check() {
    if column > Self.maximumColumns { isTooWide = true }
  }

  private mutating func newline(_ indent: Int) {
    self.indent = indent
    column = indent
    guard !isMeasuring else { return }
    if !text.isEmpty { text.append(UInt8(ascii: "\n")) }
    text += Array(repeating: UInt8(ascii: " "), count: indent)
  }

  private mutating func blankLine() {
    if !isMeasuring, !text.isEmpty { text.append(UInt8(ascii: "\n")) }
  }

  /// A comment at the end of a line may be as long as it likes.
  private mutating func trailing(_ comment: String?) {
    guard let comment else { return }
    let wasTooWide = isTooWide
    put("  " + comment)
    isTooWide = wasTooWide
  }

  private mutating func comment(_ comment: LineComment, at indent: Int) {
    if comment.hasBlankBefore { blankLine() }
    newline(indent)
    let wasTooWide = isTooWide
    put(comment.text)
    isTooWide = wasTooWide
  }

  // MARK: Lines

  private mutating func line(_ line: Line, at indent: Int, suffix: String = "") {
    for comment in line.comments { self.comment(comment, at: indent) }
    if line.hasBlankBefore { blankLine() }
    newline(indent)
    emit(line.nodes[...], suffix: suffix.utf8.count)
    put(suffix)
    trailing(line.trailing)
  }

  /// Writes nodes, broken where they do not fit.
  ///
  /// - Parameter suffix: how many columns must stay free behind them.
  private mutating func emit(_ nodes: ArraySlice<Node>, suffix: Int) {
    write(nodes, BreakPlan.make(nodes, suffix, self), indent)
  }

  /// Whether nodes with these breaks keep within the columns, from a place on a line on.
  func fits(
    _ nodes: ArraySlice<Node>, _ breaks: Breaks, base: Int, column: Int, suffix: Int
  ) -> Bool {
    var probe = LayoutWriter()
    probe.column = column
    probe.indent = indent
    probe.isMeasuring = true
    probe.write(nodes, breaks, base)
    return !probe.isTooWide && probe.column + suffix <= Self.maximumColumns
  }

  /// Writes nodes with these breaks and those that must be.
  mutating func write(_ nodes: ArraySlice<Node>, _ breaks: Breaks, _ base: Int) {
    let steps = base + Self.indentation
    // What goes on before a block stands further in than the block's lines.
    let hasBlocks = nodes.contains { $0.group?.kind.holdsLines ?? false }
    var inner = base + Self.indentation * (hasBlocks ? 2 : 1)
    // The branches of a chain of blocks look alike.
    let hasChain = nodes.contains(where: \.continuesBlock)
    let isOpen = nodes.contains { $0.group?.kind == .block && $0.group?.isForced == true }
    let blocks = breaks.blocks || hasChain && isOpen
    // A block's lines stand below the line that its statement or step begins on.
    var blockIndent = base
    var previous: Node?
    for index in nodes.indices {
      let node = nodes[index]
      let begins = breaks.before[index] ?? node.stepIndent(steps)
      if node.isStep, begins != nil {
        blockIndent = steps
        inner = steps + Self.indentation
      }
      if case .leaf(let leaf) = node, leaf.role == .comment {
        if leaf.newlines > 0 || previous?.isComment ?? false {
          let next = nodes[index...].first { !$0.isComment }
          let at = next?.stepIndent(steps) ?? inner
          comment(LineComment(text: leaf.text, hasBlankBefore: false), at: at)
        } else {
          trailing(leaf.text)
        }
        previous = node
        continue
      }
      if let previous {
        if let begins {
          newline(begins)
        } else if previous.isComment {
          newline(inner)
        } else if Spacing.isBlank(between: previous, node) {
          put(" ")
        }
      }
      switch node {
      case .leaf(let leaf): put(leaf.text)
      case .group(let group):
        let isBroken =
          group.isForced || breaks.brackets.contains(index) || blocks && group.kind.holdsLines
        if isBroken {
          broken(group, at: group.kind.holdsLines ? blockIndent : indent)
        } else {
          flat(group)
        }
      }
      previous = node
    }
  }

  // MARK: Brackets

  private mutating func flat(_ group: Group) {
    let pad = group.kind.holdsLines && !group.lines.isEmpty ? " " : ""
    put(group.open + pad)
    for (index, line) in group.lines.enumerated() {
      if index > 0 { put(", ") }
      write(line.nodes[...], Breaks(), indent)
    }
    put(pad + group.close)
  }

  private mutating func broken(_ group: Group, at outer: Int) {
    if group.isEmpty { return put(group.open + group.close) }
    put(group.open)
    if let only = group.onlyBracket {
      write(group.lines[0].nodes.dropLast(), Breaks(), outer)
      if group.lines[0].nodes.count > 1 { put(" ") }
      broken(only, at: outer)
      return put(group.close)
    }
    trailing(group.openComment)
    if !isMeasuring {
      let takesComma = group.kind == .call || group.kind == .list || group.kind == .record
      for line in group.lines {
        self.line(line, at: outer + Self.indentation, suffix: takesComma ? "," : "")
      }
      for comment in group.dangling { self.comment(comment, at: outer + Self.indentation) }
    }
    newline(outer)
    put(group.close)
  }
}

extension Node {
  var group: Group? {
    if case .group(let group) = self { return group }
    return nil
  }

  /// A pipe or a dot: what may begin a line.
  var isStep: Bool {
    if case .leaf(let leaf) = self { return leaf.role == .pipe || leaf.role == .dot }
    return false
  }

  /// Where it stands if the script's author began a line with it.
  fileprivate func stepIndent(_ indent: Int) -> Int? {
    if case .leaf(let leaf) = self, leaf.startsLine { return indent }
    return nil
  }

  /// `else` and `catch` stand on the line of the brace before them.
  fileprivate var continuesBlock: Bool {
    if case .leaf(let leaf) = self { return leaf.text == "else" || leaf.text == "catch" }
    return false
  }
}
