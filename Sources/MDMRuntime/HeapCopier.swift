import MDMSyntax

/// Copies what a value reaches from one machine into another that has the same native functions.
///
/// Every object is copied once, so that what was shared stays shared and circles stay circles. The
/// work that is left stands in a list: however deep a structure is, nothing here recurses into it.
/// Neither heap collects meanwhile, since only the loop of a machine does.
struct HeapCopier {
  private enum Work {
    case list(Ref<ListObject>, Ref<ListObject>)
    case record(Ref<RecordObject>, Ref<RecordObject>)
    case closure(Ref<ClosureObject>, Ref<ClosureObject>)
    case upvalue(UnsafeMutablePointer<UpvalueObject>, UnsafeMutablePointer<UpvalueObject>)
    case global(Int)
  }

  private typealias CodePointer = UnsafeMutablePointer<Code>

  private let source: Machine
  private let target: Machine
  /// Copies by the address of what they are copies of.
  private var copies: [UInt64: Value] = [:]
  private var upvalues: [UnsafeMutablePointer<UpvalueObject>: UnsafeMutablePointer<UpvalueObject>] =
    [:]
  private var codes: [CodePointer: CodePointer] = [:]
  private var shapes: [UnsafeMutablePointer<Shape>: UnsafeMutablePointer<Shape>] = [:]
  /// Where a `none` comes from, in the copied code.
  private var origins: [UInt64: UInt64] = [:]
  /// Code whose globals have been asked for.
  private var followed: Set<CodePointer> = []
  private var slots: Set<Int> = []
  private var pending: [Work] = []

  /// - Parameters:
  ///   - source: nothing of it changes, but for hashes that strings remember.
  ///   - target: has the native functions of the source in the same order, and no globals yet.
  init(from source: Machine, to target: Machine) {
    self.source = source
    self.target = target
    for (own, other) in zip(source.nativeValues, target.nativeValues) { copies[own.bits] = other }
    shapes[source.heap.pointee.emptyShape] = target.heap.pointee.emptyShape
  }

  /// A copy with all that it reaches; the caller keeps it alive.
  mutating func copy(_ value: Value) -> Value {
    let made = translate(value)
    while let next = pending.popLast() { finish(next) }
    return made
  }

  /// Copies the names of the top level and the modules, whose values come with the code that
  /// mentions them. To be called last.
  mutating func copyScopes() {
    target.globalCount = source.globalCount
    target.main.variables = source.main.variables
    target.main.publicNames = source.main.publicNames
    for module in source.modules.dropFirst() {
      // One whose record is not reached may be loaded anew under its name.
      let record = module.record.flatMap { copies[$0.value.bits] }
      let isKnown = record != nil || !module.isLoaded
      let made = ModuleScope(name: isKnown ? module.name : "", index: module.index)
      made.variables = module.variables
      made.publicNames = module.publicNames
      made.isLoaded = module.isLoaded
      made.record = record.map(target.handle)
      target.modules.append(made)
    }
  }

  // MARK: Values

  /// The value in the target; its content may still be pending.
  private mutating func translate(_ value: Value) -> Value {
    switch value.tag {
    case .bool, .int, .float, .duration, .size, .undefined, .missing: return value
    case .none: return origin(value)
    case .string, .list, .record, .range, .closure, .native, .domain: break
    }
    if let known = copies[value.bits] { return known }
    let made: Value
    switch value.tag {
    case .string: made = string(value.string)
    case .list:
      let list = target.heap.pointee.newList(capacity: value.list.count)
      pending.append(.list(value.list, list))
      made = Value(list)
    case .record: made = record(value.record)
    case .range:
      let range = value.range
      made = Value(
        target.heap.pointee.newRange(
          range.start, range.end, step: range.step, isClosed: range.isClosed))
    case .closure:
      let closure = target.heap.pointee.newClosure(code(value.closure.code))
      pending.append(.closure(value.closure, closure))
      made = Value(closure)
    case .domain: made = Value(target.heap.pointee.newDomain(value.domain.object))
    default:
      // A native of the source that the target lacks: an invariant of `Machine.fork`.
      return .none
    }
    let isFrozen = Ref<Header>(address: value.bits).isFrozen
    // Single characters are symbols, which everybody shares.
    if made.tag != .string { Ref<Header>(address: made.bits).isFrozen = isFrozen }
    copies[value.bits] = made
    return made
  }

  private mutating func string(_ string: Ref<StringObject>) -> Value {
    Value(
      string.isSymbol
        ? target.heap.pointee.symbols.intern(string.buffer)
        : target.heap.pointee.newString(string.buffer))
  }

  private mutating func symbol(_ symbol: Ref<StringObject>) -> Ref<StringObject> {
    target.heap.pointee.symbols.intern(symbol.buffer)
  }

  private mutating func record(_ record: Ref<RecordObject>) -> Value {
    let made =
      record.shape.map { shape in
        let shape = self.shape(shape)
        return target.heap.pointee.newRecord(shape: shape, capacity: record.used)
      } ?? target.heap.pointee.newKeyedRecord(capacity: record.count)
    pending.append(.record(record, made))
    return Value(made)
  }

  private mutating func shape(
    _ shape: UnsafeMutablePointer<Shape>
  ) -> UnsafeMutablePointer<Shape> {
    if let known = shapes[shape] { return known }
    // A shape has few keys, so the walk to its root is short.
    guard let parent = shape.pointee.parent else { return target.heap.pointee.emptyShape }
    let key = symbol(shape.pointee.keys[shape.pointee.count - 1])
    let made = Shape.copying(key, to: self.shape(parent))
    shapes[shape] = made
    return made
  }

  /// A `none` still knows where it comes from: the code of that place is copied with it.
  private mutating func origin(_ value: Value) -> Value {
    guard value.bits != 0 else { return value }
    if let known = origins[value.bits] { return Value(tag: .none, bits: known) }
    var bits: UInt64 = 0
    if let pc = UnsafeMutablePointer<Instruction>(bitPattern: UInt(value.bits)) {
      for info in source.functions {
        let start = info.code.pointee.instructions
        guard pc > start, pc <= start + info.spans.count else { continue }
        let place = code(info.code).pointee.instructions + (pc - start)
        bits = UInt64(UInt(bitPattern: place))
        break
      }
    }
    origins[value.bits] = bits
    return Value(tag: .none, bits: bits)
  }

  // MARK: Content

  private mutating func finish(_ work: Work) {
    switch work {
    case .list(let from, let to):
      for position in 0..<from.count {
        target.heap.pointee.append(translate(from.items[position]), to: to)
      }
    case .record(let from, let to):
      if to.shape != nil {
        for entry in 0..<from.used { to.slots[entry] = translate(from.slots[entry]) }
        to.used = from.used
        to.count = from.count
      } else {
        for entry in 0..<from.used {
          guard let key = source.heap.pointee.key(entry, in: from) else { continue }
          target.heap.pointee.set(translate(key), translate(from.slots[entry]), in: to)
        }
      }
    case .closure(let from, let to):
      for position in 0..<from.upvalueCount {
        to.upvalues[position] = upvalue(from.upvalues[position])
      }
      followGlobals(of: from.code)
    case .upvalue(let from, let to): to.pointee.closed = translate(from.pointee.location.pointee)
    case .global(let slot):
      target.globals.start[slot] = translate(source.globals.start[slot])
    }
  }

  /// The captured variable in the target, off the stack there: two closures that share one still do.
  private mutating func upvalue(
    _ upvalue: UnsafeMutablePointer<UpvalueObject>
  ) -> UnsafeMutablePointer<UpvalueObject> {
    if let known = upvalues[upvalue] { return known }
    let made = target.heap.pointee.newUpvalue(upvalue.pointee.location)
    made.pointee.location = UnsafeMutableRawPointer(made)
      .advanced(by: MemoryLayout<UpvalueObject>.offset(of: \.closed) ?? 0)
      .assumingMemoryBound(to: Value.self)
    upvalues[upvalue] = made
    pending.append(.upvalue(upvalue, made))
    return made
  }

  /// Asks for the globals that a function and those inside of it mention.
  private mutating func followGlobals(of code: CodePointer) {
    var open = [code]
    while let next = open.popLast() {
      guard followed.insert(next).inserted else { continue }
      let info = next.pointee.info.takeUnretainedValue()
      for position in 0..<info.instructionCount {
        let instruction = next.pointee.instructions[position]
        switch instruction.op {
        case .getGlobal, .setGlobal, .setModuleGlobal: follow(Int(instruction.b))
        default: break
        }
      }
      for slot in info.template?.globalSlots ?? [] { follow(slot) }
      for child in 0..<info.childCount { open.append(next.pointee.children[child]) }
    }
  }

  private mutating func follow(_ slot: Int) {
    if slots.insert(slot).inserted { pending.append(.global(slot)) }
  }

  // MARK: Code

  /// The function's code in the target, which keeps it as long as it lives.
  private mutating func code(_ code: CodePointer) -> CodePointer {
    if let known = codes[code] { return known }
    let info = code.pointee.info.takeUnretainedValue()
    var parts = FunctionParts(name: info.name, source: info.source, declaration: info.declaration)
    parts.parameterNames = info.parameterNames.map { symbol($0) }
    parts.restIndex = info.restIndex
    parts.requiredCount = info.requiredCount
    parts.types = info.types
    parts.resultType = info.resultType
    parts.instructions = (0..<info.instructionCount).map { code.pointee.instructions[$0] }
    parts.spans = info.spans
    parts.argumentSpans = info.argumentSpans
    parts.constants = (0..<info.constantCount).map { constant(code.pointee.constants[$0]) }
    parts.caches = (0..<info.cacheCount).map { symbol(code.pointee.caches[$0].key) }
    // Functions stand in each other as deep as the text nests, which the parser limits.
    parts.children = (0..<info.childCount).map { self.code(code.pointee.children[$0]) }
    parts.upvalues = (0..<code.pointee.upvalueCount).map { code.pointee.upvalueSources[$0] }
    parts.descriptors = info.descriptors.map { descriptor(of: $0) }
    parts.shapes = info.shapes.map { shape($0) }
    parts.outerParameters = info.outerParameters
    // The compiler's own spare registers are among them.
    parts.registerCount = code.pointee.registerCount
    parts.isChunk = info.isChunk
    parts.template = info.template.map { template in template.mapping { translate($0) } }
    let made = FunctionInfo(parts)
    target.functions.append(made)
    codes[code] = made.code
    return made.code
  }

  private mutating func constant(_ value: Value) -> Value {
    let made = translate(value)
    if made.isObject, !Ref<Header>(address: made.bits).isImmortal {
      target.constantRoots.append(target.handle(made))
    }
    return made
  }

  private mutating func descriptor(of descriptor: CallDescriptor) -> CallDescriptor {
    CallDescriptor(
      kinds: descriptor.kinds.map { kind in
        if case .named(let name) = kind { .named(symbol(name)) } else { kind }
      })
  }
}
