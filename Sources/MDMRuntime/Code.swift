import MDMDeclarations
import MDMSyntax

/// A compiled function as the interpreter's loop sees it: raw memory, alive as long as the machine.
struct Code {
  let instructions: UnsafeMutablePointer<Instruction>
  let constants: UnsafeMutablePointer<Value>
  let caches: UnsafeMutablePointer<FieldCache>
  let children: UnsafeMutablePointer<UnsafeMutablePointer<Code>>
  let upvalueSources: UnsafeMutablePointer<UpvalueSource>
  let upvalueCount: Int
  let registerCount: Int
  let parameterCount: Int
  /// Takes exactly `parameterCount` positional arguments when they are all given.
  let hasRest: Bool
  let info: Unmanaged<FunctionInfo>
}

/// Where a closure finds a captured variable when it is made.
struct UpvalueSource {
  /// A register of the enclosing function, else one of its own captured variables.
  let isLocal: Bool
  let index: Int
}

/// What a field access remembers: the shape it saw and the slot there.
struct FieldCache {
  let key: Ref<StringObject>
  var shape: UnsafeMutablePointer<Shape>?
  var slot = 0
  /// The shape after adding the field, where an assignment adds it.
  var next: UnsafeMutablePointer<Shape>?
  var methodTag = Tag.undefined
  var method = Value.none

  init(key: Ref<StringObject>) { self.key = key }
}

/// The names and spreads of one call's arguments, in call order.
struct CallDescriptor {
  enum Kind {
    case positional
    case named(Ref<StringObject>)
    case spread
  }
  let kinds: [Kind]
}

/// What only slow paths need to know about a function; owns the memory of its code.
final class FunctionInfo {
  let name: String
  let source: SourceText
  let declaration: FunctionSignature
  let parameterNames: [Ref<StringObject>]
  /// The position of the rest parameter, or the number of parameters.
  let restIndex: Int
  let requiredCount: Int
  let types: [TypeCheck]
  let resultType: TypeCheck?
  let spans: [Span]
  /// The places of a call's arguments by instruction.
  let argumentSpans: [Int: [Span]]
  let descriptors: [CallDescriptor]
  let shapes: [UnsafeMutablePointer<Shape>]
  let outerParameters: [OuterParameter]
  let isChunk: Bool
  let template: RowTemplate?
  let code: UnsafeMutablePointer<Code>
  let instructionCount: Int
  let constantCount: Int
  let cacheCount: Int
  let childCount: Int

  init(_ parts: FunctionParts) {
    name = parts.name
    source = parts.source
    declaration = parts.declaration
    parameterNames = parts.parameterNames
    restIndex = parts.restIndex
    requiredCount = parts.requiredCount
    types = parts.types
    resultType = parts.resultType
    spans = parts.spans
    argumentSpans = parts.argumentSpans
    descriptors = parts.descriptors
    shapes = parts.shapes
    outerParameters = parts.outerParameters
    isChunk = parts.isChunk
    template = parts.template
    instructionCount = parts.instructions.count
    constantCount = parts.constants.count
    cacheCount = parts.caches.count
    childCount = parts.children.count
    code = .allocate(capacity: 1)
    code.initialize(
      to: Code(
        instructions: FunctionInfo.memory(parts.instructions),
        constants: FunctionInfo.memory(parts.constants),
        caches: FunctionInfo.memory(parts.caches.map(FieldCache.init)),
        children: FunctionInfo.memory(parts.children),
        upvalueSources: FunctionInfo.memory(parts.upvalues), upvalueCount: parts.upvalues.count,
        registerCount: parts.registerCount, parameterCount: parts.parameterNames.count,
        hasRest: parts.restIndex < parts.parameterNames.count,
        info: .passUnretained(self)))
  }

  deinit {
    code.pointee.instructions.deallocate()
    code.pointee.constants.deallocate()
    code.pointee.caches.deallocate()
    code.pointee.children.deallocate()
    code.pointee.upvalueSources.deallocate()
    code.deallocate()
  }

  private static func memory<Element>(_ items: [Element]) -> UnsafeMutablePointer<Element> {
    let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(items.count, 1))
    for (position, item) in items.enumerated() { (pointer + position).initialize(to: item) }
    return pointer
  }

  /// The span of the instruction before a saved program counter.
  func span(before pc: UnsafeMutablePointer<Instruction>) -> Span {
    let position = pc - code.pointee.instructions - 1
    return spans.indices.contains(position) ? spans[position] : Span(0, 0)
  }
}

/// What the compiler hands over for one function.
struct FunctionParts {
  var name: String
  var source: SourceText
  var declaration: FunctionSignature
  var parameterNames: [Ref<StringObject>] = []
  var restIndex = 0
  var requiredCount = 0
  var types: [TypeCheck] = []
  var resultType: TypeCheck?
  var instructions: [Instruction] = []
  var spans: [Span] = []
  var argumentSpans: [Int: [Span]] = [:]
  var constants: [Value] = []
  var caches: [Ref<StringObject>] = []
  var children: [UnsafeMutablePointer<Code>] = []
  var upvalues: [UpvalueSource] = []
  var descriptors: [CallDescriptor] = []
  var shapes: [UnsafeMutablePointer<Shape>] = []
  var outerParameters: [OuterParameter] = []
  var registerCount = 0
  var isChunk = false
  /// The body, where natives may compute it for whole columns.
  var template: RowTemplate?

  init(name: String, source: SourceText, declaration: FunctionSignature) {
    self.name = name
    self.source = source
    self.declaration = declaration
  }
}

/// A `param` of a script.
struct OuterParameter {
  let name: String
  let type: TypeCheck?
}

/// A type annotation, ready to check.
struct TypeCheck {
  let name: String
  let text: String
  let type: ScriptType
  let mask: UInt32
  let domainNames: [String]
  let convertsToFloat: Bool

  init(name: String, type: ScriptType) {
    self.name = name
    self.type = type
    text = type.description
    mask = TypeMask.of(type)
    domainNames = TypeMask.domainNames(type)
    convertsToFloat = TypeMask.convertsToFloat(type)
  }

  init(name: String, _ annotation: TypeAnnotation) {
    self.init(name: name, type: TypeCheck.type(of: annotation))
  }

  static func type(of annotation: TypeAnnotation) -> ScriptType {
    let types = annotation.names.map { type(named: $0.text) }
    return types.count == 1 ? types[0] : .either(types)
  }

  static func type(named name: String) -> ScriptType {
    switch name {
    case "Any": .any
    case "None": .none
    case "Bool": .bool
    case "Int": .int
    case "Float": .float
    case "Number": .number
    case "String": .string
    case "Duration": .duration
    case "Size": .size
    case "List": .list
    case "Record", "Map": .record
    case "Range": .range
    case "Function": .function
    default: .domain(name)
    }
  }

  /// Whether a value fits.
  func accepts(_ value: Value) -> Bool {
    if mask & (1 << UInt32(value.tag.rawValue)) == 0 { return false }
    return value.tag != .domain || domainNames.isEmpty
      || domainNames.contains(value.domain.object.typeName)
  }
}
