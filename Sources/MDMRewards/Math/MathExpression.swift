/// What an answer says, as a tree.
indirect enum MathExpression: Hashable, Sendable {
  /// A number; where it was written with a point, how many decimals it has and how many digits count.
  case number(Fraction, Decimals?)
  case symbol(String)
  case constant(Constant)
  case sum([MathExpression])
  case product([MathExpression])
  case quotient(MathExpression, MathExpression)
  case power(MathExpression, MathExpression)
  /// A root as `\sqrt[n]{x}` writes it: for odd n that of a negative number is negative.
  case root(MathExpression, Int)
  case function(String, [MathExpression])
  /// `a ± b`, or `a ∓ b`.
  case plusMinus(MathExpression, MathExpression, isFlipped: Bool)
  case percent(MathExpression)
  case unit(MathExpression, String)
  case text(String)
  /// `(a, b)`, ordered.
  case tuple([MathExpression])
  /// `a, b` or `{a, b}`, without an order.
  case list([MathExpression])
  case interval(MathExpression, MathExpression, closedLow: Bool, closedHigh: Bool)
  case union([MathExpression])
  case chain([MathExpression], [Relation])
  case matrix([[MathExpression]])
  /// `a : b`.
  case ratio([MathExpression])

  struct Decimals: Hashable, Sendable {
    let decimals: Int
    let significant: Int
  }

  enum Constant: Hashable, Sendable {
    case pi, e, i, infinity
  }

  enum Relation: Hashable, Sendable {
    case equal, approximate, unequal, less, lessOrEqual, greater, greaterOrEqual, element

    var flipped: Relation {
      switch self {
      case .less: .greater
      case .lessOrEqual: .greaterOrEqual
      case .greater: .less
      case .greaterOrEqual: .lessOrEqual
      default: self
      }
    }
  }

  static func negative(_ expression: MathExpression) -> MathExpression {
    switch expression {
    case .number(let value, let decimals): return .number(value.negated, decimals)
    case .percent(let inner): return .percent(negative(inner))
    case .unit(let inner, let name): return .unit(negative(inner), name)
    default: return .product([.number(Fraction(-1), nil), expression])
    }
  }

  /// The parts directly inside.
  var children: [MathExpression] {
    switch self {
    case .number, .symbol, .constant, .text: []
    case .sum(let parts), .product(let parts), .function(_, let parts), .tuple(let parts),
      .list(let parts), .union(let parts), .chain(let parts, _), .ratio(let parts):
      parts
    case .quotient(let a, let b), .power(let a, let b), .plusMinus(let a, let b, _),
      .interval(let a, let b, _, _):
      [a, b]
    case .root(let a, _), .percent(let a), .unit(let a, _): [a]
    case .matrix(let rows): rows.flatMap { $0 }
    }
  }

  /// The same with its parts replaced.
  func mapped(_ change: (MathExpression) -> MathExpression) -> MathExpression {
    switch self {
    case .number, .symbol, .constant, .text: self
    case .sum(let parts): .sum(parts.map(change))
    case .product(let parts): .product(parts.map(change))
    case .quotient(let a, let b): .quotient(change(a), change(b))
    case .power(let a, let b): .power(change(a), change(b))
    case .root(let a, let n): .root(change(a), n)
    case .function(let name, let parts): .function(name, parts.map(change))
    case .plusMinus(let a, let b, let isFlipped):
      .plusMinus(change(a), change(b), isFlipped: isFlipped)
    case .percent(let a): .percent(change(a))
    case .unit(let a, let name): .unit(change(a), name)
    case .tuple(let parts): .tuple(parts.map(change))
    case .list(let parts): .list(parts.map(change))
    case .interval(let a, let b, let low, let high):
      .interval(change(a), change(b), closedLow: low, closedHigh: high)
    case .union(let parts): .union(parts.map(change))
    case .chain(let parts, let relations): .chain(parts.map(change), relations)
    case .matrix(let rows): .matrix(rows.map { $0.map(change) })
    case .ratio(let parts): .ratio(parts.map(change))
    }
  }

  func contains(_ test: (MathExpression) -> Bool) -> Bool {
    test(self) || children.contains { $0.contains(test) }
  }

  var hasPlusMinus: Bool { contains { if case .plusMinus = $0 { true } else { false } } }
  var hasSymbols: Bool {
    contains {
      switch $0 {
      case .symbol, .text: true
      case .constant(.infinity): true
      default: false
      }
    }
  }
  var hasMatrix: Bool { contains { if case .matrix = $0 { true } else { false } } }

  /// With every ± read as + or as -.
  func resolved(upper: Bool) -> MathExpression {
    if case .plusMinus(let a, let b, let isFlipped) = self {
      let (x, y) = (a.resolved(upper: upper), b.resolved(upper: upper))
      return .sum([x, upper != isFlipped ? y : .negative(y)])
    }
    return mapped { $0.resolved(upper: upper) }
  }

  /// Letters, functions of anything, and products and quotients of them: what a value is given to.
  var isName: Bool {
    switch self {
    case .symbol, .text, .function: true
    case .product(let parts), .ratio(let parts), .tuple(let parts): parts.allSatisfy(\.isName)
    case .quotient(let a, let b): a.isName && b.isName
    case .root(let a, _): a.isName
    case .unit(let a, _): a.isName
    default: false
    }
  }
}
