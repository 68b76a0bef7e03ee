import MDMDeclarations
import MDMSyntax

/// Compiles the statements of one chunk or module.
struct Compiler {
  let machine: Machine
  let source: SourceText
  let module: ModuleScope

  init(_ machine: Machine, _ source: SourceText, _ module: ModuleScope) {
    self.machine = machine
    self.source = source
    self.module = module
  }

  /// The code of the chunk; its value is the last expression's.
  func compile(_ statements: [Statement]) throws -> UnsafeMutablePointer<Code> {
    let declaration = FunctionSignature("top level", [], returns: .any, family: "script", "")
    let function = FunctionCompiler(self, parent: nil, "top level", declaration)
    function.parts.isChunk = true
    let result = function.newRegister()
    let end = Int(source.bytes.count)
    try function.compileBlock(Block(statements, Span(0, end)), into: result)
    function.emit(.return, result)
    return try function.finish()
  }
}

/// Compiles one function: registers, scopes, jumps. Extensions hold the forms of the language.
final class FunctionCompiler {
  struct Variable {
    let name: String
    let register: Int
    let isMutable: Bool
    var isVisible = true
    var isCaptured = false
  }

  struct Scope {
    let firstVariable: Int
    let firstRegister: Int
  }

  /// The range that a reward declares for what it gives.
  var rewardRange: (low: Expression, high: Expression)?

  /// What leaving a stretch of code early has to do.
  enum Cleanup {
    case handler
    case budget
    case defers(register: Int)
  }

  struct Loop {
    let firstRegister: Int
    let cleanupCount: Int
    var breaks: [Int] = []
    var continues: [Int] = []
  }

  enum Place {
    case local(Int, isMutable: Bool)
    case upvalue(Int, isMutable: Bool)
    case global(Int, isMutable: Bool)
    case native(Value)
  }

  let compiler: Compiler
  let machine: Machine
  let parent: FunctionCompiler?
  var parts: FunctionParts
  var scopes: [Scope] = []
  var variables: [Variable] = []
  var cleanups: [Cleanup] = []
  var loops: [Loop] = []
  var nextFree = 0
  /// The place that emitted instructions belong to.
  var span = Span(0, 0)
  /// Top-level names whose line has not been reached.
  var hidden: Set<String> = []
  /// Top-level names of this chunk.
  var declared: Set<String> = []
  private var constantIndex: [ConstantKey: Int] = [:]
  private var cacheIndex: [UInt64: Int] = [:]
  private var upvalues: [(name: String, isMutable: Bool)] = []
  private var isTooLarge = false

  private struct ConstantKey: Hashable {
    let tag: UInt8
    let bits: UInt64
  }

  init(
    _ compiler: Compiler, parent: FunctionCompiler?, _ name: String,
    _ declaration: FunctionSignature
  ) {
    self.compiler = compiler
    machine = compiler.machine
    self.parent = parent
    parts = FunctionParts(name: name, source: compiler.source, declaration: declaration)
  }

  func finish() throws -> UnsafeMutablePointer<Code> {
    if isTooLarge || parts.instructions.count > 1 << 24 {
      throw ScriptError(
        .error,
        Diagnostic(
          code: RuntimeCode.limit.rawValue, "`\(parts.name)` is too large",
          at: (compiler.source, span), hint: "split it into several functions"))
    }
    parts.registerCount += 8
    let info = FunctionInfo(parts)
    machine.functions.append(info)
    return info.code
  }

  // MARK: Instructions

  @discardableResult
  func emit(_ op: Op, _ a: Int = 0, _ b: Int = 0, _ c: Int = 0) -> Int {
    if max(a, b, c) > Int(UInt16.max) { isTooLarge = true }
    parts.instructions.append(
      Instruction(
        op, UInt16(truncatingIfNeeded: a), UInt16(truncatingIfNeeded: b),
        UInt16(truncatingIfNeeded: c)))
    parts.spans.append(span)
    return parts.instructions.count - 1
  }

  /// A jump, to be patched.
  func emitJump() -> Int { emit(.jump) }

  /// A conditional instruction with its jump, to be patched.
  func emitJump(_ op: Op, _ a: Int, _ b: Int = 0, _ c: Int = 0) -> Int {
    emit(op, a, b, c)
    return emit(.jump)
  }

  /// Lets jumps end here.
  func patch(_ jumps: [Int]) {
    for jump in jumps {
      parts.instructions[jump].setWide(parts.instructions.count - jump - 1)
    }
  }

  func emitLoop(to start: Int) {
    let index = emit(.loop)
    parts.instructions[index].setWide(start - index - 1)
  }

  func emitConstant(_ value: Value, into target: Int) {
    if value.tag == .none {
      emit(.none, target)
    } else {
      let index = emit(.constant, target)
      parts.instructions[index].setWide(constant(value))
    }
  }

  func constant(_ value: Value) -> Int {
    let key = ConstantKey(tag: value.tag.rawValue, bits: value.bits)
    if let known = constantIndex[key] { return known }
    parts.constants.append(value)
    constantIndex[key] = parts.constants.count - 1
    return parts.constants.count - 1
  }

  func constant(_ text: String) -> Int {
    constant(Value(machine.heap.pointee.symbols.intern(text)))
  }

  /// A new cache for a field access: each place has its own.
  func cache(_ name: String) -> Int {
    parts.caches.append(machine.heap.pointee.symbols.intern(name))
    return parts.caches.count - 1
  }

  // MARK: Registers and scopes

  func newRegister() -> Int { newRegisters(1) }

  func newRegisters(_ count: Int) -> Int {
    let first = nextFree
    nextFree += count
    parts.registerCount = max(parts.registerCount, nextFree)
    if nextFree > 60_000 { isTooLarge = true }
    return first
  }

  /// Runs a body and frees the registers that it took.
  func temporarily<Result>(_ body: () throws -> Result) rethrows -> Result {
    let mark = nextFree
    defer { nextFree = mark }
    return try body()
  }

  var isTopLevel: Bool { parts.isChunk && scopes.count == 1 }

  func openScope() {
    scopes.append(Scope(firstVariable: variables.count, firstRegister: nextFree))
  }

  /// Ends a scope; its captured variables leave the stack.
  func closeScope() {
    guard let scope = scopes.popLast() else { return }
    emitClose(from: scope.firstRegister)
    variables.removeSubrange(scope.firstVariable...)
    nextFree = scope.firstRegister
  }

  func emitClose(from register: Int) {
    if variables.contains(where: { $0.isCaptured && $0.register >= register }) {
      emit(.close, register)
    }
  }

  func declare(_ name: String, _ register: Int, isMutable: Bool, isVisible: Bool = true) {
    variables.append(
      Variable(name: name, register: register, isMutable: isMutable, isVisible: isVisible))
  }

  /// The register of a new local, the one that was set aside where its block declared it ahead.
  func local(_ name: String, isMutable: Bool) -> Int {
    if let scope = scopes.last {
      for position in scope.firstVariable..<variables.count
      where variables[position].name == name && !variables[position].isVisible {
        return variables[position].register
      }
    }
    return newRegister()
  }

  /// Makes a local visible from here on.
  func reveal(_ name: String, _ register: Int, isMutable: Bool) {
    if let position = variables.lastIndex(where: { $0.name == name && $0.register == register }) {
      variables[position].isVisible = true
    } else {
      declare(name, register, isMutable: isMutable)
    }
  }

  // MARK: Names

  func resolve(_ name: String) -> Place? {
    if let position = variables.lastIndex(where: { $0.name == name && $0.isVisible }) {
      return .local(variables[position].register, isMutable: variables[position].isMutable)
    }
    if let (index, isMutable) = upvalue(name) { return .upvalue(index, isMutable: isMutable) }
    var top = self
    while let parent = top.parent { top = parent }
    if !top.hidden.contains(name), let variable = compiler.module.variables[name],
      // A chunk that failed leaves names without a value: they must not hide a native function.
      top.declared.contains(name) || machine.globals.start[variable.slot].tag != .undefined
    {
      return .global(variable.slot, isMutable: variable.isMutable)
    }
    return machine.natives[name].map { .native($0) }
  }

  private func upvalue(_ name: String) -> (Int, Bool)? {
    if let known = upvalues.firstIndex(where: { $0.name == name }) {
      return (known, upvalues[known].isMutable)
    }
    guard let parent else { return nil }
    let source: UpvalueSource
    let isMutable: Bool
    if let position = parent.variables.lastIndex(where: { $0.name == name && $0.isVisible }) {
      parent.variables[position].isCaptured = true
      source = UpvalueSource(isLocal: true, index: parent.variables[position].register)
      isMutable = parent.variables[position].isMutable
    } else if let (index, mutable) = parent.upvalue(name) {
      source = UpvalueSource(isLocal: false, index: index)
      isMutable = mutable
    } else {
      return nil
    }
    parts.upvalues.append(source)
    upvalues.append((name, isMutable))
    return (upvalues.count - 1, isMutable)
  }

  func unknown(_ name: String) -> ScriptError {
    failure(.unsetName, "there is no `\(name)`")
  }

  func failure(_ code: RuntimeCode, _ message: String, hint: String? = nil) -> ScriptError {
    ScriptError(
      .error,
      Diagnostic(code: code.rawValue, message, at: (compiler.source, span), hint: hint))
  }
}
