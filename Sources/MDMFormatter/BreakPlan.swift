/// Which joints of a sequence of nodes are broken.
struct Breaks {
  /// The blocks and arms of the sequence stand on lines of their own.
  var blocks = false
  /// The brackets that have an element a line, by their positions.
  var brackets: Set<Int> = []
  /// The nodes that begin lines, with their indentations.
  var before: [Int: Int] = [:]
}

/// Finds the fewest and outermost breaks that make nodes fit.
struct BreakPlan {
  /// A bracket with less in it is not broken to save the operators before it.
  private static let worthwhileColumns = 20

  private let nodes: ArraySlice<Node>
  private let writer: LayoutWriter
  private let base: Int
  private var breaks = Breaks()

  static func make(_ nodes: ArraySlice<Node>, _ suffix: Int, _ writer: LayoutWriter) -> Breaks {
    var plan = BreakPlan(nodes: nodes, writer: writer, base: writer.indent)
    if plan.fits(nodes.indices, writer.column, suffix) { return plan.breaks }
    let hasBlocks = nodes.contains { $0.group?.kind.holdsLines ?? false }
    if hasBlocks {
      plan.breaks.blocks = true
      if plan.fits(nodes.indices, writer.column, suffix) { return plan.breaks }
    }
    plan.split(
      nodes.indices, writer.column, suffix,
      inner: plan.base + LayoutWriter.indentation * (hasBlocks ? 2 : 1))
    return plan.breaks
  }

  private init(nodes: ArraySlice<Node>, writer: LayoutWriter, base: Int) {
    self.nodes = nodes
    self.writer = writer
    self.base = base
  }

  private func fits(_ range: Range<Int>, _ column: Int, _ suffix: Int) -> Bool {
    fits(range, column, suffix, breaks)
  }

  private func fits(_ range: Range<Int>, _ column: Int, _ suffix: Int, _ breaks: Breaks) -> Bool {
    writer.fits(nodes[range], breaks, base: base, column: column, suffix: suffix)
  }

  /// Breaks a stretch that does not fit.
  private mutating func split(_ range: Range<Int>, _ column: Int, _ suffix: Int, inner: Int) {
    let joints = Joints.find(nodes[range])
    if joints?.kind != .steps, joints?.kind != .commas, joints?.kind != .conditions,
      breakFavourite(range, column, suffix)
    {
      return
    }
    guard let joints else { return breakBrackets(range, column, suffix) }
    let isChain = joints.kind == .steps
    let at = isChain ? base + LayoutWriter.indentation : inner
    for position in joints.positions { breaks.before[position] = at }
    var start = range.lowerBound
    for end in joints.positions + [range.upperBound] {
      let from = start == range.lowerBound ? column : at
      let free = end == range.upperBound ? suffix : 0
      if !fits(start..<end, from, free) {
        split(
          start..<end, from, free, inner: isChain ? at + LayoutWriter.indentation : inner)
      }
      start = end
    }
  }

  /// Breaks the last bracket of a stretch, or a function's parameters, where that suffices.
  private mutating func breakFavourite(
    _ range: Range<Int>, _ column: Int, _ suffix: Int
  ) -> Bool {
    var candidates = [range.upperBound - 1]
    if let word = range.first(where: { nodes[$0].isWord("fn") }), word <= range.lowerBound + 2 {
      candidates.append(contentsOf: range.filter { $0 > word && nodes[$0].group != nil }.prefix(1))
    }
    for position in candidates {
      guard let group = nodes[position].group, !group.kind.holdsLines, group.isWorthBreaking,
        !fits(position..<position + 1, LayoutWriter.maximumColumns - Self.worthwhileColumns, 0)
      else { continue }
      var one = breaks
      one.brackets.insert(position)
      if fits(range, column, suffix, one) {
        breaks = one
        return true
      }
    }
    return false
  }

  /// Breaks one bracket if that suffices, else all.
  private mutating func breakBrackets(_ range: Range<Int>, _ column: Int, _ suffix: Int) {
    let brackets = range.filter {
      guard let group = nodes[$0].group else { return false }
      return !group.kind.holdsLines && group.isWorthBreaking
    }
    for bracket in brackets.reversed() {
      var one = breaks
      one.brackets.insert(bracket)
      if fits(range, column, suffix, one) {
        breaks = one
        return
      }
    }
    breaks.brackets.formUnion(brackets)
  }
}

extension Node {
  fileprivate func isWord(_ text: String) -> Bool {
    if case .leaf(let leaf) = self { return leaf.role == .word && leaf.text == text }
    return false
  }
}
