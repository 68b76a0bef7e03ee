import MDMSyntax

/// Writes all that a value reaches as bytes: equal bytes mean that it does the same.
///
/// A function is what its compiled code, its constants and the variables that it captures or mentions are,
/// so neither comments nor the lines around it count. Objects are numbered when they are first met and
/// written in that order: circles end, and however deep a structure is, nothing here recurses into it.
struct ContentWriter {
  private enum Work {
    case object(Value)
    case code(UnsafeMutablePointer<Code>)
    case upvalue(UnsafeMutablePointer<UpvalueObject>)
    case global(Int)
  }

  private let machine: Machine
  /// What stands for a value of the domain; nil where nothing can.
  private let describe: (any DomainValue) -> String?
  private(set) var bytes: [UInt8] = []
  /// The type of something that has no content to write; then the bytes mean nothing.
  private(set) var opaqueType: String?
  private var numbers: [UInt: Int] = [:]
  private var globals: [Int: Int] = [:]
  private var pending: [Work] = []
  private var next = 0

  init(_ machine: Machine, describe: @escaping (any DomainValue) -> String?) {
    self.machine = machine
    self.describe = describe
  }

  mutating func write(_ value: Value) {
    put(value)
    while next < pending.count, opaqueType == nil {
      next += 1
      switch pending[next - 1] {
      case .object(let value): content(value)
      case .code(let code): content(code)
      case .upvalue(let upvalue): put(upvalue.pointee.location.pointee)
      case .global(let slot): put(machine.globals.start[slot])
      }
    }
  }

  // MARK: Parts

  private mutating func put(_ number: Int) {
    withUnsafeBytes(of: Int64(number).littleEndian) { bytes += $0 }
  }

  private mutating func put(_ text: some Collection<UInt8>) {
    put(text.count)
    bytes += text
  }

  private mutating func put(_ text: Ref<StringObject>) { put(text.buffer) }

  private mutating func put(_ value: Value) {
    bytes.append(value.tag.rawValue)
    switch value.tag {
    case .none, .undefined, .missing: break
    case .bool, .int, .float, .duration, .size:
      withUnsafeBytes(of: value.bits.littleEndian) { bytes += $0 }
    case .string: put(value.string)
    case .native: put(Array(value.native.native.takeUnretainedValue().function.signature.name.utf8))
    case .domain:
      let object = value.domain.object
      guard let text = describe(object) else {
        opaqueType = opaqueType ?? object.typeName
        return
      }
      put(Array(object.typeName.utf8))
      put(Array(text.utf8))
    case .list, .record, .range, .closure: reference(UInt(value.bits), .object(value))
    }
  }

  /// The number of an object, whose content follows later where it is new.
  private mutating func reference(_ address: UInt, _ work: Work) {
    if let known = numbers[address] { return put(known) }
    numbers[address] = numbers.count
    put(numbers.count - 1)
    pending.append(work)
  }

  private mutating func content(_ value: Value) {
    switch value.tag {
    case .list:
      put(value.list.count)
      for position in 0..<value.list.count { put(value.list.items[position]) }
    case .record:
      let record = value.record
      put(record.count)
      for entry in 0..<record.used {
        guard let key = machine.heap.pointee.key(entry, in: record) else { continue }
        put(key)
        put(record.slots[entry])
      }
    case .range:
      let range = value.range
      for part in [range.start, range.end, range.step] { put(part) }
      put(range.isClosed ? 1 : 0)
    default:
      let closure = value.closure
      reference(UInt(bitPattern: closure.code), .code(closure.code))
      put(closure.upvalueCount)
      for position in 0..<closure.upvalueCount {
        let upvalue = closure.upvalues[position]
        reference(UInt(bitPattern: upvalue), .upvalue(upvalue))
      }
    }
  }

  private mutating func content(_ code: UnsafeMutablePointer<Code>) {
    let info = code.pointee.info.takeUnretainedValue()
    put(Array(info.name.utf8))
    for name in info.parameterNames { put(name) }
    put(info.requiredCount)
    put(info.restIndex)
    put(
      Array(
        (info.types + [info.resultType].compactMap(\.self)).map(\.text).joined(separator: ",").utf8)
    )
    put(info.instructionCount)
    for position in 0..<info.instructionCount {
      let instruction = code.pointee.instructions[position]
      bytes.append(instruction.op.rawValue)
      put(Int(instruction.a))
      put(Int(instruction.c))
      switch instruction.op {
      case .getGlobal, .setGlobal, .setModuleGlobal: global(Int(instruction.b))
      default: put(Int(instruction.b))
      }
    }
    for position in 0..<info.constantCount { put(code.pointee.constants[position]) }
    for position in 0..<info.cacheCount { put(code.pointee.caches[position].key) }
    for position in 0..<info.childCount {
      let child = code.pointee.children[position]
      reference(UInt(bitPattern: child), .code(child))
    }
    for descriptor in info.descriptors {
      for kind in descriptor.kinds {
        switch kind {
        case .positional: put(0)
        case .spread: put(1)
        case .named(let name): put(name)
        }
      }
    }
    for shape in info.shapes {
      put(shape.pointee.count)
      for place in 0..<shape.pointee.count { put(shape.pointee.keys[place]) }
    }
  }

  /// Where a variable stands depends on the script around; its value does not.
  private mutating func global(_ slot: Int) {
    if let known = globals[slot] { return put(known) }
    globals[slot] = globals.count
    put(globals.count - 1)
    if slot < machine.globalCount { pending.append(.global(slot)) }
  }
}

extension NativeCall {
  /// The names of the function and of all its parameters.
  public var functionName: String { native.function.signature.name }
  public var parameterNames: [String] { native.function.signature.parameters.map(\.name) }

  /// All that an argument is, as bytes, or the type of something in it that has no content to write.
  ///
  /// - Parameter describe: what stands for a value of the domain; nil where nothing can.
  public func content(
    _ index: Int, describe: @escaping (any DomainValue) -> String?
  ) -> (bytes: [UInt8], opaqueType: String?) {
    var writer = ContentWriter(machine, describe: describe)
    writer.write(value(index))
    return (writer.bytes, writer.opaqueType)
  }
}
