/// One piece of an answer's text.
enum MathToken: Equatable {
  /// Digits, perhaps with a point between or before them; separators are gone.
  case number(String)
  /// One letter, or a Greek one by its name.
  case letter(String)
  /// A word or command with a meaning: `frac`, `sqrt`, `sin`, `pi`.
  case word(String)
  /// What stands in `\text{…}`.
  case text(String)
  case unit(String)
  case sign(Character)
  case relation(MathExpression.Relation)
  /// `{` and `}` that group.
  case open
  case close
  /// `\{` and `\}`.
  case openSet
  case closeSet
  case separator(Character)
  case newRow
  case begin(String)
  case end(String)
}

/// Splits an answer into tokens; spacing, styles and delimiters of mathematics are gone.
struct MathLexer {
  private let bytes: [UInt8]
  private var position = 0
  private var tokens: [MathToken] = []
  /// How many round, square and set brackets are open: a comma there separates.
  private var depth = 0
  private var hasBox = false
  /// Whether a point or comma may be read as plain texts have it.
  private let isPlain: Bool

  /// More tokens than this make no answer.
  static let limit = 4_000

  private init(_ text: String) {
    bytes = Array(text.utf8)
    isPlain = !bytes.contains { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: "$") }
  }

  /// The tokens of a text; nil where it is too long or holds what no answer does.
  static func tokens(of text: String) -> [MathToken]? {
    guard text.utf8.count <= 20_000 else { return nil }
    var lexer = MathLexer(text)
    while lexer.position < lexer.bytes.count {
      guard lexer.step(), lexer.tokens.count <= limit else { return nil }
    }
    return lexer.tokens
  }

  private func byte(_ offset: Int = 0) -> UInt8 {
    position + offset < bytes.count ? bytes[position + offset] : 0
  }

  private func starts(_ literal: StaticString) -> Bool {
    literal.withUTF8Buffer { wanted in
      position + wanted.count <= bytes.count
        && wanted.indices.allSatisfy { bytes[position + $0] == wanted[$0] }
    }
  }

  /// Takes one token or what means nothing; false where nothing fits.
  private mutating func step() -> Bool {
    let current = byte()
    if Self.isDigit(current) || current == UInt8(ascii: ".") && Self.isDigit(byte(1)) {
      return number()
    }
    if Self.isLetter(current) { return letters() }
    if current == UInt8(ascii: "\\") { return command() }
    if current >= 0x80 { return beyondASCII() }
    position += 1
    switch Character(Unicode.Scalar(current)) {
    case " ", "\t", "\n", "\r", "$", "~": break
    // Outside of matrices it only aligns.
    case "&": if isInMatrix { tokens.append(.sign("&")) }
    case "(", "[":
      depth += 1
      tokens.append(.sign(Character(Unicode.Scalar(current))))
    case ")", "]":
      depth -= 1
      tokens.append(.sign(Character(Unicode.Scalar(current))))
    case "*" where byte() == UInt8(ascii: "*"):
      // `**3` is a power, `**bold**` emphasis.
      position += 1
      if case .number? = tokens.last, Self.isDigit(byte()) || byte() == UInt8(ascii: "(") {
        tokens.append(.sign("^"))
      } else if case .letter? = tokens.last, Self.isDigit(byte()) || byte() == UInt8(ascii: "(") {
        tokens.append(.sign("^"))
      }
    case "+", "-", "*", "/", "^", "_", "|", "!", "%", ":", "'":
      if current == UInt8(ascii: "!"), byte() == UInt8(ascii: "=") {
        position += 1
        tokens.append(.relation(.unequal))
      } else {
        tokens.append(.sign(Character(Unicode.Scalar(current))))
      }
    case ",", ";": tokens.append(.separator(Character(Unicode.Scalar(current))))
    case "{":
      // `{,}` and `{-}` are ways to space a sign.
      if starts(",}") {
        position += 2
        tokens.append(.separator(","))
      } else {
        tokens.append(.open)
      }
    case "}": tokens.append(.close)
    case "=":
      if byte() == UInt8(ascii: "=") { position += 1 }
      tokens.append(.relation(.equal))
    case "<", ">":
      var relation: MathExpression.Relation = current == UInt8(ascii: "<") ? .less : .greater
      if byte() == UInt8(ascii: "=") {
        position += 1
        relation = relation == .less ? .lessOrEqual : .greaterOrEqual
      }
      tokens.append(.relation(relation))
    case ".", "?", "\"", "`": break
    default: return false
    }
    return true
  }

  private var isInMatrix: Bool {
    for token in tokens.reversed() {
      if case .begin = token { return true }
      if case .end = token { return false }
    }
    return false
  }

  // MARK: Numbers

  /// The length of a thousands separator at an offset whose three digits follow; 0 without one.
  private func separatorLength(_ offset: Int) -> Int {
    func digits(_ at: Int) -> Bool {
      (0..<3).allSatisfy { Self.isDigit(byte(at + $0)) } && !Self.isDigit(byte(at + 3))
    }
    var length = 0
    let current = byte(offset)
    if current == UInt8(ascii: ",") {
      length = 1
      // `,\!` sets the group apart from a list, whatever surrounds it.
      if byte(offset + 1) == UInt8(ascii: "\\"), byte(offset + 2) == UInt8(ascii: "!") {
        length = 3
        while byte(offset + length) == UInt8(ascii: " ") { length += 1 }
        return digits(offset + length) ? length : 0
      }
      return depth == 0 && digits(offset + 1) ? 1 : 0
    }
    if current == UInt8(ascii: "{") || current == UInt8(ascii: " ") {
      var at = offset
      while byte(at) == UInt8(ascii: " ") { at += 1 }
      if byte(at) == UInt8(ascii: "{") {
        at += 1
        while byte(at) == UInt8(ascii: " ") { at += 1 }
        if byte(at) == UInt8(ascii: ","), byte(at + 1) == UInt8(ascii: "}"), digits(at + 2) {
          return at + 2 - offset
        }
        return 0
      }
      return at == offset + 1 && depth == 0 && digits(at) ? 1 : 0
    }
    if current == UInt8(ascii: "\\"), digits(offset + 2),
      [UInt8(ascii: ","), UInt8(ascii: " "), UInt8(ascii: "!")].contains(byte(offset + 1))
    {
      return 2
    }
    return 0
  }

  private mutating func number() -> Bool {
    var text = ""
    func isBase() -> Bool { tokens.last == .sign("_") }
    let startsWithZero = byte() == UInt8(ascii: "0")
    while Self.isDigit(byte()) {
      text.unicodeScalars.append(Unicode.Scalar(byte()))
      position += 1
    }
    if (1...3).contains(text.utf8.count), !startsWithZero, !isBase() {
      while true {
        let length = separatorLength(0)
        guard length > 0 else { break }
        position += length
        for _ in 0..<3 {
          text.unicodeScalars.append(Unicode.Scalar(byte()))
          position += 1
        }
      }
    }
    let isPoint = byte() == UInt8(ascii: ".") && Self.isDigit(byte(1))
    // `1000,99` in plain text; `1,2` is also a list, which the caller tries.
    let isComma =
      isPlain && depth == 0 && byte() == UInt8(ascii: ",") && Self.isDigit(byte(1))
      && !tokens.contains(.separator(","))
    if isPoint || isComma {
      var end = 1
      while Self.isDigit(byte(end)) { end += 1 }
      if isPoint || !(byte(end) == UInt8(ascii: ",") && Self.isDigit(byte(end + 1))) {
        text += "."
        for offset in 1..<end { text.unicodeScalars.append(Unicode.Scalar(byte(offset))) }
        position += end
      }
    }
    // `1.5e3` in plain text.
    if isPlain, byte() | 0x20 == UInt8(ascii: "e"), text.contains(".") || text.utf8.count < 6 {
      var offset = 1
      if byte(offset) == UInt8(ascii: "-") || byte(offset) == UInt8(ascii: "+") { offset += 1 }
      var digits = 0
      while Self.isDigit(byte(offset + digits)) { digits += 1 }
      if (1...4).contains(digits), !Self.isLetter(byte(offset + digits)) {
        text += String(decoding: bytes[position..<position + offset + digits], as: UTF8.self)
        position += offset + digits
      }
    }
    tokens.append(.number(text))
    return true
  }

  // MARK: Letters and commands

  private mutating func letters() -> Bool {
    let start = position
    while Self.isLetter(byte()) { position += 1 }
    let run = String(decoding: bytes[start..<position], as: UTF8.self)
    if let token = Self.plainWord(run) {
      tokens.append(token)
      return true
    }
    if run.utf8.count >= 2, followsNumber,
      Self.units.contains(run)
        || isPlain && run.utf8.count >= 3 && !run.hasPrefix("or") && !run.hasPrefix("and")
    {
      tokens.append(.unit(run))
      return true
    }
    if isPlain, run.utf8.count >= 3 {
      // `1orW(x)=2`; other words of plain texts are no products of letters.
      if followsNumber, run.hasPrefix("or") || run.hasPrefix("and") {
        tokens.append(.separator(","))
        for scalar in run.drop(while: { $0.isLowercase }).unicodeScalars {
          tokens.append(.letter(String(scalar)))
        }
      } else {
        tokens.append(.text(run))
      }
      return true
    }
    for scalar in run.unicodeScalars { tokens.append(.letter(String(scalar))) }
    return true
  }

  private var followsNumber: Bool {
    switch tokens.last {
    case .number, .close, .unit: true
    default: false
    }
  }

  private static func plainWord(_ run: String) -> MathToken? {
    switch run {
    case "and", "or", "And", "Or": return .separator(",")
    case "percent", "percentage", "pct", "Percent": return .sign("%")
    case "pi", "infinity", "inf", "oo", "sqrt", "infty":
      return .word(run == "pi" ? "pi" : run == "sqrt" ? "sqrt" : "infty")
    case "degrees", "degree": return .unit("degree")
    case "union": return .word("cup")
    default: return functions.contains(run) ? .word(run) : nil
    }
  }

  private mutating func command() -> Bool {
    position += 1
    guard Self.isLetter(byte()) else {
      let current = byte()
      position += 1
      switch Character(Unicode.Scalar(current)) {
      case "{":
        depth += 1
        tokens.append(.openSet)
      case "}":
        depth -= 1
        tokens.append(.closeSet)
      case "%": tokens.append(.sign("%"))
      case "\\":
        // Escaped twice: `\\frac`, `\\boxed`.
        if Self.isLetter(byte()) && !isInMatrix {
          position -= 1
          return command()
        }
        tokens.append(.newRow)
      case "|": tokens.append(.sign("|"))
      case "(", ")", "[", "]", ",", ";", ":", "!", " ", "$", "\n", "\t", "/", "-", "&", "_", "#":
        if current == UInt8(ascii: "&") || current == UInt8(ascii: "_") { return false }
      default: return current == 0
      }
      return true
    }
    let start = position
    while Self.isLetter(byte()) { position += 1 }
    return named(String(decoding: bytes[start..<position], as: UTF8.self))
  }

  private mutating func named(_ name: String) -> Bool {
    switch name {
    case "left", "right", "mleft", "mright", "big", "Big", "bigg", "Bigg", "bigl", "bigr", "Bigl",
      "Bigr",
      "middle":
      // `\left.` is no bracket.
      if byte() == UInt8(ascii: ".") { position += 1 }
    case "displaystyle", "textstyle", "limits", "quad", "qquad", "thinspace", "hfill", "hline",
      "bf", "rm",
      "it", "scriptstyle", "nonumber", "phantom", "underbrace", "tiny", "small", "large", "Large",
      "ensuremath",
      "bm", "boldsymbol", "mathbf", "vec", "hat", "bar", "overline", "mathbb",
      "mathcal",
      "mathit", "mathsf", "mathnormal", "widehat", "tilde", "dot", "overrightarrow", "underline",
      "mathscr",
      "mathfrak", "cancel", "xspace":
      break
    case "boxed", "fbox":
      // Boxes beside each other are several answers.
      if hasBox { tokens.append(.separator(",")) }
      hasBox = true
    case "text", "mbox", "textnormal", "textbf", "textit", "textrm", "mathrm", "hbox",
      "operatorname",
      "texttt", "textsf", "rmfamily":
      return textCommand(isRoman: name == "mathrm" || name == "operatorname")
    case "frac", "dfrac", "tfrac", "cfrac": tokens.append(.word("frac"))
    case "binom", "dbinom", "tbinom", "choose": tokens.append(.word("binom"))
    case "cdot", "times", "ast", "bullet": tokens.append(.sign("*"))
    case "div": tokens.append(.sign("/"))
    case "pm": tokens.append(.sign("±"))
    case "mp": tokens.append(.sign("∓"))
    case "le", "leq", "leqslant", "leqq": tokens.append(.relation(.lessOrEqual))
    case "ge", "geq", "geqslant", "geqq": tokens.append(.relation(.greaterOrEqual))
    case "lt": tokens.append(.relation(.less))
    case "gt": tokens.append(.relation(.greater))
    case "ne", "neq": tokens.append(.relation(.unequal))
    case "approx", "sim", "simeq", "approxeq": tokens.append(.relation(.approximate))
    case "in": tokens.append(.relation(.element))
    case "equiv", "Rightarrow", "implies", "to", "rightarrow", "iff":
      tokens.append(.relation(.equal))
    case "cup", "bigcup", "setminus", "backslash", "cap", "infty", "emptyset", "varnothing", "mid",
      "colon":
      tokens.append(name == "mid" ? .sign("|") : name == "colon" ? .sign(":") : .word(name))
    case "lvert", "rvert", "vert", "lVert", "rVert", "Vert": tokens.append(.sign("|"))
    case "lfloor", "rfloor", "lceil", "rceil": tokens.append(.word(name))
    case "langle", "lbrack":
      depth += 1
      tokens.append(.sign(name == "langle" ? "(" : "["))
    case "rangle", "rbrack":
      depth -= 1
      tokens.append(.sign(name == "rangle" ? ")" : "]"))
    case "lbrace":
      depth += 1
      tokens.append(.openSet)
    case "rbrace":
      depth -= 1
      tokens.append(.closeSet)
    case "circ", "degree", "angle", "deg": if name != "angle" { tokens.append(.unit("degree")) }
    case "prime": tokens.append(.sign("'"))
    case "begin", "end":
      guard byte() == UInt8(ascii: "{"),
        let close = bytes[position...].firstIndex(of: UInt8(ascii: "}")),
        close - position <= 20
      else { return false }
      let environment = String(decoding: bytes[position + 1..<close], as: UTF8.self)
      position = close + 1
      if environment == "array", name == "begin", byte() == UInt8(ascii: "{"),
        let end = bytes[position...].firstIndex(of: UInt8(ascii: "}"))
      {
        position = end + 1
      }
      tokens.append(name == "begin" ? .begin(environment) : .end(environment))
    case "dots", "ldots", "cdots", "dotsc", "dotsb", "vdots": tokens.append(.text("…"))
    case "pmod", "bmod", "mod": tokens.append(.word("mod"))
    case "sqrt", "sum", "int", "prod", "lim", "pi", "log", "ln", "exp", "det":
      tokens.append(.word(name))
    default:
      if Self.functions.contains(name) {
        tokens.append(.word(name))
      } else if Self.greek.contains(name) {
        tokens.append(.letter(name.hasPrefix("var") ? String(name.dropFirst(3)) : name))
      } else {
        tokens.append(.letter("\\" + name))
      }
    }
    return true
  }

  /// `\text{ cm}`: words, a separator, a percent sign, or letters.
  private mutating func textCommand(isRoman: Bool) -> Bool {
    while byte() == UInt8(ascii: " ") { position += 1 }
    guard byte() == UInt8(ascii: "{") else { return true }
    var depth = 0
    let start = position + 1
    while position < bytes.count {
      if byte() == UInt8(ascii: "{") { depth += 1 }
      if byte() == UInt8(ascii: "}") { depth -= 1 }
      position += 1
      if depth == 0 { break }
    }
    guard depth == 0, position > start else { return false }
    let content = String(decoding: bytes[start..<position - 1], as: UTF8.self)
    let words = content.split { $0.isWhitespace || $0 == "\\" || $0 == "~" }.joined(separator: " ")
    switch words.lowercased() {
    case "": break
    case "and", "or", ",", ", and", ", or", ";": tokens.append(.separator(","))
    case "percent", "percentage", "pct", "%", "\\%": tokens.append(.sign("%"))
    case "th", "st", "nd", "rd": break
    case "i", "e", "d": tokens.append(.letter(words))
    default:
      if isRoman, Self.functions.contains(words) {
        tokens.append(.word(words))
      } else if words.utf8.allSatisfy({ Self.isDigit($0) }) {
        tokens.append(.number(words))
      } else {
        tokens.append(.text(words))
      }
    }
    return true
  }

  private mutating func beyondASCII() -> Bool {
    let rest = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self)
    guard let scalar = rest.unicodeScalars.first, scalar != "\u{FFFD}" else { return false }
    position += String(scalar).utf8.count
    switch scalar {
    case "×", "·", "⋅", "∙", "∗": tokens.append(.sign("*"))
    case "÷", "∕": tokens.append(.sign("/"))
    case "−", "–": tokens.append(.sign("-"))
    case "±": tokens.append(.sign("±"))
    case "≤", "⩽": tokens.append(.relation(.lessOrEqual))
    case "≥", "⩾": tokens.append(.relation(.greaterOrEqual))
    case "≠": tokens.append(.relation(.unequal))
    case "≈": tokens.append(.relation(.approximate))
    case "∈": tokens.append(.relation(.element))
    case "∪": tokens.append(.word("cup"))
    case "∞": tokens.append(.word("infty"))
    case "∅": tokens.append(.word("emptyset"))
    case "π": tokens.append(.word("pi"))
    case "√": tokens.append(.word("sqrt"))
    case "°": tokens.append(.unit("degree"))
    case "²", "³":
      tokens.append(.sign("^"))
      tokens.append(.number(scalar == "²" ? "2" : "3"))
    case "½", "⅓", "¼", "¾", "⅔":
      let parts: (String, String) =
        switch scalar {
        case "½": ("1", "2")
        case "⅓": ("1", "3")
        case "¼": ("1", "4")
        case "¾": ("3", "4")
        default: ("2", "3")
        }
      tokens += [.open, .number(parts.0), .close, .sign("/"), .open, .number(parts.1), .close]
    default:
      if scalar.properties.generalCategory == .currencySymbol || scalar.properties.isWhitespace {
        break
      }
      guard scalar.properties.isAlphabetic else { return false }
      tokens.append(.letter(String(scalar)))
    }
    return true
  }

  static let functions: Set<String> = [
    "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "asin", "acos", "atan",
    "sinh",
    "cosh", "tanh", "log", "ln", "lg", "exp", "gcd", "lcm", "max", "min", "abs", "Gamma", "floor",
    "ceil",
    "arg", "Re", "Im", "det",
  ]
  private static let greek: Set<String> = [
    "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta",
    "iota",
    "kappa", "lambda", "mu", "nu", "xi", "rho", "sigma", "tau", "upsilon", "phi", "varphi", "chi",
    "psi",
    "omega", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Phi", "Psi", "Omega", "ell", "hbar",
  ]
  /// Letters that may be a unit behind a number, also where no `\text` says so.
  static let units: Set<String> = [
    "cm", "mm", "km", "dm", "kg", "mg", "ml", "mL", "ft", "in", "inch", "inches", "feet", "foot",
    "yd",
    "mi", "mile", "miles", "meter", "meters", "metre", "metres", "mph", "kmh", "hr", "hrs", "hour",
    "hours",
    "min", "mins", "minute", "minutes", "sec", "second", "seconds", "day", "days", "week", "weeks",
    "month",
    "months", "year", "years", "dollar", "dollars", "cent", "cents", "euro", "euros", "lb", "lbs",
    "oz",
    "unit", "units", "sq", "square", "cubic", "liter", "liters", "litre", "litres", "gram", "grams",
    "meters", "yuan", "Hz", "rad", "times", "people", "ways", "students", "apples",
  ]

  static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
  static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
