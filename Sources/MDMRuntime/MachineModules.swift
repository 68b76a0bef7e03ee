import MDMSyntax

/// `use`, `param` and the freezing of modules.
extension Machine {
  /// The record of a module's public names; it is loaded on first use.
  func use(_ name: Value, isPath: Bool, _ code: UnsafeMutablePointer<Code>) throws -> Value {
    let importer = code.pointee.info.takeUnretainedValue().source.name
    let request = MachineOptions.ModuleRequest(
      name: name.string.text, isPath: isPath, importer: importer)
    guard let source = try options.moduleLoader(request) else {
      throw ScriptError(
        .module, "there is no module `\(request.name)`",
        hint: isPath ? "the path is relative to the importing file" : nil)
    }
    if let known = modules.first(where: { $0.index > 0 && $0.name == source.name }) {
      guard let record = known.record else {
        throw ScriptError(
          .module, "`\(request.name)` is being loaded: modules use each other in a circle")
      }
      return record.value
    }
    let parsed = Parser.parse(source)
    if let first = parsed.diagnostics.first(where: { $0.severity == .error }) {
      throw ScriptError(.error, first)
    }
    guard modules.count < 60_000 else {
      throw ScriptError(.module, "too many modules")
    }
    let module = ModuleScope(name: source.name, index: modules.count)
    modules.append(module)
    do {
      return Value(try load(module, source, parsed.tree))
    } catch {
      // A later `use` tries again.
      modules[module.index] = ModuleScope(name: "", index: module.index)
      throw error
    }
  }

  /// Runs a module and freezes what it has bound; the record of its public names.
  func load(
    _ module: ModuleScope, _ source: SourceText, _ tree: SyntaxTree
  ) throws -> Ref<RecordObject> {
    _ = try execute(Compiler(self, source, module).compile(tree.statements))
    let record = heap.pointee.newRecord()
    for name in module.publicNames {
      guard let variable = module.variables[name] else { continue }
      let value = globals.start[variable.slot]
      heap.pointee.set(Value(heap.pointee.symbols.intern(name)), value, in: record)
    }
    for variable in module.variables.values { freeze(globals.start[variable.slot]) }
    freeze(Value(record))
    module.isLoaded = true
    module.source = source
    module.record = handle(Value(record))
    return record
  }

  func checkModuleOpen(_ index: Int) throws {
    if modules[index].isLoaded {
      throw ScriptError(
        .frozen, "the variables of a module are frozen once it has loaded",
        hint: "keep what changes in a record that the caller makes")
    }
  }

  func moduleMember(_ module: Value, _ name: Value) throws -> Value {
    if let value = heap.pointee.get(name, in: module.record) { return value }
    throw missingField(name.string.text, module)
  }

  /// Freezes a value and everything in it.
  func freeze(_ value: Value) {
    var work = [value]
    while let next = work.popLast() {
      guard next.tag == .list || next.tag == .record else { continue }
      let header = Ref<Header>(address: next.bits)
      if header.isFrozen { continue }
      header.isFrozen = true
      if next.tag == .list {
        for position in 0..<next.list.count { work.append(next.list.items[position]) }
      } else {
        for entry in 0..<next.record.used { work.append(next.record.slots[entry]) }
      }
    }
  }

  /// The value given from outside for a `param`; missing where none was given.
  func outerParameter(_ code: UnsafeMutablePointer<Code>, _ index: Int) throws -> Value {
    let parameter = code.pointee.info.takeUnretainedValue().outerParameters[index]
    declaredParameters.insert(parameter.name)
    guard let given = options.parameters[parameter.name] else { return .missing }
    var value = value(given)
    if case .string(let text) = given, let type = parameter.type,
      type.mask & TypeMask.bit(.string) == 0
    {
      value = literal(text) ?? value
    }
    if let type = parameter.type, !type.accepts(value) {
      throw ScriptError(
        .parameter, "param `\(parameter.name)` takes \(type.text), got \(brief(value))")
    }
    if let type = parameter.type, value.tag == .int, type.convertsToFloat {
      return Value(Double(value.int))
    }
    return value
  }
}
