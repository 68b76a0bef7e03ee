import MDMSyntax

/// The top-level names of the running script or of a module.
final class ModuleScope {
  struct Variable {
    let slot: Int
    var isMutable: Bool
  }

  let name: String
  let index: Int
  var variables: [String: Variable] = [:]
  var publicNames: [String] = []
  /// The types that `param`s were declared with: an injected cell that says `param steps = 50`
  /// after `param steps: Int = 200` is held to them.
  var parameterTypes: [String: TypeCheck] = [:]
  /// The record of the public names once the module has loaded.
  var record: ValueHandle?
  var isLoaded = false
  /// Its text as it was loaded.
  var source: SourceText?

  init(name: String, index: Int) {
    self.name = name
    self.index = index
  }

  /// The slot of a name, a new one where it is not known; nil where there is no room left.
  func declare(_ name: String, isMutable: Bool, in machine: Machine) -> Int? {
    if let known = variables[name] {
      variables[name]?.isMutable = isMutable
      return known.slot
    }
    guard machine.globalCount < Machine.globalLimit else { return nil }
    let slot = machine.globalCount
    machine.globalCount += 1
    machine.globals.start[slot] = .undefined
    variables[name] = Variable(slot: slot, isMutable: isMutable)
    return slot
  }
}
