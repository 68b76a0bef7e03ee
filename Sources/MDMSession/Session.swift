import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// The one engine behind all front ends: it checks and runs sources, and remembers what they bind.
public final class Session {
  /// How a run ended.
  public enum Outcome {
    case finished(ValueHandle)
    /// Parsing or checking found errors; nothing ran.
    case rejected
    case failed(ScriptError.Kind)
  }

  /// What a source is.
  public enum Form: Sendable {
    /// A whole file: a name is bound once.
    case file
    /// A REPL chunk or notebook cell: `let` may bind a name again, `_` is the last value.
    case chunk
  }

  public let machine: Machine
  /// Set it from a signal handler to stop what runs.
  public var interrupt: InterruptFlag { machine.interrupt }
  /// What runs in the background: `spawn`.
  public let jobs = JobRegistry()
  let options: SessionOptions
  /// The names under which something is shown that may be replaced.
  private var shownNames: Set<String> = []

  public init(_ options: SessionOptions) {
    self.options = options
    var machineOptions = MachineOptions()
    machineOptions.output = options.output
    machineOptions.errorOutput = options.errorOutput
    machineOptions.live = options.live
    machineOptions.width = options.width
    machineOptions.memoryLimit = options.memoryLimit
    machineOptions.collectsAlways = options.collectsAlways
    machineOptions.moduleLoader = { [loadModule = Self.loader(options)] in try loadModule($0) }
    machine = Machine(options: machineOptions)
    if let present = options.present {
      machine.options.show = { [unowned self] value, text, id in
        let object: (any DomainValue)? = if case .domain(let value) = value { value } else { nil }
        let isUpdate = id.map { !shownNames.insert($0).inserted } ?? false
        present(Presentation(object, text: text), id, isUpdate)
      }
    }
    machine.options.clearOutput = options.clearOutput
    machine.options.report = { [options] in Self.report([$0], options) }
    let context = BuiltinContext(
      interrupt: machine.interrupt, plotColumns: options.plotColumns, jobs: jobs,
      recorder: options.runs.map { StoreRecorder($0, remembers: options.remembers) })
    for function in Builtins.all(context) { machine.register(function) }
  }

  /// Values for the `param`s of the next file, as text.
  public func setParameters(_ values: [String: String]) {
    machine.options.parameters = values.mapValues { .string($0) }
  }

  /// Runs `test` blocks too.
  public var runsTests: Bool {
    get { machine.options.mode == .test }
    set { machine.options.mode = newValue ? .test : .run }
  }

  /// The tree of a source and all that parsing and checking say about it.
  public func check(
    _ source: SourceText, form: Form = .file
  ) -> (tree: SyntaxTree, diagnostics: [Diagnostic]) {
    let parsed = Parser.parse(
      source, options: Parser.Options(lastValueName: form == .chunk ? "_" : nil))
    guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else { return parsed }
    return (parsed.tree, parsed.diagnostics + check(parsed.tree, form: form))
  }

  /// What checking says about a tree and the modules that it uses.
  public func check(_ tree: SyntaxTree, form: Form = .file) -> [Diagnostic] {
    let modules = modules(of: tree)
    return modules.diagnostics + checker(form, modules: modules.interfaces).check(tree)
  }

  /// Finds modules; those that inputs use by a path stand beside the inputs' own file.
  static func loader(_ options: SessionOptions) -> ModuleCheck.Load {
    guard let place = options.inputPlace else {
      return { request throws(ScriptError) in try ModuleLoader.load(request) }
    }
    return { request throws(ScriptError) in
      guard request.importer.hasPrefix(place.prefix + "[") else {
        return try ModuleLoader.load(request)
      }
      return try ModuleLoader.load(
        MachineOptions.ModuleRequest(
          name: request.name, isPath: request.isPath, importer: place.folder + request.importer))
    }
  }

  /// What the modules of a tree export, and what is wrong with them.
  func modules(of tree: SyntaxTree) -> ModuleCheck { modules(of: tree, Self.loader(options)) }

  /// The same with one's own way to find modules.
  func modules(of tree: SyntaxTree, _ load: @escaping ModuleCheck.Load) -> ModuleCheck {
    var modules = ModuleCheck(load) { [self] tree, modules in
      checker(nil, modules: modules).check(tree)
    }
    modules.follow(tree)
    return modules
  }

  /// The checker of a source, or of a module, which sees nothing that the session has bound.
  ///
  /// - Parameter earlier: what inputs declare that will have run by then.
  func checker(
    _ form: Form?, modules: [String: ModuleInterface], earlier: InputNames = InputNames()
  ) -> Checker {
    var options = Checker.Options()
    options.allowsRedefinition = form == .chunk
    options.modules = modules
    options.earlier = earlier
    options.overloads = machine.overloadSignatures
    let bound = form == nil ? [] : machine.globalNames
    options.constants = Set(bound.filter { machine.isMutable($0) == false })
      .subtracting(earlier.names).union(earlier.constants)
    let globals = Set(bound + machine.constantNames).union(earlier.names)
    // What the session has bound hides a built-in of the same name.
    let signatures = machine.functionSignatures.filter { !globals.contains($0.name) }
    return Checker(
      signatures: Dictionary(signatures.map { ($0.name, $0) }) { _, last in last },
      globals: globals, options: options)
  }

  /// Checks and runs a source; reports all errors itself.
  public func run(_ source: SourceText, form: Form = .file) -> Outcome {
    // Before the check, so that no request that comes during it is lost.
    machine.interrupt.clear()
    let (tree, diagnostics) = check(source, form: form)
    report(diagnostics)
    if diagnostics.contains(where: { $0.severity == .error }) { return .rejected }
    do {
      let value = try machine.run(tree)
      if form == .chunk, !value.isNone { machine.setGlobal("_", value) }
      return .finished(value)
    } catch {
      options.live("")
      report([error.diagnostic])
      return .failed(error.kind)
    }
  }

  /// The text that printing shows for a value.
  public func display(_ value: ValueHandle) -> String { machine.display(value) }

  /// A value with all that it has to show.
  public func presentation(of value: ValueHandle) -> Presentation {
    Presentation(value.domain, text: machine.display(value))
  }

  /// Writes diagnostics to the error output.
  public func report(_ diagnostics: [Diagnostic]) { Self.report(diagnostics, options) }

  private static func report(_ diagnostics: [Diagnostic], _ options: SessionOptions) {
    guard !diagnostics.isEmpty else { return }
    if let report = options.report { return diagnostics.forEach(report) }
    let renderer = DiagnosticRenderer(colour: options.usesColor)
    for diagnostic in diagnostics {
      options.errorOutput(renderer.render(diagnostic, as: options.diagnosticFormat))
    }
  }
}
