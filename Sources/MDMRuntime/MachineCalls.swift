import MDMDeclarations

/// Calls: windows, argument matching, native bodies, re-entry from natives.
extension Machine {
  /// Calls a function from Swift. The arguments may be held by the caller alone: they are stored
  /// on the stack before anything can collect.
  func invoke(
    _ callee: Value, _ arguments: [Value], named: [(String, Value)] = []
  ) throws -> Value {
    let window = state.pointee.top
    guard state.pointee.nativeDepth < Machine.nativeDepthLimit else { throw tooDeep() }
    guard stack.end - window > arguments.count + named.count + Machine.slack else {
      throw tooDeep()
    }
    window[0] = callee
    var count = 0
    for argument in arguments {
      window[1 + count] = argument
      count += 1
    }
    noteWrites(below: window + 1 + count)
    let isBound = !named.isEmpty
    if isBound {
      count = try bind(
        callee, arguments, named.map { (heap.pointee.symbols.intern($0.0), $0.1) }, window + 1)
    }
    state.pointee.nativeDepth += 1
    defer {
      state.pointee.nativeDepth -= 1
      state.pointee.top = window
    }
    switch callee.tag {
    case .closure:
      if !isBound { try adjust(callee.closure.code, window + 1, count) }
      try pushFrame(callee.closure, window + 1, destination: window)
      return try loop()
    case .native: return try callNative(callee, window + 1, count, isBound: isBound)
    default: throw notCallable(callee)
    }
  }

  /// Calls a function with one or two arguments, as natives do for every element of a list.
  func invoke(_ callee: Value, _ first: Value, _ second: Value? = nil) throws -> Value {
    guard callee.tag == .closure else {
      return try invoke(callee, second.map { [first, $0] } ?? [first])
    }
    let window = state.pointee.top
    guard state.pointee.nativeDepth < Machine.nativeDepthLimit,
      stack.end - window > 2 + Machine.slack
    else { throw tooDeep() }
    window[0] = callee
    window[1] = first
    var count = 1
    if let second {
      window[2] = second
      count = 2
    }
    noteWrites(below: window + 1 + count)
    state.pointee.nativeDepth += 1
    defer {
      state.pointee.nativeDepth -= 1
      state.pointee.top = window
    }
    // The loop counts the calls in it, not the one that starts it.
    if state.pointee.isWatched { try burn(1) }
    try adjust(callee.closure.code, window + 1, count)
    try pushFrame(callee.closure, window + 1, destination: window)
    return try loop()
  }

  /// Remembers that registers below have been written, so that a collection clears them.
  @inline(__always)
  private func noteWrites(below end: UnsafeMutablePointer<Value>) {
    if end > state.pointee.highWater { state.pointee.highWater = end }
  }

  /// Opens a frame whose parameters are in place.
  @inline(__always)
  func pushFrame(
    _ closure: Ref<ClosureObject>, _ base: UnsafeMutablePointer<Value>,
    destination: UnsafeMutablePointer<Value>
  ) throws {
    let code = closure.code
    let end = base + code.pointee.registerCount
    let depth = state.pointee.depth + 1
    if depth >= frames.count - 8 || end + Machine.slack > stack.end { throw tooDeep() }
    if end > state.pointee.highWater { state.pointee.highWater = end }
    frames.start[depth] = Frame(
      code: code, pc: code.pointee.instructions, base: base, closure: closure.pointer,
      destination: destination)
    state.pointee.depth = depth
  }

  /// Fits positional arguments to a closure's parameters: fills in missing ones, collects the rest.
  @inline(__always)
  func adjust(
    _ code: UnsafeMutablePointer<Code>, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
  ) throws {
    if count == code.pointee.parameterCount && !code.pointee.hasRest { return }
    try adjustSlowly(code, arguments, count)
  }

  @inline(never)
  private func adjustSlowly(
    _ code: UnsafeMutablePointer<Code>, _ arguments: UnsafeMutablePointer<Value>, _ count: Int
  ) throws {
    let info = code.pointee.info.takeUnretainedValue()
    try fit(info.declaration, restIndex: info.restIndex, arguments, count)
    for position in min(count, info.restIndex)..<code.pointee.parameterCount
    where arguments[position].tag == .missing {
      try checkGiven(info.declaration, position)
    }
  }

  /// Fills `missing` in for arguments that were not given and collects the rest.
  private func fit(
    _ declaration: FunctionSignature, restIndex: Int, _ arguments: UnsafeMutablePointer<Value>,
    _ count: Int
  ) throws {
    let parameterCount = declaration.parameters.count
    guard stack.end - arguments > count + parameterCount + Machine.slack / 2 else {
      throw tooDeep()
    }
    noteWrites(below: arguments + parameterCount)
    if restIndex < parameterCount {
      let rest = heap.pointee.newList(capacity: max(count - restIndex, 0))
      for position in stride(from: restIndex, to: count, by: 1) {
        heap.pointee.append(arguments[position], to: rest)
      }
      for position in min(count, restIndex)..<parameterCount { arguments[position] = .missing }
      arguments[restIndex] = Value(rest)
      return
    }
    if count > parameterCount {
      throw ScriptError(
        .argumentCount,
        "`\(declaration.name)` takes \(countText(parameterCount)), got \(count)",
        hint: "it is declared as \(declaration.usage)", argument: parameterCount)
    }
    for position in count..<parameterCount { arguments[position] = .missing }
  }

  private func countText(_ count: Int) -> String {
    count == 0 ? "no arguments" : count == 1 ? "one argument" : "\(count) arguments"
  }

  private func checkGiven(_ declaration: FunctionSignature, _ position: Int) throws {
    let parameter = declaration.parameters[position]
    if parameter.defaultText == nil, !parameter.isRest {
      throw ScriptError(
        .argumentCount, "`\(declaration.name)` needs a value for `\(parameter.name)`",
        hint: "it is declared as \(declaration.usage)")
    }
  }

  // MARK: Names and spreads

  /// Spreads a shaped call's arguments out into the window of its callee, in parameter order.
  func bind(
    _ callee: Value, _ descriptor: CallDescriptor, _ arguments: UnsafeMutablePointer<Value>,
    receiver: Value?
  ) throws -> Int {
    var positional: [Value] = []
    var named: [(Ref<StringObject>, Value)] = []
    if let receiver { positional.append(receiver) }
    let first = arguments + (receiver == nil ? 0 : 1)
    for (position, kind) in descriptor.kinds.enumerated() {
      let value = first[position]
      switch kind {
      case .positional: positional.append(value)
      case .named(let name): named.append((name, value))
      case .spread:
        switch value.tag {
        case .record:
          let record = value.record
          for entry in 0..<record.used {
            guard let key = heap.pointee.key(entry, in: record) else { continue }
            guard key.tag == .string else {
              throw ScriptError(
                .argumentName, "a spread record needs names as keys, this one has \(brief(key))",
                argument: position)
            }
            named.append((heap.pointee.symbols.intern(key.string.buffer), record.slots[entry]))
          }
        case .list:
          let list = value.list
          for position in 0..<list.count { positional.append(list.items[position]) }
        default:
          throw ScriptError(
            .argumentType, "`..` spreads a List or a Record into a call, got \(brief(value))",
            argument: position)
        }
      }
    }
    return try bind(callee, positional, named, arguments)
  }

  /// Writes arguments in parameter order; `missing` where none was given.
  func bind(
    _ callee: Value, _ positional: [Value], _ named: [(Ref<StringObject>, Value)],
    _ arguments: UnsafeMutablePointer<Value>
  ) throws -> Int {
    guard callee.isFunction else { throw notCallable(callee) }
    var (callee, positional, named) = (callee, positional, named)
    chooseOverload(&callee, &positional, &named)
    let declaration = signature(of: callee)
    let names: [Ref<StringObject>]
    let restIndex: Int
    if callee.tag == .closure {
      let info = callee.closure.code.pointee.info.takeUnretainedValue()
      names = info.parameterNames
      restIndex = info.restIndex
    } else {
      let native = callee.native.native.takeUnretainedValue()
      names = native.symbols
      restIndex = native.restIndex
    }
    guard stack.end - arguments > positional.count + names.count + Machine.slack / 2 else {
      throw tooDeep()
    }
    noteWrites(below: arguments + max(positional.count, names.count))
    for (position, value) in positional.enumerated() { arguments[position] = value }
    try fit(declaration, restIndex: restIndex, arguments, positional.count)
    for (name, value) in named {
      guard let position = names.firstIndex(of: name), position != restIndex else {
        throw unknownArgument(name.text, declaration)
      }
      guard arguments[position].tag == .missing else {
        throw ScriptError(
          .argumentName, "`\(declaration.name)` gets `\(name.text)` twice",
          hint: "it is declared as \(declaration.usage)")
      }
      arguments[position] = value
    }
    for position in 0..<names.count where arguments[position].tag == .missing {
      try checkGiven(declaration, position)
    }
    return names.count
  }

  /// Finds the function for a first argument that is a domain value, and puts that argument first
  /// where it was given by name, so that `callNative` makes the same choice.
  private func chooseOverload(
    _ callee: inout Value, _ positional: inout [Value],
    _ named: inout [(Ref<StringObject>, Value)]
  ) {
    guard callee.tag == .native else { return }
    let native = callee.native.native.takeUnretainedValue()
    guard !native.overloads.isEmpty else { return }
    if let first = positional.first {
      callee = native.overload(for: first) ?? callee
      return
    }
    for (position, (name, value)) in named.enumerated() {
      guard let other = native.overload(for: value) else { continue }
      let own = other.native.native.takeUnretainedValue().symbols.first
      guard name == own || name == native.symbols.first else { continue }
      callee = other
      positional = [value]
      named.remove(at: position)
      return
    }
  }

  private func unknownArgument(_ name: String, _ declaration: FunctionSignature) -> ScriptError {
    let known = declaration.parameters.filter { !$0.isRest }.map(\.name)
    let hint =
      Spelling.nearest(name, known).map { "did you mean `\($0)`?" }
      ?? "it is declared as \(declaration.usage)"
    return ScriptError(
      .argumentName, "`\(declaration.name)` has no parameter `\(name)`", hint: hint)
  }

  // MARK: Natives

  /// Calls a native function with arguments at a place on the stack.
  func callNative(
    _ callee: Value, _ arguments: UnsafeMutablePointer<Value>, _ count: Int, isBound: Bool = false
  ) throws -> Value {
    // Registered natives live as long as the machine: no call needs to retain one.
    var owner = callee.native.native
    if count > 0, arguments[0].tag == .domain,
      let other = owner._withUnsafeGuaranteedRef({ $0.overload(for: arguments[0]) })
    {
      owner = other.native.native
    }
    return try owner._withUnsafeGuaranteedRef { native in
      let parameterCount = native.parameterCount
      if !isBound, count != parameterCount || native.hasRest {
        try fit(native.function.signature, restIndex: native.restIndex, arguments, count)
      }
      let end = arguments + parameterCount
      state.pointee.top = end
      if end > state.pointee.highWater { state.pointee.highWater = end }
      var missing: UInt64 = 0
      var position = 0
      while position < parameterCount {
        if native.plainMasks[position] & (1 << UInt32(arguments[position].tag.rawValue)) == 0 {
          try check(native, arguments, position, &missing)
        }
        position &+= 1
      }
      let call = NativeCall(
        machine: self, owner: owner, arguments: arguments, missing: missing)
      if state.pointee.isWatched { return try watched(native, call) }
      switch native.body {
      case .raw(let body): return try body(call)
      case .datum(let body): return value(try body(call))
      }
    }
  }

  /// Runs a native whose time is looked at, or that is paid for.
  @inline(never)
  private func watched(_ native: RegisteredNative, _ call: NativeCall) throws -> Value {
    if fuel != nil { try burn(cost(of: call.arguments, count: native.parameterCount)) }
    if let profile, interrupt.takeSample() { note(in: profile) }
    defer { if let profile, interrupt.takeSample() { note(in: profile, native: native.name) } }
    switch native.body {
    case .raw(let body): return try body(call)
    case .datum(let body): return value(try body(call))
    }
  }

  @inline(never)
  private func check(
    _ native: RegisteredNative, _ arguments: UnsafeMutablePointer<Value>, _ position: Int,
    _ missing: inout UInt64
  ) throws {
    let value = arguments[position]
    if value.tag == .missing {
      let standard = native.defaults[position]
      if standard.tag == .missing, !native.function.signature.parameters[position].isRest {
        try checkGiven(native.function.signature, position)
      }
      arguments[position] = standard
      missing |= 1 << UInt64(position & 63)
      return
    }
    let parameter = native.function.signature.parameters[position]
    if parameter.isRest { return }
    if native.masks[position] & (1 << UInt32(value.tag.rawValue)) == 0
      || value.tag == .domain && !native.domainNames[position].isEmpty
        && !native.domainNames[position].contains(value.domain.object.typeName)
    {
      throw argumentMismatch(parameter.name, parameter.type, value, position)
    }
    if value.tag == .int, native.convertsToFloat[position] {
      arguments[position] = Value(Double(value.int))
    }
  }

  func argumentMismatch(
    _ name: String, _ type: ScriptType, _ value: Value, _ position: Int
  ) -> ScriptError {
    var hint: String?
    if value.isNumber {
      let number = display(value, width: 40)
      if type == .duration { hint = "write \(number)s" }
      if type == .size { hint = "write \(number)MB" }
    }
    if type == .int, value.tag == .float { hint = "write int(…) or round(…)" }
    if value.tag == .domain { hint = value.domain.object.hintWhereUnexpected }
    return ScriptError(
      .argumentType, "`\(name)` takes \(type), got \(brief(value))", hint: hint, argument: position)
  }

  // MARK: Errors of calls

  @inline(never)
  func tooDeep() -> ScriptError {
    ScriptError(
      .recursion, "calls are nested too deeply",
      hint: "does the recursion reach its end? a loop needs no stack")
  }

  @inline(never)
  func notCallable(_ value: Value) -> ScriptError {
    ScriptError(.notCallable, "\(brief(value)) is not a function and cannot be called")
  }
}
