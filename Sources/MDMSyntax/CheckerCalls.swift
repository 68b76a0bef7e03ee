extension Checker {
  /// A call, or the call at the right of a pipe, whose input counts as an argument.
  mutating func call(
    _ callee: Expression, _ arguments: [Argument], input: Expression?, at span: Span
  ) {
    var known: CallSignature?
    var others: [CallSignature] = []
    switch callee.kind {
    case .name(let text):
      resolve(text, at: callee.span)
      known = signature(of: text)
      others = overloads(of: text)
    case .member(let base, let member):
      expression(callee)
      if case .name(let module) = base.kind { known = signature(of: member, in: module) }
    case .int, .float, .string, .interpolation, .bool, .none, .duration, .size, .list, .record,
      .mixture, .range:
      error(
        "E0356", "\(Self.kind(callee)) cannot be called", at: callee.span,
        hint: "is a comma or an operator missing before the parentheses?")
      expression(callee)
    default: expression(callee)
    }
    var places = 0
    for argument in arguments {
      switch argument.kind {
      case .placeholder, .namedPlaceholder:
        places += 1
        if input == nil || places > 1 { misplaced(argument) }
      default: expression(argument.value)
      }
    }
    if recorder != nil { recordArguments(arguments, of: callee) }
    if let signature = known {
      matchAny(
        arguments, [signature] + others, input: places == 0 ? input : nil, callee.span, at: span)
    } else {
      doubledNames(arguments)
    }
  }

  mutating func misplaced(_ argument: Argument) {
    error(
      "E0309", "`_` stands once, for the input of a pipe", at: argument.value.span,
      hint: "write x |> f(1, _), or fn(x) f(x, x) where it is needed twice")
  }

  private static func kind(_ expression: Expression) -> String {
    switch expression.kind {
    case .int, .float: "a number"
    case .string, .interpolation: "a string"
    case .list: "a list"
    case .record: "a record"
    case .mixture: "a mixture"
    case .range: "a range"
    case .duration: "a duration"
    case .size: "a size"
    default: "this value"
    }
  }

  private mutating func doubledNames(_ arguments: [Argument]) {
    var names: Set<String> = []
    for argument in arguments {
      guard let name = Self.name(argument), !names.insert(name.text).inserted else { continue }
      error(
        "E0353", "the argument `\(name.text)` is given twice", at: name.span, hint: "remove one")
    }
  }

  static func name(_ argument: Argument) -> Name? {
    switch argument.kind {
    case .named(let name), .namedPlaceholder(let name): name
    default: nil
    }
  }

  /// Accepts arguments that fit one of several signatures; else reports what is wrong with the
  /// nearest, and all of them.
  private mutating func matchAny(
    _ arguments: [Argument], _ signatures: [CallSignature], input: Expression?, _ callee: Span,
    at span: Span
  ) {
    let before = diagnostics
    var best: [Diagnostic]?
    for signature in signatures {
      diagnostics = before
      match(arguments, signature, input: input, callee, at: span)
      if diagnostics.count == before.count { return }
      if diagnostics.count < best?.count ?? .max { best = diagnostics }
    }
    diagnostics = best ?? before
    guard signatures.count > 1 else { return }
    for index in before.count..<diagnostics.count {
      diagnostics[index].notes = signatures.map(\.usage)
    }
  }

  /// Compares arguments with parameters: positional ones first, then names.
  private mutating func match(
    _ arguments: [Argument], _ signature: CallSignature, input: Expression?, _ callee: Span,
    at span: Span
  ) {
    let parameters = signature.parameters
    let faults = diagnostics.count
    let restIndex = parameters.firstIndex(where: \.isRest)
    let room = restIndex ?? parameters.count
    var given: Set<String> = []
    var hasSpread = false
    var positional = input.map { [$0.span] } ?? []
    for argument in arguments {
      switch argument.kind {
      case .positional, .placeholder: positional.append(argument.value.span)
      case .spread: hasSpread = true
      case .named, .namedPlaceholder: break
      }
    }
    if positional.count > room, restIndex == nil {
      let takes = room == 1 ? "1 argument" : "\(room) arguments"
      let extra = positional[room]
      error(
        "E0351",
        "`\(signature.name)` takes \(room == 0 ? "no arguments" : "at most \(takes)"), "
          + "\(positional.count) given", at: extra.start < callee.start ? callee : extra,
        hint: input == nil ? nil : "the input of the pipe is the first argument",
        notes: [signature.usage])
    }
    for parameter in parameters.prefix(min(room, positional.count)) {
      given.insert(parameter.name)
    }
    for argument in arguments {
      guard let name = Self.name(argument) else { continue }
      guard parameters.contains(where: { $0.name == name.text && !$0.isRest }) else {
        unknownArgument(name, signature)
        continue
      }
      if !given.insert(name.text).inserted {
        error(
          "E0353", "the argument `\(name.text)` is given twice", at: name.span,
          hint: positional.isEmpty ? "remove one" : "it is given by its place already",
          notes: [signature.usage])
      }
    }
    // What is misspelt or doubled is what is missing.
    guard !hasSpread, diagnostics.count == faults else { return }
    let missing = parameters.filter { $0.isRequired && !given.contains($0.name) }
    guard let first = missing.first else { return }
    let names = missing.map { "`\($0.name)`" }.joined(separator: ", ")
    let isAlone = missing.count == 1
    error(
      "E0354", "`\(signature.name)` misses its argument\(isAlone ? "" : "s") \(names)",
      at: callee.start <= span.start ? span : callee.through(span),
      hint: "write \(first.name): …", notes: [signature.usage])
  }

  private mutating func unknownArgument(_ name: Name, _ signature: CallSignature) {
    let known = signature.parameters.filter { !$0.isRest }.map(\.name)
    let nearest =
      SpellingSuggestion.nearest(to: name.text, among: known)
      ?? known.filter { $0.hasPrefix(name.text) || name.text.hasPrefix($0) }.min()
    error(
      "E0352", "`\(signature.name)` has no argument named `\(name.text)`", at: name.span,
      nearest: nearest, notes: [signature.usage])
  }
}
