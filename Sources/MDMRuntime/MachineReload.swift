import MDMSyntax

/// What reading a module again has changed.
public struct ModuleChange: Sendable, Equatable {
  /// Public names that it did not have before, sorted.
  public let added: [String]
  /// Public names that it has no more, sorted.
  public let removed: [String]
}

/// Reading modules again while a session goes on.
extension Machine {
  /// The names of the modules in use that are files, in the order of loading.
  public var moduleFiles: [String] {
    modules.filter { $0.index > 0 && $0.source?.isLibrary == false }.map(\.name)
  }

  /// Loads a module again whose text has changed. Top-level names, of the session and of other
  /// modules, that held the module or a value of one of its names, hold the new one then; what a
  /// script has put elsewhere, into a list or a closure, stays.
  ///
  /// - Returns: what has changed; nil where the text is the same.
  /// - Throws: where it cannot be loaded; the module then stays as it was.
  public func reload(_ name: String) throws(ScriptError) -> ModuleChange? {
    do {
      guard let old = modules.first(where: { $0.name == name && $0.index > 0 }),
        let record = old.record
      else { return nil }
      let request = MachineOptions.ModuleRequest(name: name, isPath: true, importer: "")
      guard let source = try options.moduleLoader(request) else {
        throw ScriptError(.module, "there is no file \(name) any more")
      }
      if let known = old.source, known.bytes == source.bytes { return nil }
      let parsed = Parser.parse(source)
      if let first = parsed.diagnostics.first(where: { $0.severity == .error }) {
        throw ScriptError(.error, first)
      }
      let new = ModuleScope(name: name, index: old.index)
      modules[old.index] = new
      let fresh: Ref<RecordObject>
      do { fresh = try load(new, source, parsed.tree) } catch {
        modules[old.index] = old
        throw error
      }
      replace(old, record.value, by: new, Value(fresh))
      let (before, after) = (Set(old.publicNames), Set(new.publicNames))
      return ModuleChange(
        added: after.subtracting(before).sorted(), removed: before.subtracting(after).sorted())
    } catch { throw scriptError(error) }
  }

  /// Puts new values where top-level names hold those of an old module.
  private func replace(
    _ old: ModuleScope, _ oldRecord: Value, by new: ModuleScope, _ newRecord: Value
  ) {
    var changes: [UInt64: (old: Value, new: Value)] = [oldRecord.bits: (oldRecord, newRecord)]
    for name in old.publicNames {
      guard let before = old.variables[name], let after = new.variables[name] else { continue }
      let value = globals.start[before.slot]
      // Only what has an identity can be known again: a number may come from anywhere.
      guard value.isFunction || value.tag == .list || value.tag == .record else { continue }
      changes[value.bits] = (value, globals.start[after.slot])
    }
    let own = Set(old.variables.values.map(\.slot))
    for slot in 0..<globalCount where !own.contains(slot) {
      let value = globals.start[slot]
      if let change = changes[value.bits], change.old.tag == value.tag {
        globals.start[slot] = change.new
      }
    }
    // The records of other modules that hand a name on.
    for module in modules where module.index != new.index {
      guard let record = module.record?.value.record else { continue }
      for entry in 0..<record.used {
        let value = record.slots[entry]
        if let change = changes[value.bits], change.old.tag == value.tag {
          record.slots[entry] = change.new
        }
      }
    }
  }
}
