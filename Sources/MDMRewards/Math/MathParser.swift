/// Reads the expression that an answer states.
///
/// It takes what models write, LaTeX and plain, and refuses what it does not know. Nesting and
/// length are bounded, so that every answer is read in bounded time.
struct MathParser {
  /// Why a text is no expression; the text is then compared as it stands.
  struct Refusal: Error {}

  var tokens: [MathToken]
  var position = 0
  var depth = 0
  /// Whether a `|` closes what an outer one has opened.
  var barDepth = 0

  private static let depthLimit = 120
  /// Operations that nest to the left, such as those of `1/2/3`, in the whole answer.
  private var links = 0
  private static let linkLimit = 300

  private init(_ tokens: [MathToken]) { self.tokens = tokens }

  /// The expression of a text; nil where it states none.
  static func parse(_ text: String) -> MathExpression? {
    guard let tokens = MathLexer.tokens(of: text), !tokens.isEmpty else { return nil }
    return parse(tokens)
  }

  static func parse(_ tokens: [MathToken]) -> MathExpression? {
    var parser = MathParser(tokens)
    do throws(Refusal) {
      let answer = try parser.answer()
      return parser.isAtEnd ? answer : nil
    } catch {
      return nil
    }
  }

  private var isAtEnd: Bool { position >= tokens.count }
  var next: MathToken? { position < tokens.count ? tokens[position] : nil }
  var previous: MathToken? { position > 0 ? tokens[position - 1] : nil }
  func token(_ offset: Int) -> MathToken? {
    position + offset < tokens.count ? tokens[position + offset] : nil
  }

  mutating func take(_ token: MathToken) -> Bool {
    guard next == token else { return false }
    position += 1
    return true
  }

  mutating func expect(_ token: MathToken) throws(Refusal) {
    guard take(token) else { throw Refusal() }
  }

  mutating func link() throws(Refusal) {
    links += 1
    guard links <= Self.linkLimit else { throw Refusal() }
  }

  mutating func deeper<T>(_ body: (inout MathParser) throws(Refusal) -> T) throws(Refusal)
    -> T
  {
    depth += 1
    guard depth <= Self.depthLimit else { throw Refusal() }
    defer { depth -= 1 }
    return try body(&self)
  }

  // MARK: Lists and relations

  /// Relations between separators; with semicolons, groups of them.
  mutating func answer() throws(Refusal) -> MathExpression {
    var groups: [[MathExpression]] = [[]]
    while true {
      while case .separator(let mark)? = next {
        position += 1
        if mark == ";", !(groups.last ?? []).isEmpty { groups.append([]) }
      }
      // A new row of aligned equations goes on with the chain, or begins another answer.
      if take(.newRow) { continue }
      guard let token = next, !Self.closes(token) else { break }
      groups[groups.count - 1].append(try relation())
      switch next {
      case .separator?, .newRow?: continue
      default: break
      }
      break
    }
    groups.removeAll(where: \.isEmpty)
    let parts = groups.map { $0.count == 1 ? $0[0] : MathExpression.tuple($0) }
    if groups.count == 1 {
      guard let only = groups.first else { throw Refusal() }
      return only.count == 1 ? only[0] : .list(only)
    }
    guard !parts.isEmpty else { throw Refusal() }
    return .list(parts)
  }

  static func closes(_ token: MathToken) -> Bool {
    switch token {
    case .close, .closeSet, .end, .sign(")"), .sign("]"), .sign("&"): true
    default: false
    }
  }

  mutating func relation() throws(Refusal) -> MathExpression {
    // `= 5`, `≈ 5`: the left side stands in the question.
    if next == .relation(.equal) || next == .relation(.approximate) { position += 1 }
    var parts = [try ratio()]
    var relations: [MathExpression.Relation] = []
    while case .relation(let relation)? = next {
      position += 1
      // `=` at the end of a line of steps.
      if isAtEnd { break }
      relations.append(relation)
      parts.append(try ratio())
    }
    return relations.isEmpty ? parts[0] : .chain(parts, relations)
  }

  mutating func ratio() throws(Refusal) -> MathExpression {
    var parts = [try union()]
    while take(.sign(":")) { parts.append(try union()) }
    return parts.count == 1 ? parts[0] : .ratio(parts)
  }

  mutating func union() throws(Refusal) -> MathExpression {
    var parts = [try sum()]
    while true {
      if take(.word("cup")) || isUnionLetter && take(.letter("U")) {
        parts.append(try sum())
      } else if take(.word("setminus")) || take(.word("backslash")) {
        try link()
        let removed = try sum()
        let whole = parts.count == 1 ? parts[0] : .union(parts)
        parts = [.function("setminus", [whole, removed])]
      } else if take(.word("cap")) {
        try link()
        parts = [.function("cap", [parts.count == 1 ? parts[0] : .union(parts), try sum()])]
      } else {
        break
      }
    }
    return parts.count == 1 ? parts[0] : .union(parts)
  }

  private var isUnionLetter: Bool {
    guard next == .letter("U"), position > 0 else { return false }
    let before = tokens[position - 1]
    let after = token(1)
    return (before == .sign(")") || before == .sign("]") || before == .closeSet)
      && (after == .sign("(") || after == .sign("[") || after == .openSet)
  }

  // MARK: Sums and products

  mutating func sum() throws(Refusal) -> MathExpression {
    try deeper { (parser) throws(Refusal) in
      var terms: [MathExpression] = []
      if parser.take(.sign("±")) || parser.take(.sign("∓")) {
        terms = [
          .plusMinus(
            .number(Fraction(0), nil), try parser.term(),
            isFlipped: parser.tokens[parser.position - 1] == .sign("∓"))
        ]
      } else {
        _ = parser.take(.sign("+"))
        terms = [try parser.term()]
      }
      while true {
        if parser.take(.sign("+")) {
          terms.append(try parser.term())
        } else if parser.take(.sign("-")) {
          terms.append(.negative(try parser.term()))
        } else if parser.next == .sign("±") || parser.next == .sign("∓") {
          let isFlipped = parser.next == .sign("∓")
          try parser.link()
          parser.position += 1
          let left = terms.count == 1 ? terms[0] : MathExpression.sum(terms)
          terms = [.plusMinus(left, try parser.term(), isFlipped: isFlipped)]
        } else {
          break
        }
      }
      return terms.count == 1 ? terms[0] : .sum(terms)
    }
  }

  mutating func term() throws(Refusal) -> MathExpression {
    if take(.sign("-")) { return .negative(try deeper { (p) throws(Refusal) in try p.term() }) }
    if take(.sign("+")) { return try deeper { (p) throws(Refusal) in try p.term() } }
    var result = try factor()
    while true {
      if take(.sign("*")) {
        result = Self.times(result, try signedFactor())
      } else if take(.sign("/")) {
        try link()
        result = .quotient(result, try signedFactor())
      } else if startsFactor {
        let isMixed = isWholeNumber(result) && startsFraction
        let right = try factor()
        result = isMixed ? .sum([result, right]) : Self.times(result, right)
      } else if case .unit(let words)? = next, case .text(let before) = result {
        position += 1
        result = .text("\(before) \(words)")
      } else if case .text(let words)? = next, case .text(let before) = result {
        // Words beside words are a longer text, no unit of the first.
        position += 1
        result = .text("\(before) \(words)")
      } else if case .unit(let name)? = next {
        position += 1
        try link()
        result = .unit(result, name + (try unitPower()))
      } else if case .text(let words)? = next {
        // A unit is words; `\text{ or 6}` is a second answer.
        guard Self.canBeUnit(words) else { throw Refusal() }
        position += 1
        try link()
        result = .unit(result, words + (try unitPower()))
      } else {
        return result
      }
    }
  }

  private static func canBeUnit(_ words: String) -> Bool {
    let parts = words.lowercased().split(separator: " ")
    return parts.count <= 4 && !parts.contains { ["or", "and", "not"].contains($0) }
      && !words.unicodeScalars.contains { ("0"..."9").contains($0) }
  }

  /// `^2` behind a unit, and `/h`.
  mutating func unitPower() throws(Refusal) -> String {
    var suffix = ""
    if next == .sign("^") {
      position += 1
      let isGroup = take(.open)
      if take(.sign("-")) { suffix += "-" }
      guard case .number(let digits)? = next else { throw Refusal() }
      position += 1
      suffix = "^" + suffix + digits
      if isGroup { try expect(.close) }
    }
    if next == .sign("/") {
      switch token(1) {
      case .unit(let name)?, .text(let name)?, .letter(let name)?:
        position += 2
        suffix += "/" + name
        suffix += try deeper { (p) throws(Refusal) in try p.unitPower() }
      default: break
      }
    }
    return suffix
  }

  mutating func signedFactor() throws(Refusal) -> MathExpression {
    if take(.sign("-")) { return .negative(try signedFactor(limit: Self.depthLimit)) }
    if take(.sign("+")) { return try signedFactor(limit: Self.depthLimit) }
    return try factor()
  }

  mutating func signedFactor(limit: Int) throws(Refusal) -> MathExpression {
    var isNegative = false
    for _ in 0..<limit {
      if take(.sign("-")) {
        isNegative.toggle()
      } else if !take(.sign("+")) {
        let value = try factor()
        return isNegative ? .negative(value) : value
      }
    }
    throw Refusal()
  }

  static func times(_ a: MathExpression, _ b: MathExpression) -> MathExpression {
    if case .product(let parts) = a { return .product(parts + [b]) }
    return .product([a, b])
  }

  private func isWholeNumber(_ expression: MathExpression) -> Bool {
    if case .number(let value, nil) = expression { value.isInteger } else { false }
  }

  /// Whether a fraction of two written numbers comes next: `3\frac{1}{2}`, `3 1/2`.
  private var startsFraction: Bool {
    switch next {
    case .word("frac")?:
      if case .number? = token(1) { return true }
      if token(1) == .open, case .number? = token(2), token(3) == .close { return true }
      return false
    case .open?:
      // A vulgar fraction character.
      if case .number? = token(1), token(2) == .close, token(3) == .sign("/") { return true }
      return false
    case .number?:
      if token(1) == .sign("/"), case .number? = token(2) { return true }
      return false
    default: return false
    }
  }

  var startsFactor: Bool {
    switch next {
    case .number?:
      // Two numbers in a row are a mixed one or a mistake.
      if case .number? = previous { return startsFraction }
      return true
    case .letter("U")?: return !isUnionLetter
    case .letter?, .open?, .openSet?, .begin?, .sign("(")?, .sign("[")?: return true
    case .word(let name)?:
      return !["cup", "cap", "setminus", "backslash", "rfloor", "rceil", "mod"].contains(name)
    case .sign("|")?: return barDepth == 0
    default: return false
    }
  }

  // MARK: Powers

  mutating func factor() throws(Refusal) -> MathExpression {
    // `3 1/2`: the fraction is one factor there.
    if case .number? = next, case .number? = previous, startsFraction {
      let top = try atom()
      position += 1
      return .quotient(top, try atom())
    }
    return try postfix(try atom())
  }

  mutating func postfix(_ base: MathExpression) throws(Refusal) -> MathExpression {
    var result = base
    while true {
      if next == .sign("^") || next == .sign("!") || next == .sign("%") || next == .sign("'")
        || next == .sign("_")
      {
        try link()
      }
      if take(.sign("^")) {
        if isDegree() {
          result = .unit(result, "degree")
          continue
        }
        if take(.sign("'")) || take(.sign("*")) { continue }
        result = .power(result, try deeper { (p) throws(Refusal) in try p.exponent() })
      } else if take(.sign("!")) {
        result = .function("factorial", [result])
      } else if take(.sign("%")) {
        result = .percent(result)
      } else if take(.sign("'")) {
        result = .function("prime", [result])
      } else if take(.sign("_")) {
        result = try subscripted(result)
      } else if next == .unit("degree") {
        position += 1
        result = .unit(result, "degree")
      } else {
        return result
      }
    }
  }

  mutating func isDegree() -> Bool {
    if take(.unit("degree")) { return true }
    if next == .open, token(1) == .unit("degree"), token(2) == .close {
      position += 3
      return true
    }
    return false
  }

  mutating func exponent() throws(Refusal) -> MathExpression {
    if take(.sign("-")) { return .negative(try deeper { (p) throws(Refusal) in try p.exponent() }) }
    if take(.sign("+")) { return try deeper { (p) throws(Refusal) in try p.exponent() } }
    let base = try atom()
    // `x^2^3` is x^(2^3).
    if take(.sign("^")) {
      return .power(base, try deeper { (p) throws(Refusal) in try p.exponent() })
    }
    return base
  }

  mutating func subscripted(_ base: MathExpression) throws(Refusal) -> MathExpression {
    let start = position
    if take(.open) {
      var level = 1
      while level > 0 {
        guard let token = next else { throw Refusal() }
        position += 1
        if token == .open { level += 1 }
        if token == .close { level -= 1 }
      }
    } else {
      guard next != nil else { throw Refusal() }
      position += 1
    }
    let words = tokens[start..<position].map { token in
      switch token {
      case .number(let text), .letter(let text), .word(let text), .text(let text), .unit(let text):
        text
      case .sign(let sign), .separator(let sign): String(sign)
      default: ""
      }
    }.joined()
    switch base {
    case .symbol(let name): return .symbol("\(name)_\(words)")
    case .number(let value, nil): return .function("base \(words)", [.number(value, nil)])
    default: return .function("sub \(words)", [base])
    }
  }
}
