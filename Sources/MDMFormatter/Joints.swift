/// Where a line that is too long is broken first.
struct Joints {
  enum Kind {
    /// The commas of a statement: of `assert`, `param` and `use`.
    case commas
    /// Pipes, or the dots of several calls: they begin lines.
    case steps
    /// `and` and `or`.
    case conditions
    /// All other operators; all end lines.
    case operators
  }

  let kind: Kind
  /// The first nodes of the lines that follow.
  let positions: [Int]

  /// The loosest joints of some nodes, brackets left whole.
  static func find(_ nodes: ArraySlice<Node>) -> Joints? {
    // The name that is bound stays with the begin of its value.
    let start =
      nodes.lastIndex { $0.role == .binding } ?? nodes.startIndex
    var commas: [Int] = []
    var pipes: [Int] = []
    var calls: [Int] = []
    var operators: [Int: [Int]] = [:]
    let isLoop = nodes.first?.text == "for"
    for index in nodes.indices where index > start {
      switch nodes[index].role {
      case .comma where !isLoop: commas.append(index + 1)
      case .pipe: pipes.append(index)
      case .dot where index + 2 < nodes.endIndex && nodes[index + 2].group?.kind == .call:
        calls.append(index)
      // A power is no joint, nor is the `in` of a loop.
      case .operation(let level) where level < 8 && !(isLoop && nodes[index].text == "in"):
        operators[level, default: []].append(index + 1)
      default: break
      }
    }
    if !commas.isEmpty { return Joints(.commas, commas, nodes) }
    if !pipes.isEmpty { return Joints(.steps, pipes, nodes) }
    if let loosest = operators.min(by: { $0.key < $1.key }) {
      return Joints(loosest.key < 3 ? .conditions : .operators, loosest.value, nodes)
    }
    return calls.count > 1 ? Joints(.steps, calls, nodes) : nil
  }

  /// Nil where nothing follows the only joint.
  private init?(_ kind: Kind, _ positions: [Int], _ nodes: ArraySlice<Node>) {
    self.kind = kind
    self.positions = positions.filter { $0 < nodes.endIndex }
    if self.positions.isEmpty { return nil }
  }
}

extension Node {
  fileprivate var role: Leaf.Role? {
    if case .leaf(let leaf) = self { return leaf.role }
    return nil
  }

  fileprivate var text: String? {
    if case .leaf(let leaf) = self { return leaf.text }
    return nil
  }
}
