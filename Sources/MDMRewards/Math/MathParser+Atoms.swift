/// Numbers, groups, sets, matrices and functions: what stands between operators.
extension MathParser {
  mutating func atom() throws(Refusal) -> MathExpression {
    try deeper { (parser) throws(Refusal) in try parser.atomAtDepth() }
  }

  mutating func atomAtDepth() throws(Refusal) -> MathExpression {
    guard let token = next else { throw Refusal() }
    position += 1
    switch token {
    case .number(let text): return try Self.number(text)
    case .letter(let name):
      switch name {
      case "e": return .constant(.e)
      case "i": return .constant(.i)
      default: return .symbol(name)
      }
    case .text(let words): return .text(words)
    case .unit(let name): return .text(name)
    case .word(let name): return try word(name)
    case .open:
      if take(.close) { return .list([]) }
      let inner = try answer()
      try expect(.close)
      return inner
    case .openSet:
      if take(.closeSet) { return .list([]) }
      return try setBody()
    case .begin(let name): return try matrix(name)
    case .sign("("), .sign("["): return try bracket(token)
    case .sign("|"):
      barDepth += 1
      let inner = try deeper { (p) throws(Refusal) in try p.sum() }
      try expect(.sign("|"))
      barDepth -= 1
      return .function("abs", [inner])
    default: throw Refusal()
    }
  }

  static func number(_ text: String) throws(Refusal) -> MathExpression {
    var mantissa = text[...]
    var exponent = 0
    if let mark = text.firstIndex(where: { $0 == "e" || $0 == "E" }) {
      mantissa = text[..<mark]
      guard let value = Int(text[text.index(after: mark)...]), abs(value) <= 400 else {
        throw Refusal()
      }
      exponent = value
    }
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let decimals = parts.count > 1 ? parts[1].utf8.count : 0
    let digits = parts.joined()
    guard parts.count <= 2, let whole = BigInteger(digits: digits.utf8),
      let value = Fraction(whole, BigInteger(1)),
      let scale = Fraction(10).power(exponent - decimals),
      let number = Fraction.product(value, scale)
    else { throw Refusal() }
    guard parts.count > 1 else { return .number(number, nil) }
    let significant = digits.drop { $0 == "0" }.utf8.count
    return .number(number, .init(decimals: decimals - exponent, significant: significant))
  }

  mutating func setBody() throws(Refusal) -> MathExpression {
    let savedBars = barDepth
    barDepth = 1
    defer { barDepth = savedBars }
    let first = try answer()
    // `\{x : x > 3\}` is what its condition says.
    if take(.sign("|")) || take(.sign(":")) {
      let condition = try answer()
      try expect(.closeSet)
      return condition
    }
    try expect(.closeSet)
    if case .list = first { return first }
    if case .ratio(let parts) = first, parts.count == 2, case .chain = parts[1] { return parts[1] }
    return .list([first])
  }

  mutating func bracket(_ opening: MathToken) throws(Refusal) -> MathExpression {
    let savedBars = barDepth
    barDepth = 0
    defer { barDepth = savedBars }
    let isSquare = opening == .sign("[")
    if take(.sign(")")) { return .tuple([]) }
    let inner = try deeper { (p) throws(Refusal) in try p.answer() }
    guard let closing = next, closing == .sign(")") || closing == .sign("]") else {
      throw Refusal()
    }
    position += 1
    let closesSquare = closing == .sign("]")
    var parts: [MathExpression]
    switch inner {
    case .list(let items): parts = items
    default: parts = [inner]
    }
    // `(0; 1)` has its parts between semicolons.
    if parts.count == 1 {
      if isSquare != closesSquare { throw Refusal() }
      return parts[0]
    }
    if parts.count == 2, isSquare || closesSquare {
      return .interval(parts[0], parts[1], closedLow: isSquare, closedHigh: closesSquare)
    }
    if isSquare != closesSquare { throw Refusal() }
    return .tuple(parts)
  }

  mutating func matrix(_ name: String) throws(Refusal) -> MathExpression {
    let kinds: Set<String> = [
      "pmatrix", "bmatrix", "matrix", "Bmatrix", "vmatrix", "smallmatrix", "array",
    ]
    guard kinds.contains(name) else {
      // Aligned lines: the last one is what they come to.
      guard
        ["align", "align*", "aligned", "gather", "gathered", "equation", "equation*"].contains(name)
      else { throw Refusal() }
      let inner = try answer()
      while let token = next, token != .end(name) {
        position += 1
        _ = token
      }
      try expect(.end(name))
      return inner
    }
    var rows: [[MathExpression]] = [[]]
    while true {
      if take(.end(name)) { break }
      if take(.newRow) {
        rows.append([])
        continue
      }
      if take(.sign("&")) { continue }
      rows[rows.count - 1].append(try relation())
    }
    rows.removeAll(where: \.isEmpty)
    guard let width = rows.first?.count, rows.allSatisfy({ $0.count == width }) else {
      throw Refusal()
    }
    return name == "vmatrix" ? .function("det", [.matrix(rows)]) : .matrix(rows)
  }

  mutating func word(_ name: String) throws(Refusal) -> MathExpression {
    switch name {
    case "pi": return .constant(.pi)
    case "infty": return .constant(.infinity)
    case "emptyset", "varnothing": return .list([])
    case "frac":
      let top = try argument(isFirst: true)
      return .quotient(top, try argument())
    case "binom":
      let top = try argument(isFirst: true)
      return .function("binom", [top, try argument()])
    case "sqrt":
      var degree = 2
      if take(.sign("[")) {
        guard case .number(let digits)? = next, let value = Int(digits), (2...64).contains(value)
        else {
          throw Refusal()
        }
        degree = value
        position += 1
        try expect(.sign("]"))
      }
      return .root(try argument(), degree)
    case "lfloor", "lceil":
      let inner = try deeper { (p) throws(Refusal) in try p.sum() }
      try expect(.word(name == "lfloor" ? "rfloor" : "rceil"))
      return .function(name == "lfloor" ? "floor" : "ceil", [inner])
    case "sum", "prod", "int", "lim": return try bigOperator(name)
    default:
      guard MathLexer.functions.contains(name) else { throw Refusal() }
      return try function(name)
    }
  }

  /// What a command takes: a group, one digit or one letter; of the last a whole number.
  mutating func argument(isFirst: Bool = false) throws(Refusal) -> MathExpression {
    if isFirst, case .number(let digits)? = next, digits.utf8.count > 1 {
      // `\frac12`: one digit each.
      guard let first = digits.first, first != "." else { throw Refusal() }
      tokens[position] = .number(String(digits.dropFirst()))
      return try Self.number(String(first))
    }
    return try atom()
  }

  mutating func function(_ name: String) throws(Refusal) -> MathExpression {
    var base: MathExpression?
    var power: MathExpression?
    for _ in 0..<2 {
      if name == "log", take(.sign("_")) { base = try argument(isFirst: true) }
      if take(.sign("^")) { power = try deeper { (p) throws(Refusal) in try p.exponent() } }
    }
    var inner: [MathExpression]
    if next == .sign("(") || next == .open || next == .sign("[") {
      let group = try atom()
      switch group {
      case .tuple(let parts), .list(let parts): inner = parts
      default: inner = [group]
      }
      if case .sign("^")? = next, power == nil {
        // `\sin(x)^2` is the square of the value.
        return try postfix(.function(Self.plainName(name), inner))
      }
    } else {
      inner = [try functionArgument()]
    }
    var plain = Self.plainName(name)
    if let base {
      return powered(.quotient(.function("ln", inner), .function("ln", [base])), power)
    }
    if name == "log" || name == "lg" { plain = name == "lg" ? "lg" : "log" }
    // `\sin^{-1}` is the inverse function.
    if let exponent = power, case .number(let value, nil) = exponent, value == Fraction(-1),
      ["sin", "cos", "tan"].contains(plain)
    {
      return .function("arc" + plain, inner)
    }
    return powered(.function(plain, inner), power)
  }

  func powered(_ value: MathExpression, _ power: MathExpression?) -> MathExpression {
    power.map { .power(value, $0) } ?? value
  }

  static func plainName(_ name: String) -> String {
    switch name {
    case "asin", "acos", "atan": "arc" + name.dropFirst()
    default: name
    }
  }

  /// `\sin 2x`: factors up to a sign, a relation or another function.
  mutating func functionArgument() throws(Refusal) -> MathExpression {
    var result = try postfix(try atom())
    while startsFactor {
      if case .word(let name)? = next, MathLexer.functions.contains(name) { break }
      if next == .sign("(") || next == .sign("[") { break }
      result = Self.times(result, try factor())
    }
    if take(.sign("/")) {
      try link()
      result = .quotient(result, try factor())
    }
    return result
  }

  /// `\sum_{k=0}^{n} …`: its bounds and its body, compared part by part.
  mutating func bigOperator(_ name: String) throws(Refusal) -> MathExpression {
    var parts: [MathExpression] = []
    for _ in 0..<2 {
      if take(.sign("_")) || take(.sign("^")) {
        parts.append(
          take(.open)
            ? try { (p: inout MathParser) throws(Refusal) in
              let inner = try p.answer()
              try p.expect(.close)
              return inner
            }(&self) : try atom())
      }
    }
    let body = try deeper { (p) throws(Refusal) in try p.term() }
    return .function(name, parts + [body])
  }
}
