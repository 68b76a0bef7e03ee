/// A name and where it stands.
public struct Name: Sendable {
  public var text: String
  public var span: Span

  public init(_ text: String, _ span: Span) {
    self.text = text
    self.span = span
  }
}

/// An expression with its place.
public struct Expression: Sendable {
  public var kind: Kind
  public var span: Span

  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  public indirect enum Kind: Sendable {
    case none
    case bool(Bool)
    case int(Int64)
    case float(Double)
    /// Seconds.
    case duration(Double)
    /// Bytes.
    case size(Int64)
    case string(String)
    /// `f"…"`.
    case interpolation([InterpolationPiece])
    case list([Element])
    case record([Field])
    /// `mix {coco: 20%}`; a spread is not allowed in it.
    case mixture([Field])
    /// `spawn f(x)`: the call runs in the background; the operand is a call.
    case spawn(Expression)
    case name(String)
    case unary(UnaryOperator, Expression)
    case binary(BinaryOperator, Expression, Expression)
    /// `a ~= b +- tolerance`.
    case approximately(Expression, Expression, tolerance: Expression)
    /// `a..b`, `a..=b`, `a..b by step`; an open end is allowed only inside an index.
    case range(Expression?, Expression?, closed: Bool, by: Expression?)
    case call(Expression, [Argument])
    /// `input |> callee(arguments)`: the input replaces the one `placeholder` argument, else it goes first.
    /// It is evaluated before the callee.
    case pipe(Expression, callee: Expression, arguments: [Argument])
    case index(Expression, Expression)
    case member(Expression, Name)
    /// `.field` alone: `fn(r) r.field`.
    case fieldFunction(Name)
    case function(FunctionExpression)
    case `if`(Expression, then: Block, otherwise: Expression?)
    /// Only as the value of a match arm, an `else` branch, or a function body.
    case block(Block)
    case match(Expression, [MatchArm])
    case tryCatch(Block, error: Name?, handler: Block)
    case `return`(Expression?)
    case `break`
    case `continue`
    /// What recovery leaves where no expression could be read; never reaches the compiler.
    case missing
  }
}

public enum UnaryOperator: Sendable { case minus, not }

public enum BinaryOperator: String, Sendable {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case remainder = "%"
  case power = "**"
  case equal = "=="
  case notEqual = "!="
  case less = "<"
  case lessEqual = "<="
  case greater = ">"
  case greaterEqual = ">="
  case and
  case or
  case coalesce = "??"
  /// `x in list`, `key in record`, `"ab" in text`.
  case contains = "in"
}

public enum InterpolationPiece: Sendable {
  case text(String)
  case value(Expression, format: String?)
  /// A value whose format has values of its own: `{x:{width}.2f}`.
  case formatted(Expression, format: [InterpolationPiece])
}

public struct Element: Sendable {
  public var value: Expression
  public var isSpread: Bool

  public init(_ value: Expression, isSpread: Bool) {
    self.value = value
    self.isSpread = isSpread
  }
}

public struct Field: Sendable {
  public enum Key: Sendable {
    case name(Name)
    /// A string, Int or Bool literal.
    case literal(Expression)
    /// `..other`.
    case spread
  }
  public var key: Key
  public var value: Expression

  public init(_ key: Key, _ value: Expression) {
    self.key = key
    self.value = value
  }
}

public struct Argument: Sendable {
  public enum Kind: Sendable {
    case positional
    case named(Name)
    case spread
    /// `_`, only directly in the call at the right of a pipe; `value` is then `.missing`.
    case placeholder
    /// `name: _`, likewise.
    case namedPlaceholder(Name)
  }
  public var kind: Kind
  public var value: Expression

  public init(_ kind: Kind, _ value: Expression) {
    self.kind = kind
    self.value = value
  }
}

public struct MatchArm: Sendable {
  public var pattern: Pattern
  public var guardCondition: Expression?
  public var value: Expression

  public init(_ pattern: Pattern, guardCondition: Expression?, value: Expression) {
    self.pattern = pattern
    self.guardCondition = guardCondition
    self.value = value
  }
}

/// What `match`, `let`, `var` and `for` bind.
public struct Pattern: Sendable {
  public var kind: Kind
  public var span: Span

  public init(_ kind: Kind, _ span: Span) {
    self.kind = kind
    self.span = span
  }

  public indirect enum Kind: Sendable {
    /// `_`.
    case wildcard
    case binding(String)
    /// A literal: none, bool, number, string, duration, size; possibly negated.
    case literal(Expression)
    /// `a..b`, `a..=b`, with literal ends.
    case range(Expression, Expression, closed: Bool)
    case either([Pattern])
    /// `[a, b, ..rest]`; `rest` is the position of the spread and its name, if any.
    case list([Pattern], rest: (position: Int, name: Name?)?)
    /// `{a, b: pattern, ..}`; fields that are not named do not matter.
    case record([(key: Name, pattern: Pattern)])
  }
}

/// `Int`, `List`, `Record | None`: checked at the call.
public struct TypeAnnotation: Sendable {
  public var names: [Name]
  public var span: Span

  public init(_ names: [Name], _ span: Span) {
    self.names = names
    self.span = span
  }
}

public struct Parameter: Sendable {
  public var name: Name
  public var type: TypeAnnotation?
  public var defaultValue: Expression?
  public var isRest: Bool

  public init(_ name: Name, type: TypeAnnotation?, defaultValue: Expression?, isRest: Bool) {
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.isRest = isRest
  }
}

/// The part that named and unnamed functions share.
public struct FunctionExpression: Sendable {
  public var parameters: [Parameter]
  public var result: TypeAnnotation?
  /// A short form `fn(x) x + 1` has one expression statement in it.
  public var body: Block

  public init(parameters: [Parameter], result: TypeAnnotation?, body: Block) {
    self.parameters = parameters
    self.result = result
    self.body = body
  }

  /// `fn() value`.
  public init(_ value: Expression) {
    self.init(
      parameters: [], result: nil,
      body: Block([Statement(.expression(value), value.span)], value.span))
  }
}

public struct Block: Sendable {
  public var statements: [Statement]
  public var span: Span

  public init(_ statements: [Statement], _ span: Span) {
    self.statements = statements
    self.span = span
  }
}

public struct Statement: Sendable {
  public var kind: Kind
  public var span: Span
  /// The `##` lines above it, without their marks.
  public var documentation: String?

  public init(_ kind: Kind, _ span: Span, documentation: String? = nil) {
    self.kind = kind
    self.span = span
    self.documentation = documentation
  }

  public indirect enum Kind: Sendable {
    case expression(Expression)
    case binding(Pattern, mutable: Bool, type: TypeAnnotation?, value: Expression, isPublic: Bool)
    /// `target = value`, `target += value` (operator then `.add`); targets are names, members and indices.
    case assignment(Expression, BinaryOperator?, Expression)
    case function(Name, FunctionExpression, isPublic: Bool)
    /// `reward fn name(completion, example) -> lo..hi { }`.
    case reward(Name, FunctionExpression, low: Expression, high: Expression, isPublic: Bool)
    case parameter(Name, type: TypeAnnotation?, defaultValue: Expression, help: String?)
    /// `use stats`, `use stats as s`, `use stats: mean, std`, `use "./x.mdm" as x`.
    case use(module: Name, isPath: Bool, alias: Name?, members: [Name])
    /// `for x in xs`, `for k, v in record`.
    case `for`([Pattern], in: Expression, Block)
    case `while`(Expression, Block)
    case test(String, Block)
    case assert(Assertion)
    case `defer`(Block)
    /// `budget(steps: 2000, time: 5min) { }`; an expression statement, its value is the block's.
    case budget([Argument], Block)
  }
}

/// `assert condition, message`, `expect condition`, `assert across seeds(n): condition`.
public struct Assertion: Sendable {
  public var condition: Expression
  public var message: Expression?
  /// The number of seeds that the condition, which sees `seed`, is tried with.
  public var seeds: Expression?
  /// `expect`: the test goes on where it does not hold.
  public var isExpectation: Bool

  public init(
    _ condition: Expression, message: Expression?, seeds: Expression? = nil,
    isExpectation: Bool = false
  ) {
    self.condition = condition
    self.message = message
    self.seeds = seeds
    self.isExpectation = isExpectation
  }
}

/// A parsed file, chunk or cell.
public struct SyntaxTree: Sendable {
  public let source: SourceText
  public let statements: [Statement]

  public init(source: SourceText, statements: [Statement]) {
    self.source = source
    self.statements = statements
  }
}
