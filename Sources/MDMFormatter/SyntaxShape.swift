import MDMSyntax

/// What a tree says apart from places, and the places that its layout depends on.
///
/// Two texts with the same `meaning` run alike.
struct SyntaxShape {
  /// The tree as text, without places; each part has its extent, so that different trees differ.
  private(set) var meaning: [UInt8] = []
  /// Where statements begin.
  private(set) var statements: Set<Int> = []
  /// Where the patterns of match arms begin.
  private(set) var arms: Set<Int> = []
  /// Where the subjects of matches end: the next `{` holds their arms.
  private(set) var subjects: [Int] = []
  /// Where blocks begin; not all of these places hold a `{`.
  private(set) var blocks: Set<Int> = []
  /// Where the bodies of functions and rewards begin: no operator stands there.
  private(set) var bodies: Set<Int> = []
  /// Where the steps of ranges begin, behind the word `by`.
  private(set) var steps: Set<Int> = []

  init(_ tree: SyntaxTree) {
    for statement in tree.statements {
      statements.insert(Int(statement.span.start))
      add(statement)
    }
  }

  // MARK: Parts

  private mutating func add(_ tag: String, _ parts: (inout SyntaxShape) -> Void = { _ in }) {
    meaning += Array(tag.utf8)
    meaning.append(UInt8(ascii: "("))
    parts(&self)
    meaning.append(UInt8(ascii: ")"))
  }

  private mutating func text(_ text: String) {
    meaning += Array("\(text.utf8.count):\(text)".utf8)
  }

  private mutating func text(_ text: String?) {
    if let text { self.text(text) } else { meaning.append(UInt8(ascii: "-")) }
  }

  private mutating func number(_ value: Double) { text(String(value.bitPattern)) }

  private mutating func flag(_ value: Bool) {
    meaning.append(UInt8(ascii: value ? "1" : "0"))
  }

  private mutating func add(_ value: Expression?) {
    if let value { add(value) } else { add("absent") }
  }

  private mutating func add(_ type: TypeAnnotation?) {
    add("type") { for name in type?.names ?? [] { $0.text(name.text) } }
  }

  // MARK: Statements

  private mutating func add(_ block: Block) {
    blocks.insert(Int(block.span.start))
    // The block of a short function has no braces: its one statement begins where it does.
    for statement in block.statements where statement.span.start > block.span.start {
      statements.insert(Int(statement.span.start))
    }
    add("block") { for statement in block.statements { $0.add(statement) } }
  }

  private mutating func add(_ statement: Statement) {
    text(statement.documentation)
    add(kind: statement.kind)
  }

  private mutating func add(kind: Statement.Kind) {
    switch kind {
    case .expression(let value): add(value)
    case .binding(let pattern, let mutable, let type, let value, let isPublic):
      add("binding") {
        $0.flag(mutable)
        $0.flag(isPublic)
        $0.add(pattern)
        $0.add(type)
        $0.add(value)
      }
    case .assignment(let target, let operation, let value):
      add("assign") {
        $0.add(target)
        $0.text(operation?.rawValue)
        $0.add(value)
      }
    case .function(let name, let function, let isPublic):
      add("function") {
        $0.flag(isPublic)
        $0.text(name.text)
        $0.add(function)
      }
    case .reward(let name, let function, let low, let high, let isPublic):
      add("reward") {
        $0.flag(isPublic)
        $0.text(name.text)
        $0.add(function)
        $0.add(low)
        $0.add(high)
      }
    case .parameter(let name, let type, let value, let help):
      add("param") {
        $0.text(name.text)
        $0.add(type)
        $0.add(value)
        $0.text(help)
      }
    case .use(let module, let isPath, let alias, let members):
      add("use") {
        $0.flag(isPath)
        $0.text(module.text)
        $0.text(alias?.text)
        for member in members { $0.text(member.text) }
      }
    case .for(let patterns, let sequence, let body):
      add("for") {
        for pattern in patterns { $0.add(pattern) }
        $0.add(sequence)
        $0.add(body)
      }
    case .while(let condition, let body):
      add("while") {
        $0.add(condition)
        $0.add(body)
      }
    case .test(let name, let body):
      add("test") {
        $0.text(name)
        $0.add(body)
      }
    case .assert(let assertion):
      add("assert") {
        $0.flag(assertion.isExpectation)
        $0.add(assertion.seeds)
        $0.add(assertion.condition)
        $0.add(assertion.message)
      }
    case .defer(let body): add("defer") { $0.add(body) }
    case .budget(let arguments, let body):
      add("budget") {
        $0.add(arguments)
        $0.add(body)
      }
    }
  }

  private mutating func add(_ function: FunctionExpression) {
    bodies.insert(Int(function.body.span.start))
    add("fn") {
      for parameter in function.parameters {
        $0.flag(parameter.isRest)
        $0.text(parameter.name.text)
        $0.add(parameter.type)
        $0.add(parameter.defaultValue)
      }
      $0.add(function.result)
      $0.add(function.body)
    }
  }

  // MARK: Expressions

  private mutating func add(_ arguments: [Argument]) {
    for argument in arguments {
      switch argument.kind {
      case .positional: add("argument") { $0.add(argument.value) }
      case .spread: add("spread") { $0.add(argument.value) }
      case .placeholder: add("place")
      case .namedPlaceholder(let name): add("place") { $0.text(name.text) }
      case .named(let name):
        add("named") {
          $0.text(name.text)
          $0.add(argument.value)
        }
      }
    }
  }

  private mutating func add(_ fields: [Field]) {
    for field in fields {
      switch field.key {
      case .name(let name): text(name.text)
      case .literal(let key): add("key") { $0.add(key) }
      case .spread: add("spread")
      }
      add(field.value)
    }
  }

  private mutating func add(_ pieces: [InterpolationPiece]) {
    for piece in pieces {
      switch piece {
      case .text(let text): self.text(text)
      case .value(let value, let format):
        add("value") {
          $0.add(value)
          $0.text(format)
        }
      case .formatted(let value, let format):
        add("formatted") {
          $0.add(value)
          $0.add(format)
        }
      }
    }
  }

  private mutating func add(_ expression: Expression) {
    switch expression.kind {
    case .none: add("none")
    case .bool(let value): add("bool") { $0.flag(value) }
    case .int(let value): add("int") { $0.text(String(value)) }
    case .float(let value): add("float") { $0.number(value) }
    case .duration(let value): add("duration") { $0.number(value) }
    case .size(let value): add("size") { $0.text(String(value)) }
    case .string(let value): add("string") { $0.text(value) }
    case .interpolation(let pieces): add("interpolation") { $0.add(pieces) }
    case .list(let elements):
      add("list") {
        for element in elements {
          $0.flag(element.isSpread)
          $0.add(element.value)
        }
      }
    case .record(let fields): add("record") { $0.add(fields) }
    case .mixture(let fields): add("mixture") { $0.add(fields) }
    case .spawn(let call): add("spawn") { $0.add(call) }
    case .name(let name): add("name") { $0.text(name) }
    case .fieldFunction(let name): add("field") { $0.text(name.text) }
    case .function(let function): add(function)
    case .block(let block):
      // A budget as a value is the same as one that is a statement.
      if block.statements.count == 1, case .budget = block.statements[0].kind,
        block.statements[0].span == block.span
      {
        add(kind: block.statements[0].kind)
      } else {
        add(block)
      }
    case .return(let value): add("return") { $0.add(value) }
    case .break: add("break")
    case .continue: add("continue")
    case .missing: add("missing")
    default: addCompound(expression)
    }
  }

  private mutating func addCompound(_ expression: Expression) {
    switch expression.kind {
    case .unary(let operation, let operand):
      add(operation == .minus ? "minus" : "not") { $0.add(operand) }
    case .binary(let operation, let left, let right):
      add("binary") {
        $0.text(operation.rawValue)
        $0.add(left)
        $0.add(right)
      }
    case .approximately(let left, let right, let tolerance):
      add("near") {
        $0.add(left)
        $0.add(right)
        $0.add(tolerance)
      }
    case .range(let low, let high, let closed, let step):
      if let step { steps.insert(Int(step.span.start)) }
      add("range") {
        $0.flag(closed)
        $0.add(low)
        $0.add(high)
        $0.add(step)
      }
    case .call(let callee, let arguments):
      add("call") {
        $0.add(callee)
        $0.add(arguments)
      }
    case .pipe(let input, let callee, let arguments):
      add("pipe") {
        $0.add(input)
        $0.add(callee)
        $0.add(arguments)
      }
    case .index(let base, let key):
      add("index") {
        $0.add(base)
        $0.add(key)
      }
    case .member(let base, let name):
      add("member") {
        $0.add(base)
        $0.text(name.text)
      }
    case .if(let condition, let then, let otherwise):
      add("if") {
        $0.add(condition)
        $0.add(then)
        $0.add(otherwise)
      }
    case .match(let subject, let arms):
      subjects.append(Int(subject.span.end))
      add("match") {
        $0.add(subject)
        for arm in arms { $0.add(arm) }
      }
    case .tryCatch(let body, let error, let handler):
      add("try") {
        $0.add(body)
        $0.text(error?.text)
        $0.add(handler)
      }
    default: break
    }
  }

  private mutating func add(_ arm: MatchArm) {
    arms.insert(Int(arm.pattern.span.start))
    add("arm") {
      $0.add(arm.pattern)
      $0.add(arm.guardCondition)
      $0.add(arm.value)
    }
  }

  private mutating func add(_ pattern: Pattern) {
    switch pattern.kind {
    case .wildcard: add("wildcard")
    case .binding(let name): add("binds") { $0.text(name) }
    case .literal(let value): add("literal") { $0.add(value) }
    case .range(let low, let high, let closed):
      add("within") {
        $0.flag(closed)
        $0.add(low)
        $0.add(high)
      }
    case .either(let patterns):
      add("either") { for pattern in patterns { $0.add(pattern) } }
    case .list(let patterns, let rest):
      add("elements") {
        for pattern in patterns { $0.add(pattern) }
        if let rest {
          $0.text(String(rest.position))
          $0.text(rest.name?.text)
        }
      }
    case .record(let fields):
      add("fields") {
        for field in fields {
          $0.text(field.key.text)
          $0.add(field.pattern)
        }
      }
    }
  }
}
