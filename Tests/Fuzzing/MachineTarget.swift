import MDMRuntime
import MDMSyntax

/// Any tree without errors runs to an end: a value or an error, never a trap, within its limits; and
/// it does the same when every allocation collects garbage.
public final class MachineTarget: FuzzTarget {
  public static let name = "vm"
  private let mutator: Mutator
  private let flag = InterruptFlag()
  private let deadline: Deadline
  /// A case may use so much time of the processor before it is interrupted.
  static let milliseconds = 60

  public init(root: String) {
    mutator = Mutator(corpus: Corpus.scripts(below: root) + Corpus.runnable + Corpus.runnable)
    deadline = Deadline(flag)
  }

  deinit { deadline.finish() }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    Array(mutator.text(&random).utf8)
  }

  public func run(_ input: [UInt8]) throws { _ = try outcome(of: input) }

  /// Runs a case; nil where the parser refuses it.
  public func outcome(of input: [UInt8]) throws -> String? {
    let source = SourceText(name: "fuzz", text: String(decoding: input, as: UTF8.self))
    let parsed = Parser.parse(source)
    guard !parsed.diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    guard let plain = execute(parsed.tree, collectsAlways: false) else { return "interrupted" }
    // Collecting all the time is slow; a sixteenth of the cases pays for it.
    let isSampled = input.reduce(0) { ($0 &* 31) &+ Int($1) } % 16 == 0
    if isSampled, let other = execute(parsed.tree, collectsAlways: true) {
      try BrokenLaw.unless(
        plain == other, "collecting all the time changes the outcome\n\(plain)\n\(other)")
    }
    return plain
  }

  /// What a tree prints, gives and fails with; nil where it was interrupted.
  private func execute(_ tree: SyntaxTree, collectsAlways: Bool) -> String? {
    final class Sink {
      var text = ""
      var lines = 0
    }
    let sink = Sink()
    flag.clear()
    var options = MachineOptions()
    options.mode = .test
    options.memoryLimit = 64 << 20
    options.depthLimit = 20_000
    options.collectsAlways = collectsAlways
    options.output = { [flag] in
      sink.lines += 1
      if sink.lines > 1000 { flag.requestInterrupt() } else { sink.text += $0.prefix(1000) }
    }
    let machine = Machine(options: options, interrupt: flag)
    deadline.start(milliseconds: Self.milliseconds)
    defer { deadline.stop() }
    let renderer = DiagnosticRenderer()
    var text = ""
    do throws(ScriptError) {
      text = String(machine.display(try machine.run(tree)).prefix(10_000))
    } catch {
      text = renderer.render(error.diagnostic)
      if error.kind == .interrupt || flag.isRequested { return nil }
      // Where memory ends depends on when garbage was collected.
      if error.diagnostic.code == RuntimeCode.memory.rawValue { return nil }
    }
    for result in machine.runTests() {
      text += result.name
      for error in result.errors {
        if error.kind == .interrupt { return nil }
        text += renderer.render(error.diagnostic)
      }
    }
    return flag.isRequested ? nil : sink.text + text
  }
}
