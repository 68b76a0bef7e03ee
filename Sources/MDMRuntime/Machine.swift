import MDMDeclarations
import MDMSyntax

/// A virtual machine: it compiles syntax trees and runs them.
///
/// Machines share nothing, so several can exist; one is used from one thread at a time. Only
/// `interrupt` may be used from elsewhere.
public final class Machine {
  public var options: MachineOptions
  /// Set it to stop a run.
  public let interrupt: InterruptFlag

  let heap: UnsafeMutablePointer<Heap>
  let state: UnsafeMutablePointer<MachineState>
  let stack: Region<Value>
  let frames: Region<Frame>
  let handlers: Region<Handler>
  let globals: Region<Value>
  let handles = HandleTable()
  /// Compiled patterns of String arguments.
  let patterns = RegexCache()

  var globalCount = 0
  var natives: [String: Value] = [:]
  /// The names of registered constants.
  public private(set) var constantNames: [String] = []
  var registered: [RegisteredNative] = []
  /// The functions' values, in the order of `registered`.
  var nativeValues: [Value] = []
  /// Functions for domain values by name and type name.
  var overloads: [String: [String: Value]] = [:]
  /// Built-in methods by type name and name.
  var methods: [String: [String: Value]] = [:]
  var functions: [FunctionInfo] = []
  let main = ModuleScope(name: "main", index: 0)
  var modules: [ModuleScope] = []
  var defers: [Value] = []
  /// The innermost open budget.
  var budget: Budget?
  /// Those of the open budgets, outermost first.
  var alarms: [Alarm?] = []
  /// A deferred block was interrupted: no more of them run until the outermost call ends.
  var isAborting = false
  /// Values that a native keeps alive while it calls back.
  var roots: [Value] = []
  /// Constants that are objects of the collected heap.
  var constantRoots: [ValueHandle] = []
  /// The calls that were open when the newest error was thrown.
  var openFrames: [Diagnostic.Frame] = []
  /// Where time goes, while that is asked.
  var profile: Profile?
  /// See `fuel`.
  var counted: Int?
  /// A test runs: an `expect` that does not hold is noted.
  var isTesting = false
  var failedExpectations: [ScriptError] = []
  var collectedTests: [(name: String, function: ValueHandle)] = []
  var declaredParameters: Set<String> = []

  /// Registers between the end of a window and the end of the stack.
  static let slack = 1024
  static let nativeDepthLimit = 120
  static let memoryLimit = 16 << 30
  static let globalLimit = 65_000

  public init(
    options: MachineOptions = MachineOptions(), interrupt: InterruptFlag = InterruptFlag(),
    library: [NativeFunction] = CoreLibrary.functions
  ) {
    self.options = options
    self.interrupt = interrupt
    heap = .allocate(capacity: 1)
    heap.initialize(to: Heap())
    stack = Region(count: 1 << 22)
    frames = Region(count: options.depthLimit + 8)
    handlers = Region(count: 1 << 17)
    globals = Region(count: 1 << 16)
    state = .allocate(capacity: 1)
    state.initialize(to: MachineState(top: stack.start, highWater: stack.start))
    modules = [main]
    if options.collectsAlways {
      heap.pointee.collectsAlways = true
      heap.pointee.limit = 0
    }
    for function in library { register(function) }
    for constant in CoreLibrary.constants { register(constant.name, .float(constant.value)) }
  }

  deinit {
    for alarm in alarms { alarm?.cancel() }
    // Handles may outlive the machine; they own no memory of it.
    heap.pointee.destroy()
    heap.deinitialize(count: 1)
    heap.deallocate()
    state.deallocate()
    stack.unmap()
    frames.unmap()
    handlers.unmap()
    globals.unmap()
  }

  // MARK: Declarations

  /// Makes a native function known under its name, as a method, or both.
  public func register(_ function: NativeFunction) {
    let defaults = function.signature.parameters.map { parameter -> Value in
      guard let text = parameter.defaultText else { return .missing }
      return literal(text) ?? .none
    }
    let native = RegisteredNative(
      function, defaults: defaults,
      symbols: function.signature.parameters.map { heap.pointee.symbols.intern($0.name) })
    registered.append(native)
    let value = Value(heap.pointee.newNative(native))
    nativeValues.append(value)
    let name = function.signature.name
    switch function.form {
    case .function: natives[name] = value
    case .method(let types): addMethod(name, types, value)
    case .both(let types):
      natives[name] = value
      addMethod(name, types, value)
    case .overload(let types):
      for type in types { overloads[name, default: [:]][type] = value }
      addMethod(name, types.map(ScriptType.domain), value)
    }
    // The two may be registered in either order.
    if let general = natives[name], general.tag == .native {
      general.native.native.takeUnretainedValue().overloads = overloads[name] ?? [:]
    }
  }

  /// Makes a constant known under a name. Its value lives as long as the machine.
  public func register(_ name: String, _ constant: Datum) {
    let held = handle(constant)
    constantRoots.append(held)
    addConstant(name, held.value)
  }

  func addConstant(_ name: String, _ value: Value) {
    natives[name] = value
    if !value.isFunction { constantNames.append(name) }
  }

  private func addMethod(_ name: String, _ types: [ScriptType], _ value: Value) {
    for type in types {
      for typeName in type == .number ? ["Int", "Float"] : [type.description] {
        methods[typeName, default: [:]][name] = value
      }
    }
  }

  /// The declarations of all native functions, methods included, in order of registration.
  public var signatures: [FunctionSignature] { registered.map(\.function.signature) }

  /// The native functions that can be called by name.
  public var functionSignatures: [FunctionSignature] {
    registered.filter {
      switch $0.function.form {
      case .function, .both: true
      case .method, .overload: false
      }
    }.map(\.function.signature)
  }

  /// What the names of functions stand for besides, where the first argument is a domain value.
  public var overloadSignatures: [String: [FunctionSignature]] {
    let functions = registered.filter {
      if case .overload = $0.function.form { true } else { false }
    }
    return Dictionary(grouping: functions.map(\.function.signature), by: \.name)
  }

  /// The names of the built-in methods of a type, sorted.
  public func methodNames(ofType name: String) -> [String] { (methods[name] ?? [:]).keys.sorted() }

  /// The declaration of the function that a name stands for.
  public func signature(of name: String) -> FunctionSignature? {
    if let variable = main.variables[name], globals.start[variable.slot].isFunction {
      return signature(of: globals.start[variable.slot])
    }
    guard let native = natives[name], native.isFunction else { return nil }
    return signature(of: native)
  }

  func signature(of function: Value) -> FunctionSignature {
    switch function.tag {
    case .native:
      function.native.native.takeUnretainedValue().function.signature
    case .closure: function.closure.code.pointee.info.takeUnretainedValue().declaration
    default: FunctionSignature("?", [], returns: .any, family: "script", "")
    }
  }

  // MARK: Globals

  /// The names that chunks have bound at the top level, in no particular order.
  public var globalNames: [String] { Array(main.variables.keys) }

  /// Whether a top-level name may be assigned; nil where there is none.
  public func isMutable(_ name: String) -> Bool? { main.variables[name]?.isMutable }

  /// A top-level value.
  public func global(_ name: String) -> ValueHandle? {
    guard let variable = main.variables[name],
      globals.start[variable.slot].tag != .undefined
    else { return nil }
    return handle(globals.start[variable.slot])
  }

  /// Binds a top-level name.
  public func setGlobal(_ name: String, _ value: ValueHandle, isMutable: Bool = false) {
    setGlobal(name, value.value, isMutable: isMutable)
  }

  /// Binds a top-level name to a copy.
  public func setGlobal(_ name: String, _ datum: Datum, isMutable: Bool = false) {
    setGlobal(name, value(datum), isMutable: isMutable)
  }

  private func setGlobal(_ name: String, _ value: Value, isMutable: Bool) {
    guard let slot = main.declare(name, isMutable: isMutable, in: self) else { return }
    globals.start[slot] = value
  }

  // MARK: Running

  /// Runs a chunk; names that it binds stay for later chunks. Gives the last expression's value.
  public func run(_ tree: SyntaxTree) throws(ScriptError) -> ValueHandle {
    try guarded {
      let code = try Compiler(self, tree.source, self.main).compile(tree.statements)
      return self.handle(try self.execute(code))
    }
  }

  /// Calls a function.
  public func call(
    _ function: FunctionHandle, _ arguments: [Datum] = [], named: [(String, Datum)] = []
  ) throws(ScriptError) -> ValueHandle {
    try guarded {
      let values = arguments.map(self.value)
      let result = try self.invoke(
        function.value, values, named: named.map { ($0.0, self.value($0.1)) })
      return self.handle(result)
    }
  }

  /// The statements of a chunk as a function without parameters, which has not run.
  package func chunk(_ tree: SyntaxTree) throws(ScriptError) -> FunctionHandle {
    try guarded {
      let code = try Compiler(self, tree.source, self.main).compile(tree.statements)
      return self.handle(Value(self.heap.pointee.newClosure(code)))
    }
  }

  func execute(_ code: UnsafeMutablePointer<Code>) throws -> Value {
    try invoke(Value(heap.pointee.newClosure(code)), [])
  }

  /// Turns whatever is thrown into a script error.
  private func guarded<Result>(_ body: () throws -> Result) throws(ScriptError) -> Result {
    if state.pointee.nativeDepth == 0 { isAborting = false }
    do { return try body() } catch { throw scriptError(error) }
  }

  // MARK: Values

  func handle(_ value: Value) -> ValueHandle { ValueHandle(value, in: handles) }

  /// A copy of a value; an error where it contains itself or nests more than 200 levels.
  public func datum(_ handle: ValueHandle) throws(ScriptError) -> Datum {
    try guarded { try self.datum(handle.value) }
  }

  /// Keeps a copy of a datum as a value.
  public func handle(_ datum: Datum) -> ValueHandle { handle(value(datum)) }

  /// The text that printing shows for a value: `mdm -p`, the REPL and cells use it.
  public func display(_ handle: ValueHandle, width: Int? = nil) -> String {
    display(handle.value, width: width ?? options.width)
  }

  /// The text that printing shows for a datum.
  public func display(_ datum: Datum, width: Int? = nil) -> String {
    display(value(datum), width: width ?? options.width)
  }

  /// Collects now; bytes in use afterwards.
  @discardableResult
  public func collect() -> Int {
    collectGarbage()
    return heap.pointee.bytes
  }

  /// The number of live objects, for tests.
  public var objectCount: Int { heap.pointee.objectCount }
}
