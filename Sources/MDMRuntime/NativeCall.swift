import MDMDeclarations
import MDMSyntax

/// One call of a native function: its arguments, matched to the signature's parameters and checked.
///
/// Accessors take a parameter's position. An argument that was not given reads as the default in
/// the signature; `isMissing` tells whether that happened. A rest parameter reads as a list.
public struct NativeCall {
  private let runner: Unmanaged<Machine>
  private let owner: Unmanaged<RegisteredNative>
  let heap: UnsafeMutablePointer<Heap>
  let arguments: UnsafeMutablePointer<Value>
  /// Bit i is set where parameter i was not given.
  let missing: UInt64

  @inline(__always)
  init(
    machine: Machine, owner: Unmanaged<RegisteredNative>, arguments: UnsafeMutablePointer<Value>,
    missing: UInt64
  ) {
    runner = .passUnretained(machine)
    self.owner = owner
    heap = machine.heap
    self.arguments = arguments
    self.missing = missing
  }

  var machine: Machine { runner.takeUnretainedValue() }
  var native: RegisteredNative { owner.takeUnretainedValue() }

  /// Throws where a list or record is frozen.
  @inline(__always)
  func checkChangeable(_ target: Value) throws {
    if Ref<Header>(address: target.bits).isFrozen { try machine.checkChangeable(target) }
  }

  /// Calls a script function on raw values.
  @inline(__always)
  func apply(_ function: Value, _ first: Value) throws -> Value {
    try runner._withUnsafeGuaranteedRef { try $0.invoke(function, first) }
  }

  @inline(__always)
  func apply(_ function: Value, _ first: Value, _ second: Value) throws -> Value {
    try runner._withUnsafeGuaranteedRef { try $0.invoke(function, first, second) }
  }

  /// An argument as the machine's own value.
  @inline(__always) func value(_ index: Int) -> Value { arguments[index] }

  /// Whether the argument was not given, or given as `none`.
  public func isMissing(_ index: Int) -> Bool {
    missing & (1 << UInt64(index & 63)) != 0 || arguments[index].tag == .none
  }

  /// Any argument, as a copy; throws where it contains itself or nests more than 200 levels.
  public func datum(_ index: Int) throws -> Datum { try machine.datum(arguments[index]) }

  public func bool(_ index: Int) throws -> Bool {
    guard arguments[index].tag == .bool else { throw mismatch(index, "Bool") }
    return arguments[index].bool
  }

  public func int(_ index: Int) throws -> Int {
    guard arguments[index].tag == .int else { throw mismatch(index, "Int") }
    return Int(arguments[index].int)
  }

  /// An Int or a Float.
  public func double(_ index: Int) throws -> Double {
    guard arguments[index].isNumber else { throw mismatch(index, "Float") }
    return arguments[index].number
  }

  public func string(_ index: Int) throws -> String {
    guard arguments[index].tag == .string else { throw mismatch(index, "String") }
    return arguments[index].string.text
  }

  /// The seconds of a Duration.
  public func seconds(_ index: Int) throws -> Double {
    guard arguments[index].tag == .duration else { throw mismatch(index, "Duration") }
    return arguments[index].double
  }

  /// The bytes of a Size.
  public func byteCount(_ index: Int) throws -> Int {
    guard arguments[index].tag == .size else { throw mismatch(index, "Size") }
    return Int(arguments[index].int)
  }

  public func list(_ index: Int) throws -> [Datum] {
    guard case .list(let items) = try datum(index) else { throw mismatch(index, "List") }
    return items
  }

  /// A list of Ints and Floats, without a detour over `Datum`.
  public func doubles(_ index: Int) throws -> [Double] {
    guard arguments[index].tag == .list else { throw mismatch(index, "List") }
    let list = arguments[index].list
    var numbers: [Double] = []
    numbers.reserveCapacity(list.count)
    for position in 0..<list.count {
      let item = list.items[position]
      guard item.isNumber else {
        throw fail(
          .argumentType,
          "`\(parameterName(index))` takes a list of numbers, but element \(position) is "
            + item.typeName, argument: index)
      }
      numbers.append(item.number)
    }
    return numbers
  }

  public func record(_ index: Int) throws -> RecordDatum {
    guard case .record(let record) = try datum(index) else { throw mismatch(index, "Record") }
    return record
  }

  public func function(_ index: Int) throws -> FunctionHandle {
    guard arguments[index].isFunction else { throw mismatch(index, "Function") }
    return machine.handle(arguments[index])
  }

  /// A domain value of a Swift class.
  public func domain<T: DomainValue>(_ index: Int, as type: T.Type) throws -> T {
    guard arguments[index].tag == .domain, let object = arguments[index].domain.object as? T else {
      throw mismatch(index, "\(native.function.signature.parameters[index].type)")
    }
    return object
  }

  /// Calls a script or native function.
  public func invoke(_ function: FunctionHandle, _ arguments: [Datum]) throws -> Datum {
    try machine.datum(machine.invoke(function.value, arguments.map(machine.value)))
  }

  /// Calls a function with named arguments after the positional ones.
  public func invoke(
    _ function: FunctionHandle, _ arguments: [Datum], named: [(String, Datum)]
  ) throws -> Datum {
    try machine.datum(
      machine.invoke(
        function.value, arguments.map(machine.value),
        named: named.map { ($0.0, machine.value($0.1)) }))
  }

  /// The declaration of a function: parameter names, types and its name.
  public func signature(of function: FunctionHandle) -> FunctionSignature {
    machine.signature(of: function.value)
  }

  /// Writes text to the script's output, as is.
  public func print(_ text: String) { machine.options.output(text) }

  /// Shows a progress line; the last one stands for all before it.
  public func live(_ text: String) { machine.options.live(text) }

  /// The innermost open budget, for a primitive that works in steps and can give a partial value.
  ///
  /// - Throws: where the budget is spent already, which ends its block.
  public func startBudgeted() throws -> Budget? {
    guard let budget = machine.budget else { return nil }
    if let spent = budget.spent { throw machine.spent(spent) }
    return budget
  }

  /// What `isInterrupted` reads, for a computation that outlives a closure of the call.
  public var interrupt: InterruptFlag { machine.interrupt }

  /// The run should stop soon: an interrupt or a time limit is pending.
  public var isInterrupted: Bool { machine.interrupt.isRequested }

  /// Takes a pending interrupt back and tells whether there was one: a long primitive that returns
  /// a partial value calls it, so that the script goes on with that value. A time limit stays; the
  /// alarm of a budget is taken back without being told.
  public func takeInterrupt() -> Bool {
    guard machine.interrupt.isRequested, !machine.interrupt.isTimeLimit else { return false }
    let wasBudget = machine.interrupt.isBudget
    machine.interrupt.clear()
    return !wasBudget
  }

  /// Throws when an interrupt or a time limit is pending.
  public func checkInterrupt() throws {
    if machine.fuel != nil { try machine.burn(Machine.pollCost) }
    try machine.checkInterrupt()
  }

  /// An error to throw, about the call or about one of its arguments.
  public func fail(
    _ code: String, _ message: String, hint: String? = nil, argument: Int? = nil
  ) -> ScriptError {
    var error = ScriptError(code, message, hint: hint)
    error.argument = argument
    return error
  }

  func fail(
    _ code: RuntimeCode, _ message: String, hint: String? = nil, argument: Int? = nil
  ) -> ScriptError { ScriptError(code, message, hint: hint, argument: argument) }

  /// The source text and span of the running call.
  public var place: (source: SourceText, span: Span)? { machine.currentPlace }

  /// Options of the machine: sinks, mode, limits.
  public var options: MachineOptions { machine.options }

  /// The name of a parameter, for messages.
  public func parameterName(_ index: Int) -> String {
    let parameters = native.function.signature.parameters
    return index < parameters.count ? parameters[index].name : "argument \(index + 1)"
  }

  private func mismatch(_ index: Int, _ expected: String) -> ScriptError {
    fail(
      .argumentType,
      "`\(parameterName(index))` takes \(expected), got \(machine.brief(arguments[index]))",
      argument: index)
  }
}
