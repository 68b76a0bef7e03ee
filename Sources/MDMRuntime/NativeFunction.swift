import MDMDeclarations

/// A function written in Swift that scripts call: its declaration and its body.
///
/// The machine matches positional, named, default and rest arguments to the signature and checks
/// their types before the body runs.
public struct NativeFunction: Sendable {
  /// How scripts reach it. A method's first parameter is the receiver.
  public enum Form: Sendable {
    /// `name(…)`.
    case function
    /// `x.name(…)` for receivers of these types.
    case method([ScriptType])
    /// Both `name(x, …)` and `x.name(…)`.
    case both([ScriptType])
    /// Both, where x is a domain value of one of these types; for all other values `name` stands for
    /// the function that is registered under it without a condition.
    case overload([String])
  }

  enum Body: Sendable {
    case datum(@Sendable (NativeCall) throws -> Datum)
    case raw(@Sendable (NativeCall) throws -> Value)
  }

  public let signature: FunctionSignature
  public let form: Form
  let body: Body

  /// A function whose body takes and gives copies of values.
  public init(
    _ signature: FunctionSignature, form: Form = .function,
    _ body: @escaping @Sendable (NativeCall) throws -> Datum
  ) {
    self.signature = signature
    self.form = form
    self.body = .datum(body)
  }

  /// A function whose body works on the machine's own values: no copies, references stay references.
  init(
    _ signature: FunctionSignature, form: Form = .function,
    raw body: @escaping @Sendable (NativeCall) throws -> Value
  ) {
    self.signature = signature
    self.form = form
    self.body = .raw(body)
  }
}

/// A native function as a machine keeps it, with what a call needs worked out once.
final class RegisteredNative {
  let function: NativeFunction
  let body: NativeFunction.Body
  let name: String
  let parameterCount: Int
  let requiredCount: Int
  /// The position of the rest parameter, or `parameterCount`.
  let restIndex: Int
  let hasRest: Bool
  /// Bit t is set where a parameter takes values of tag t as they are; what needs a closer look
  /// (a default, a conversion, a domain type) is not among them.
  let plainMasks: UnsafeMutablePointer<UInt32>
  /// Bit t is set where a parameter takes values of tag t.
  let masks: [UInt32]
  /// The names of domain types that a parameter takes; empty where it takes any or none of them.
  let domainNames: [[String]]
  /// The defaults, parsed from their text; `missing` for a required parameter.
  let defaults: [Value]
  let convertsToFloat: [Bool]
  /// The parameters' names.
  let symbols: [Ref<StringObject>]
  /// What the name stands for where the first argument is a domain value, by the type's name.
  var overloads: [String: Value] = [:]

  init(_ function: NativeFunction, defaults: [Value], symbols: [Ref<StringObject>]) {
    let parameters = function.signature.parameters
    self.function = function
    body = function.body
    name = function.signature.name
    parameterCount = parameters.count
    restIndex = parameters.firstIndex { $0.isRest } ?? parameters.count
    hasRest = restIndex < parameters.count
    requiredCount = parameters.filter { $0.defaultText == nil && !$0.isRest }.count
    masks = parameters.map {
      $0.isRest ? TypeMask.anything : TypeMask.of($0.type, acceptsNone: $0.defaultText == "none")
    }
    plainMasks = .allocate(capacity: max(parameters.count, 1))
    for (position, parameter) in parameters.enumerated() {
      var mask = masks[position] & ~TypeMask.bit(.missing) & ~TypeMask.bit(.domain)
      if TypeMask.convertsToFloat(parameter.type) { mask &= ~TypeMask.bit(.int) }
      plainMasks[position] = mask
    }
    domainNames = parameters.map { TypeMask.domainNames($0.type) }
    convertsToFloat = parameters.map { TypeMask.convertsToFloat($0.type) }
    self.defaults = defaults
    self.symbols = symbols
  }

  deinit { plainMasks.deallocate() }

  /// The function to call for a first argument; nil where it is this one.
  func overload(for first: Value) -> Value? {
    guard first.tag == .domain, !overloads.isEmpty else { return nil }
    return overloads[first.domain.object.typeName]
  }
}

/// Types as sets of tags.
enum TypeMask {
  static let anything: UInt32 = .max

  static func bit(_ tag: Tag) -> UInt32 { 1 << UInt32(tag.rawValue) }

  /// The tags of values that a parameter of that type takes; a Float parameter takes Ints too.
  static func of(_ type: ScriptType, acceptsNone: Bool = false) -> UInt32 {
    (acceptsNone ? bit(.none) : 0) | tags(type)
  }

  private static func tags(_ type: ScriptType) -> UInt32 {
    switch type {
    case .any: anything
    case .none: bit(.none)
    case .bool: bit(.bool)
    case .int: bit(.int)
    case .number, .float: bit(.int) | bit(.float)
    case .string: bit(.string)
    case .duration: bit(.duration)
    case .size: bit(.size)
    case .list: bit(.list)
    case .record: bit(.record)
    case .range: bit(.range)
    case .function: bit(.closure) | bit(.native)
    case .domain: bit(.domain)
    case .either(let types): types.reduce(0) { $0 | tags($1) }
    }
  }

  static func domainNames(_ type: ScriptType) -> [String] {
    switch type {
    case .domain(let name): [name]
    case .either(let types): types.flatMap(domainNames)
    default: []
    }
  }

  /// Whether an Int given for the type is turned into a Float.
  static func convertsToFloat(_ type: ScriptType) -> Bool {
    switch type {
    case .float: true
    case .either(let types):
      types.contains(.float) && !types.contains(.int) && !types.contains(.number)
    default: false
    }
  }
}
