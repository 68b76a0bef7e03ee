import MDMBuiltins
import MDMDeclarations
import MDMRuntime
import MDMSyntax

/// `:example NAME`.
enum ExampleCommand {
  static let command = CellCommand(
    name: ":example", usage: ":example NAME", summary: "Runs the examples of a function's help.",
    run: run)

  @Sendable private static func run(
    _ argument: String, _ evaluator: CellEvaluator, _ result: inout CellResult
  ) {
    guard !argument.isEmpty else {
      return result.refuse(":example takes a function's name", hint: "write :example map")
    }
    let parts = argument.split(separator: ".").map(String.init)
    let view = evaluator.view
    let functions: [FunctionSignature]
    var isOfSession = false
    if parts.count == 2, let module = StandardModules.functions(of: parts[0]) {
      functions = module.filter { $0.name == parts[1] }
    } else if case .function(let own)? = view.known(argument)?.value, own.family == "script" {
      functions = [own]
      isOfSession = true
    } else {
      functions = view.catalogue.meanings(of: argument)
    }
    guard !functions.isEmpty else {
      let near = SpellingSuggestion.nearest(to: argument, among: view.names)
      return result.refuse(
        "no function is called \(argument)",
        hint: near.map { "did you mean `\($0)`?" } ?? "?\"words\" searches all help")
    }
    let examples = functions.flatMap(\.examples)
    guard !examples.isEmpty else { return result.refuse("\(argument) has no example") }
    for example in examples {
      show(example, module: parts.count == 2 ? parts[0] : nil, isOfSession, evaluator, &result)
      guard result.status == .finished else { return }
    }
  }

  /// Shows an example as if it had been typed, and runs it.
  private static func show(
    _ example: Example, module: String?, _ isOfSession: Bool, _ evaluator: CellEvaluator,
    _ result: inout CellResult
  ) {
    let output = evaluator.session.machine.options.output
    let lines = example.code.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      output((index == 0 ? "mdm> " : "...> ") + line + "\n")
    }
    // What an example binds is its own: it runs in a session beside this one, or, where it needs a
    // function of this one, inside of a function.
    let session: Session
    let source: SourceText
    if isOfSession {
      session = evaluator.session
      source = SourceText(name: "example", text: "(fn() {\n\(example.code)\n})()")
    } else {
      var options = SessionOptions(output: output, errorOutput: output)
      options.report = { _ in }
      options.width = evaluator.session.machine.options.width
      session = Session(options)
      let use = module.flatMap { example.code.contains("use \($0)") ? nil : "use \($0)\n" } ?? ""
      source = SourceText(name: "example", text: use + example.code)
    }
    let (tree, diagnostics) = session.check(source, form: .chunk)
    if let first = diagnostics.first(where: { $0.severity == .error }) {
      result.diagnostics.append(first)
      result.status = .rejected
      return
    }
    do throws(ScriptError) {
      let value = try session.machine.run(tree)
      if !value.isNone { output(session.display(value) + "\n") }
    } catch {
      result.diagnostics.append(error.diagnostic)
      result.status = CellEvaluator.status(.failed(error.kind))
    }
  }
}
