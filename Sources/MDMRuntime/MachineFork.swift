import MDMDeclarations
import MDMSyntax

/// A function in a machine of its own, with copies of all that it reaches: ready to run on another
/// thread while the machine that it comes from goes on.
///
/// Later changes on one side are not seen on the other, so a data race cannot be written. Domain
/// values are shared, since they never change.
public final class MachineFork: @unchecked Sendable {
  // One thread makes it, another runs it, once: what starts the thread orders the two.
  private var machine: Machine?
  private var function: FunctionHandle?
  /// Set it to stop the run, from any thread.
  public let interrupt: InterruptFlag

  /// What a run gave.
  public struct Result: Sendable {
    /// A copy of the function's value. Functions in it belong to a machine that is gone: none
    /// stands for them.
    public let value: Datum
    /// How many functions were left out.
    public let lostFunctions: Int
  }

  init(_ machine: Machine, _ function: FunctionHandle) {
    self.machine = machine
    self.function = function
    interrupt = machine.interrupt
  }

  /// Calls the function and gives its memory back.
  public func run() throws(ScriptError) -> Result {
    guard let machine, let function else {
      throw ScriptError(.value, "a fork of a machine runs once")
    }
    defer {
      self.function = nil
      self.machine = nil
    }
    let handle = try machine.call(function)
    var lost = 0
    let value = Self.withoutFunctions(try machine.datum(handle), &lost)
    return Result(value: value, lostFunctions: lost)
  }

  /// The objects of its heap before it has run, for tests.
  public var objectCount: Int { machine?.objectCount ?? 0 }

  private static func withoutFunctions(_ datum: Datum, _ lost: inout Int) -> Datum {
    switch datum {
    case .function:
      lost += 1
      return .none
    case .list(let items): return .list(items.map { withoutFunctions($0, &lost) })
    case .record(var record):
      for entry in record.entries.indices {
        record.entries[entry].value = withoutFunctions(record.entries[entry].value, &lost)
      }
      return .record(record)
    default: return datum
    }
  }
}

extension Machine {
  /// A machine of its own for a function: see `MachineFork`.
  ///
  /// - Parameters:
  ///   - options: Those of the new machine; its `use` finds no modules but those that the function
  ///     reaches.
  ///   - natives: Take the place of those registered here under the same name and form, such as
  ///     functions that hold an interrupt flag.
  public func fork(
    _ function: FunctionHandle, options: MachineOptions,
    interrupt: InterruptFlag = InterruptFlag(), natives: [NativeFunction] = []
  ) -> MachineFork {
    var replacements: [NativeKey: NativeFunction] = [:]
    for native in natives { replacements[NativeKey(native)] = native }
    let library = registered.map { replacements[NativeKey($0.function)] ?? $0.function }
    let machine = Machine(options: options, interrupt: interrupt, library: library)
    var copier = HeapCopier(from: self, to: machine)
    let copy = machine.handle(copier.copy(function.value))
    for name in constantNames where machine.natives[name] == nil {
      guard let value = self.natives[name] else { continue }
      let held = machine.handle(copier.copy(value))
      machine.constantRoots.append(held)
      machine.addConstant(name, held.value)
    }
    copier.copyScopes()
    return MachineFork(machine, copy)
  }

  /// What tells native functions apart.
  private struct NativeKey: Hashable {
    let name: String
    let form: Int
    let types: [String]

    init(_ function: NativeFunction) {
      name = function.signature.name
      switch function.form {
      case .function: (form, types) = (0, [])
      case .method(let types): (form, self.types) = (1, types.map(\.description))
      case .both(let types): (form, self.types) = (2, types.map(\.description))
      case .overload(let types): (form, self.types) = (3, types)
      }
    }
  }
}

extension NativeCall {
  /// A machine of its own for a function, with this machine's limits: see `Machine.fork`.
  ///
  /// - Parameter change: Sets the sinks; those of this machine belong to its thread.
  public func fork(
    _ function: FunctionHandle, interrupt: InterruptFlag, natives: [NativeFunction],
    _ change: (inout MachineOptions) -> Void
  ) -> MachineFork {
    var options = MachineOptions()
    options.mode = machine.options.mode
    options.memoryLimit = machine.options.memoryLimit
    options.depthLimit = machine.options.depthLimit
    options.width = machine.options.width
    options.collectsAlways = machine.options.collectsAlways
    change(&options)
    return machine.fork(function, options: options, interrupt: interrupt, natives: natives)
  }
}
