/// Whether an answer in mathematics says what the reference says.
struct MathJudge {
  enum Units: String {
    case agree, require, ignore
  }

  private let scalars: MathScalars
  private let units: Units
  private var fuel: MathFuel { scalars.fuel }

  /// The steps that one comparison may take.
  static let steps = 200_000

  init(units: Units = .agree, tolerance: Double = 0, digits: Int = 6, steps: Int = MathJudge.steps)
  {
    scalars = MathScalars(fuel: MathFuel(steps), digits: digits, tolerance: tolerance)
    self.units = units
  }

  /// Whether two texts are equal as expressions, or as texts where one of them states none.
  func accepts(_ given: String, _ gold: String) -> Bool {
    if given.utf8.count > 1 << 20 || gold.utf8.count > 1 << 20 { return false }
    let (a, b) = (MathText.plain(given), MathText.plain(gold))
    // `\left` alone says little, but it says the same.
    if a == b { return !a.isEmpty || given == gold && given.contains { $0.isLetter } }
    let (xs, ys) = (Self.readings(given), Self.readings(gold))
    for x in xs {
      for y in ys where areEqual(x, y) { return true }
    }
    return (xs.isEmpty || ys.isEmpty) && a.count > 1 && a.lowercased() == b.lowercased()
  }

  /// What a text may say: `1,2` in plain text is a decimal and a list.
  private static func readings(_ text: String) -> [MathExpression] {
    guard let first = MathParser.parse(text) else { return [] }
    guard text.utf8.contains(UInt8(ascii: ",")), !text.contains("\\"), !text.contains("$"),
      let second = MathParser.parse("$\(text)$"), second != first
    else { return [first] }
    return [first, second]
  }

  func areEqual(_ given: MathExpression, _ gold: MathExpression) -> Bool {
    guard fuel.spend() else { return false }
    let (a, b) = (Self.prepared(given), Self.prepared(gold))
    if a == b { return true }
    switch (a, b) {
    case (.chain, .chain): return areEqualChains(a, b)
    case (.chain(let parts, let relations), _):
      if relations.last == .element, let set = parts.last { return areEqual(set, b) }
      if let set = MathSets.set(of: a) { return areEqual(set, b) }
      guard let value = assigned(parts, relations, isStrict: true) else { return false }
      return areEqual(value, b)
    case (_, .chain(let parts, let relations)):
      if relations.last == .element, let set = parts.last { return areEqual(a, set) }
      if let set = MathSets.set(of: b) { return areEqual(a, set) }
      guard let value = assigned(parts, relations, isStrict: false) else { return false }
      return areEqual(a, value)
    case (.list(let xs), .list(let ys)), (.union(let xs), .union(let ys)):
      return areEqualSets(xs, ys)
    case (.list(let xs), _) where xs.count == 1: return areEqual(xs[0], b)
    case (_, .list(let ys)) where ys.count == 1: return areEqual(a, ys[0])
    case (.list(let xs), .union), (.list(let xs), .interval):
      // `x > 2 or x < -2` is the union of what each leaves.
      return MathSets.union(of: xs).map { areEqual($0, b) } ?? false
    case (.union, .list(let ys)), (.interval, .list(let ys)):
      return MathSets.union(of: ys).map { areEqual(a, $0) } ?? false
    case (.list, _), (_, .list), (.union, _), (_, .union): return false
    case (.interval(let l1, let h1, let cl1, let ch1), .interval(let l2, let h2, let cl2, let ch2)):
      return (cl1 == cl2 || MathSets.isInfinite(l1)) && (ch1 == ch2 || MathSets.isInfinite(h1))
        && areEqual(l1, l2) && areEqual(h1, h2)
    case (.interval(let low, let high, false, false), .tuple(let parts)),
      (.tuple(let parts), .interval(let low, let high, false, false)):
      guard parts.count == 2 else { return false }
      return areEqual(parts[0], low) && areEqual(parts[1], high)
    case (.tuple(let xs), .tuple(let ys)), (.ratio(let xs), .ratio(let ys)):
      if xs.count == ys.count, zip(xs, ys).allSatisfy({ areEqual($0, $1) }) { return true }
      // 14:64 is 7:32.
      guard case .ratio = a, xs.count == 2, ys.count == 2, scalars.number(ys[1])?.size != 0 else {
        return false
      }
      return scalars.areEqual(a, b)
    case (.matrix(let xs), .matrix(let ys)):
      guard xs.count == ys.count, xs[0].count == ys[0].count else { return false }
      return zip(xs, ys).allSatisfy { zip($0, $1).allSatisfy { areEqual($0, $1) } }
    case (.matrix(let rows), .tuple(let parts)), (.tuple(let parts), .matrix(let rows)):
      guard rows.count == 1 || rows[0].count == 1 else { return false }
      let entries = rows.flatMap { $0 }
      return entries.count == parts.count && zip(entries, parts).allSatisfy { areEqual($0, $1) }
    case (.interval, _), (_, .interval), (.tuple, _), (_, .tuple), (.matrix, _), (_, .matrix):
      return false
    default: return areEqualValues(a, b)
    }
  }

  // MARK: Values with units, percentages and words

  private func areEqualValues(_ a: MathExpression, _ b: MathExpression) -> Bool {
    if let x = MathText.words(a), let y = MathText.words(b) {
      if x == y || x.count > 1 && x.lowercased() == y.lowercased() { return true }
    }
    switch (a, b) {
    case (.unit(let x, let u), .unit(let y, let v)):
      return (units == .ignore || MathText.unit(u) == MathText.unit(v)) && areEqual(x, y)
    case (.unit(let x, let u), _):
      if let (y, v) = MathText.unitLetters(b) { return areEqualValues(.unit(x, u), .unit(y, v)) }
      return units != .require && areEqual(x, b)
    case (_, .unit(let y, let v)):
      if let (x, u) = MathText.unitLetters(a) { return areEqualValues(.unit(x, u), .unit(y, v)) }
      return units != .require && areEqual(a, y)
    case (.percent(let x), .percent(let y)): return areEqual(x, y)
    case (.percent(let x), _):
      if units != .require, areEqual(x, b) { return true }
      return scalars.areEqual(a, b)
    case (_, .percent(let y)):
      if units != .require, areEqual(a, y) { return true }
      return scalars.areEqual(a, b)
    default: break
    }
    if case .text = a { return false }
    if case .text = b { return false }
    if scalars.areEqual(a, b) { return true }
    // `5 m` without `\text`: letters of a unit beside a number, against a number alone.
    guard units != .require else { return false }
    if !b.hasSymbols, let (number, _) = MathText.unitLetters(a) { return areEqual(number, b) }
    if !a.hasSymbols, let (number, _) = MathText.unitLetters(b) { return areEqual(a, number) }
    return false
  }

  // MARK: Sets

  private func areEqualSets(_ xs: [MathExpression], _ ys: [MathExpression]) -> Bool {
    // A set has each element once, however often it is written.
    let (xs, ys) = (distinct(xs), distinct(ys))
    guard xs.count == ys.count else { return false }
    var left = ys
    for x in xs {
      guard let match = left.firstIndex(where: { areEqual(x, $0) }) else { return false }
      left.remove(at: match)
    }
    return true
  }

  private func distinct(_ parts: [MathExpression]) -> [MathExpression] {
    var seen: Set<MathExpression> = []
    return parts.filter { seen.insert($0).inserted }
  }

  // MARK: Equations and inequalities

  /// The value that an equation gives to a name: `x = 5`, `5 + 6 = 11`.
  ///
  /// - Parameter isStrict: Whether every other number of the chain has to be the same. Otherwise
  ///   `1 = 2 = 3` would be a way to give three answers.
  private func assigned(
    _ parts: [MathExpression], _ relations: [MathExpression.Relation], isStrict: Bool
  ) -> MathExpression? {
    guard relations.allSatisfy({ $0 == .equal || $0 == .approximate }) else { return nil }
    // What stands before `≈` is exact.
    let end = relations.dropFirst().firstIndex(of: .approximate) ?? relations.count
    let value = parts[end]
    if !isStrict, end > 1 { return value }
    for part in parts[..<end] where !part.isName {
      guard !part.hasSymbols, areEqual(part, value) else { return nil }
    }
    return value
  }

  private func areEqualChains(_ a: MathExpression, _ b: MathExpression) -> Bool {
    guard case .chain(let xs, let rs) = a, case .chain(let ys, let qs) = b else { return false }
    if rs.last == .element || qs.last == .element {
      guard let x = rs.last == .element ? xs.last : MathSets.set(of: a),
        let y = qs.last == .element ? ys.last : MathSets.set(of: b)
      else { return false }
      return areEqual(x, y)
    }
    let isEquation = { (relations: [MathExpression.Relation]) in
      relations.allSatisfy { $0 == .equal || $0 == .approximate }
    }
    guard isEquation(rs) == isEquation(qs) else { return false }
    guard isEquation(rs) else { return areEqualConstraints(xs, rs, ys, qs) }
    if xs[0].isName, ys[0].isName, let x = assigned(xs, rs, isStrict: true),
      let y = assigned(ys, qs, isStrict: false)
    {
      if isSameName(xs[0], ys[0], values: [x, y]) { return areEqual(x, y) }
    }
    guard xs.count == 2, ys.count == 2, a.hasSymbols, b.hasSymbols else { return false }
    guard Self.isScalar(xs), Self.isScalar(ys) else {
      return areEqual(xs[0], ys[0]) && areEqual(xs[1], ys[1])
    }
    return scalars.areProportional(Self.difference(xs[0], xs[1]), Self.difference(ys[0], ys[1]))
  }

  /// `f(x)` and `f(n)` name the same where the value does not depend on it.
  private func isSameName(
    _ a: MathExpression, _ b: MathExpression, values: [MathExpression]
  ) -> Bool {
    if a == b || scalars.areEqual(a, b) { return true }
    guard case .product(let x) = a, case .product(let y) = b, x.count == 2, y.count == 2 else {
      return false
    }
    return x[0] == y[0] && !values.contains(where: \.hasSymbols)
  }

  private static func isScalar(_ parts: [MathExpression]) -> Bool {
    parts.allSatisfy { part in
      switch part {
      case .tuple, .list, .interval, .union, .matrix, .chain: false
      default: true
      }
    }
  }

  private static func difference(_ a: MathExpression, _ b: MathExpression) -> MathExpression {
    .sum([a, .negative(b)])
  }

  private func areEqualConstraints(
    _ xs: [MathExpression], _ rs: [MathExpression.Relation], _ ys: [MathExpression],
    _ qs: [MathExpression.Relation]
  ) -> Bool {
    guard rs.count == qs.count, Self.isScalar(xs), Self.isScalar(ys) else { return false }
    // Each link as `difference > 0`.
    func links(_ parts: [MathExpression], _ relations: [MathExpression.Relation]) -> [(
      MathExpression, Int
    )] {
      relations.enumerated().map { index, relation in
        let (low, high) = (parts[index], parts[index + 1])
        switch relation {
        case .less: return (Self.difference(high, low), 0)
        case .lessOrEqual: return (Self.difference(high, low), 1)
        case .greater: return (Self.difference(low, high), 0)
        case .greaterOrEqual: return (Self.difference(low, high), 1)
        case .unequal: return (Self.difference(low, high), 2)
        default: return (Self.difference(low, high), 3)
        }
      }
    }
    var left = links(ys, qs)
    for (difference, kind) in links(xs, rs) {
      let match = left.firstIndex { other, otherKind in
        guard kind == otherKind, difference.hasSymbols, other.hasSymbols else { return false }
        return scalars.areProportional(difference, other, positive: kind < 2)
      }
      guard let match else { return false }
      left.remove(at: match)
    }
    return true
  }

  // MARK: Preparation

  /// ± as two values, lists flat, sums and products of matrices done.
  private static func prepared(_ expression: MathExpression) -> MathExpression {
    switch expression {
    case .list(let parts):
      var flat: [MathExpression] = []
      for part in parts {
        let inner = prepared(part)
        if case .list(let items) = inner { flat += items } else { flat.append(inner) }
      }
      return named(flat)
    case .union(let parts):
      return .union(
        parts.flatMap { part -> [MathExpression] in
          if case .union(let inner) = part { inner } else { [part] }
        })
    case .tuple(let parts) where parts.count == 1: return prepared(parts[0])
    case .chain(let parts, let relations):
      // `x = 1, 2`: a list behind a name is what the name may be.
      if relations == [.equal], case .list? = parts.last { return prepared(parts[1]) }
      if expression.hasPlusMinus {
        return prepared(
          .list([expression.resolved(upper: true), expression.resolved(upper: false)]))
      }
      return .chain(
        parts.map { part in if case .list = part { prepared(part) } else { part } }, relations)
    case .tuple, .interval, .matrix: return expression
    default:
      if expression.hasPlusMinus {
        return prepared(
          .list([expression.resolved(upper: true), expression.resolved(upper: false)]))
      }
      return expression.hasMatrix ? MathSets.matrix(expression) ?? expression : expression
    }
  }

  /// `a = 4, -8, -10` gives three values to a name.
  private static func named(_ parts: [MathExpression]) -> MathExpression {
    guard parts.count > 1, case .chain(let chain, [.equal])? = parts.first, chain[0].isName,
      parts.dropFirst().allSatisfy({ if case .chain = $0 { false } else { true } })
    else { return .list(parts) }
    return .list([chain[1]] + parts.dropFirst())
  }
}
