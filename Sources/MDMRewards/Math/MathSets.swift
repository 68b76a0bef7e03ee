/// Inequalities as sets, and arithmetic of matrices.
enum MathSets {
  static func isInfinite(_ expression: MathExpression) -> Bool {
    expression.contains { $0 == .constant(.infinity) }
  }

  private static var infinity: MathExpression { .constant(.infinity) }

  /// The set of values that an inequality leaves to the one name in it; nil where there is none.
  static func set(of expression: MathExpression) -> MathExpression? {
    guard case .chain(let parts, let relations) = expression,
      !relations.contains(where: { $0 == .equal || $0 == .approximate || $0 == .element })
    else { return nil }
    let names = parts.indices.filter { parts[$0].isName && parts[$0].hasSymbols }
    guard names.count == 1, let place = names.first,
      parts.indices.allSatisfy({ $0 == place || !parts[$0].hasSymbols || isInfinite(parts[$0]) })
    else { return nil }
    var low: (MathExpression, Bool)?
    var high: (MathExpression, Bool)?
    for (index, link) in relations.enumerated() {
      guard index == place || index + 1 == place else { return nil }
      let other = index == place ? parts[index + 1] : parts[index]
      // As `name relation other`.
      switch index == place ? link : link.flipped {
      case .less: high = (other, false)
      case .lessOrEqual: high = (other, true)
      case .greater: low = (other, false)
      case .greaterOrEqual: low = (other, true)
      case .unequal:
        return .union([
          .interval(.negative(infinity), other, closedLow: false, closedHigh: false),
          .interval(other, infinity, closedLow: false, closedHigh: false),
        ])
      default: return nil
      }
    }
    let upper = high ?? (infinity, false)
    if case .function("abs", _) = parts[place] {
      guard let low else {
        return .interval(.negative(upper.0), upper.0, closedLow: upper.1, closedHigh: upper.1)
      }
      return .union([
        .interval(.negative(upper.0), .negative(low.0), closedLow: upper.1, closedHigh: low.1),
        .interval(low.0, upper.0, closedLow: low.1, closedHigh: upper.1),
      ])
    }
    let lower = low ?? (.negative(infinity), false)
    return .interval(lower.0, upper.0, closedLow: lower.1, closedHigh: upper.1)
  }

  /// The union of what inequalities of one name leave to it; nil where they are others.
  static func union(of parts: [MathExpression]) -> MathExpression? {
    var sets: [MathExpression] = []
    var names: Set<MathExpression> = []
    for part in parts {
      guard case .chain(let members, _) = part, let set = set(of: part) else { return nil }
      names.formUnion(members.filter { $0.isName && $0.hasSymbols })
      if case .union(let inner) = set { sets += inner } else { sets.append(set) }
    }
    return sets.count > 1 && names.count == 1 ? .union(sets) : nil
  }

  /// A sum, product or quotient with matrices in it as one matrix; nil where the shapes do not fit.
  static func matrix(_ expression: MathExpression) -> MathExpression? {
    switch expression {
    case .matrix: return expression
    case .sum(let parts):
      guard var total = parts.first.flatMap(matrix) else { return nil }
      for part in parts.dropFirst() {
        guard case .matrix(let a) = total, case .matrix(let b)? = matrix(part), a.count == b.count,
          a[0].count == b[0].count
        else { return nil }
        total = .matrix(zip(a, b).map { zip($0, $1).map { .sum([$0, $1]) } })
      }
      return total
    case .product(let parts):
      var total: MathExpression?
      // Entries grow by the width with every product: a few are enough for answers.
      guard parts.count(where: \.hasMatrix) <= 4 else { return nil }
      for part in parts {
        let next = part.hasMatrix ? matrix(part) : part
        guard let next else { return nil }
        guard let before = total else {
          total = next
          continue
        }
        switch (before, next) {
        case (.matrix(let a), .matrix(let b)):
          guard a[0].count == b.count, a.count <= 6, b.count <= 6, b[0].count <= 6 else {
            return nil
          }
          total = .matrix(
            a.map { row in
              b[0].indices.map { column in
                .sum(row.indices.map { .product([row[$0], b[$0][column]]) })
              }
            })
        case (.matrix(let a), let factor), (let factor, .matrix(let a)):
          total = .matrix(a.map { $0.map { .product([factor, $0]) } })
        default: total = .product([before, next])
        }
      }
      return total
    case .quotient(let a, let b):
      guard case .matrix(let rows)? = matrix(a), !b.hasMatrix else { return nil }
      return .matrix(rows.map { $0.map { .quotient($0, b) } })
    default: return nil
    }
  }
}
