/// Where blanks stand.
enum Spacing {
  static func isBlank(between left: Node, _ right: Node) -> Bool {
    switch right {
    case .group(let group) where group.isTight:
      // Behind `60%` a bracket would make it a remainder.
      if case .leaf(let before) = left, before.text.hasSuffix("%") { return true }
      return false
    case .group: break
    case .leaf(let leaf):
      switch leaf.role {
      case .comma, .colon, .dot, .range: return false
      case .fieldDot:
        // `..` and `.` would be read as one sign.
        if case .leaf(let before) = left, before.role == .range || before.text == ".." {
          return true
        }
      default: break
      }
    }
    guard case .leaf(let leaf) = left else { return true }
    switch leaf.role {
    case .prefix, .dot, .fieldDot, .range: return false
    default: return true
    }
  }
}
