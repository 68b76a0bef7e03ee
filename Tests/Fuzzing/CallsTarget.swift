import MDMBuiltins
import MDMDeclarations
import MDMRuntime
import MDMSyntax

/// Every function that changes nothing outside takes any values: it gives a value or an error with
/// a code, never a trap.
public final class CallsTarget: FuzzTarget {
  public static let name = "calls"
  private let signatures: [FunctionSignature]
  private let flag = InterruptFlag()
  private let deadline: Deadline

  /// Families of built-ins that compute and do nothing else.
  private static let families: Set<String> = [
    "laws", "mixtures", "random", "rewards", "statistics",
  ]
  /// Single ones of other families. What is not named here is not called: a new function may write
  /// files, wait or train.
  private static let named: Set<String> = [
    "parse_json", "to_json", "parse_time", "format_time", "elapsed", "now", "monotonic",
    "mean_interval", "permutation_p", "adjusted_p", "anova", "contrasts", "power", "decompose",
    "check_runs", "pareto_plot", "heatmap",
  ]
  /// It trains nothing but takes long.
  private static let excluded: Set<String> = ["probe"]

  public init(root: String) {
    // The core library knows no files, clocks or processes.
    let core = CoreLibrary.functions.map(\.signature)
    let others = Builtins.all(BuiltinContext(interrupt: flag)).map(\.signature).filter {
      Self.named.contains($0.name)
        || Self.families.contains($0.family) && !Self.excluded.contains($0.name)
    }
    signatures = core + others
    deadline = Deadline(flag)
  }

  deinit { deadline.finish() }

  /// Some calls, each of which may fail without ending the others.
  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    var text = "let ring = [1]\nring.push(ring)\nlet r = {a: 1}\nr.b = r\n"
    for _ in 0..<1 + random.next(4) {
      text += "try { print(\(call(&random, depth: 0))) } catch e { print(e.code, e.message) }\n"
    }
    return Array(text.utf8)
  }

  public func run(_ input: [UInt8]) throws {
    let source = SourceText(name: "fuzz", text: String(decoding: input, as: UTF8.self))
    let parsed = Parser.parse(source)
    if let error = parsed.diagnostics.first(where: { $0.severity == .error }) {
      throw BrokenLaw("the calls do not parse: \(error.message)\n\(source.text(0..<input.count))")
    }
    flag.clear()
    var options = MachineOptions()
    options.memoryLimit = 64 << 20
    options.depthLimit = 5000
    options.report = { _ in }
    let machine = Machine(options: options, interrupt: flag)
    for function in Builtins.all(BuiltinContext(interrupt: flag)) { machine.register(function) }
    deadline.start(milliseconds: 200)
    defer { deadline.stop() }
    do throws(ScriptError) {
      _ = try machine.run(parsed.tree)
    } catch {
      try BrokenLaw.unless(
        [.interrupt, .error].contains(error.kind) && !error.diagnostic.code.isEmpty,
        "\(error.diagnostic.code) \(error.diagnostic.message)")
    }
  }

  private func call(_ random: inout RandomNumbers, depth: Int) -> String {
    guard let signature = random.pick(signatures) else { return "0" }
    let required = signature.parameters.count { $0.defaultText == nil && !$0.isRest }
    var arguments: [String] = []
    for (position, parameter) in signature.parameters.enumerated() {
      if parameter.isRest {
        for _ in 0..<random.next(3) { arguments.append(value(.any, &random, depth)) }
      } else if position < required || random.oneIn(3) {
        let given = value(parameter.type, &random, depth)
        arguments.append(position < required ? given : "\(parameter.name): \(given)")
      }
    }
    return "\(signature.name)(\(arguments.joined(separator: ", ")))"
  }

  /// Two times out of three something of the type, else anything.
  private func value(_ type: ScriptType, _ random: inout RandomNumbers, _ depth: Int) -> String {
    if depth < 2, random.oneIn(8) { return call(&random, depth: depth + 1) }
    if random.oneIn(3) { return random.pick(Self.anything) ?? "0" }
    switch type {
    case .int: return random.pick(Self.ints) ?? "0"
    case .number, .float: return random.pick(Self.ints + Self.floats) ?? "0"
    case .string: return random.pick(Self.strings) ?? "0"
    case .duration: return random.pick(Self.durations) ?? "0"
    case .list: return random.pick(Self.lists) ?? "0"
    case .record: return random.pick(Self.records) ?? "0"
    case .function: return random.pick(Self.functions) ?? "0"
    case .bool: return random.oneIn(2) ? "true" : "false"
    case .either(let types): return value(random.pick(types) ?? .any, &random, depth)
    default: return random.pick(Self.anything) ?? "0"
    }
  }

  private static let ints = [
    "0", "1", "-1", "2", "3", "7", "63", "64", "-64", "100", "1000000", "9223372036854775807",
    "(-9223372036854775807 - 1)", "4611686018427387904", "1114111", "55296",
  ]
  private static let floats = [
    "nan", "inf", "-inf", "-0.0", "0.5", "1e308", "5e-324", "9.3e18", "-1e300", "0.1", "2.0",
  ]
  private static let strings = [
    "\"\"", "\"a\"", "\"é\"", "\"𝕏y\"", "\"e\\u{301}\"", "\"a,b;c\\n\"", "\"12\"", "\"-1.5e3\"",
    "\"nan\"", "\"\\u{0}\"", "\"(\"", "\"a*\"", "\"$1${x}\"", "\"2024-02-30\"", "\"[1, {}]\"",
    "\"5min\"", "\"3MB\"", "\"{:>9}\"", "\"<answer>(1,2),(3,4)</answer>\"", "\"x\" * 1000",
  ]
  private static let durations = ["0s", "1s", "-1s", "1s * nan", "1s * inf", "1s * -1e300", "5min"]
  private static let lists = [
    "[]", "[1]", "[1, 2, 3]", "[nan, 1, inf]", "[1, nan, 2.5]", "[\"a\", \"b\"]", "[[1], [2]]",
    "[[1, 2], [3]]", "ring", "[none]", "[{a: 1}, {a: 2}]", "list(0..50)", "[1, \"a\"]", "[[], []]",
    "[0, 0, 0]", "[1e308, 1e308]", "[[1, 2], [2, 1]]", "[true, false]", "[1s, 2s]",
    "[9223372036854775807, 1]",
    "[{mixture: \"a\", seed: 1, a: 1}, {mixture: \"b\", seed: 1, a: 2}]",
    "list(map(0..8, fn(i) ({mixture: str(i % 2), seed: i // 2, a: i * i % 5})))", "[0.1, 0.2, 0.7]",
    "[0, 0, 10, 10]",
  ]
  private static let records = [
    "{}", "{a: 1}", "r", "{1: 2, true: 3}", "{coco: 0.5, lisa: 0.5}", "{a: nan}",
    "{a: [1], b: [2]}",
    "{text: \"a\", answer: \"b\"}",
  ]
  private static let functions = [
    "fn(x) x", "fn() 1", "fn(a, b) a", "fn(x) error(\"no\")", "len", "fn(x) [x]", "fn(x) none",
    "fn(x) x > 1", "fn(x) nan", "fn(a, b) nan", "fn(a, b) a - b", "str", "print",
    "fn(x) { ring.push(1)\n x }",
  ]
  private static let anything =
    ints + floats + strings + durations + lists + records + functions + [
      "none", "true", "3MB", "1MB * -5", "0..10", "0..=9223372036854775807", "10..0 by -3",
      "0.0..1.0 by 0.1", "0..nan", "regex(\"a|b\")", "random(1)", "mix {coco: 20%, lisa: 80%}",
    ]
}
