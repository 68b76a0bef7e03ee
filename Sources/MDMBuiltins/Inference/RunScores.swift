import MDMDeclarations
import MDMMixtures
import MDMRuntime

/// The outcome of runs as scripts hand them in: runs of `train`, records, or the rows of a table.
struct RunScores {
  let target: String
  let items: [Datum]
  let labels: [String]
  let seeds: [Int64]
  let scores: [Double]

  /// What the runs allow to be said.
  func panel() throws(EvidenceError) -> SeedPanel {
    try SeedPanel(target: target, mixtures: labels, seeds: seeds, scores: scores)
  }

  /// The runs that are runs of `train`.
  var runs: [RunValue] {
    items.compactMap { if case .domain(let run as RunValue) = $0 { run } else { nil } }
  }

  static let runsParameter = ParameterDeclaration(
    "runs", .either([.list, TableBuiltins.type]),
    "Runs, or records or rows of a table with `mixture` and `seed`.")
  static let targetParameter = ParameterDeclaration(
    "target", .either([.function, .string]),
    "The outcome: a function of a run such as `out_score`, or the name of a field.")
}

extension NativeCall {
  /// The runs of an argument, none looked into.
  func runItems(_ index: Int) throws -> [Datum] {
    if case .domain(let table as TableValue) = try datum(index) {
      return (0..<table.table.rowCount).map { .record(table.table.record($0)) }
    }
    return try list(index)
  }

  /// The outcomes that two arguments, runs and target, name.
  func runScores(_ runsIndex: Int, _ targetIndex: Int) throws -> RunScores {
    try runScores(try runItems(runsIndex), of: runsIndex, targetIndex)
  }

  func runScores(
    _ items: [Datum], of runsIndex: Int, _ targetIndex: Int
  ) throws -> RunScores {
    let target = try datum(targetIndex)
    var name = target.text ?? ""
    if case .function(let function) = target { name = signature(of: function).name }
    if name.isEmpty || name == "fn" { name = "outcome" }  // a function without a name
    var (labels, seeds, scores): ([String], [Int64], [Double]) = ([], [], [])
    for (position, item) in items.enumerated() {
      try checkInterrupt()
      labels.append(try runLabel(item, position, runsIndex))
      seeds.append(try runSeed(item, position, runsIndex))
      let score: Datum
      if case .function(let function) = target {
        score = try invoke(function, [item])
      } else {
        score = try runField(name, item, position, targetIndex)
      }
      guard let number = score.number else {
        throw fail(
          "E0708", "`\(name)` of run \(position) is \(score.brief), not a number",
          argument: targetIndex)
      }
      scores.append(number)
    }
    return RunScores(target: name, items: items, labels: labels, seeds: seeds, scores: scores)
  }

  private func runLabel(_ item: Datum, _ position: Int, _ index: Int) throws -> String {
    if case .domain(let run as RunValue) = item { return run.mixture.label }
    switch try runField("mixture", item, position, index) {
    case .string(let name): return name
    case .domain(let mixture as MixtureValue): return mixture.label
    case let other:
      throw fail(
        "E0406",
        "the mixture of run \(position) should be a Mixture or a name, but is \(other.brief)",
        argument: index)
    }
  }

  /// The seed of a run or a record.
  func runSeed(_ item: Datum, _ position: Int, _ index: Int) throws -> Int64 {
    if case .domain(let run as RunValue) = item { return Int64(bitPattern: run.run.seed) }
    let seed = try runField("seed", item, position, index)
    guard case .int(let value) = seed else {
      throw fail(
        "E0406", "the seed of run \(position) should be an Int, but is \(seed.brief)",
        argument: index)
    }
    return value
  }

  private func runField(
    _ name: String, _ item: Datum, _ position: Int, _ index: Int
  ) throws -> Datum {
    switch item {
    case .record(let record):
      guard let value = record[name] else {
        throw fail(
          "E0405", "run \(position) has no field `\(name)`",
          hint: "it has " + record.names.joined(separator: ", "), argument: index)
      }
      return value
    case .domain(let run as RunValue):
      guard let value = run.field(name) else {
        throw fail(
          "E0405", "runs have no field `\(name)`", hint: "write target: out_score", argument: index)
      }
      return value
    default:
      throw fail(
        "E0406", "element \(position) should be a Run or a record, but is \(item.brief)",
        argument: index)
    }
  }

  /// Runs a step of inference; what the runs do not allow becomes an error of this call.
  func judging<T>(_ body: () throws(EvidenceError) -> T) throws -> T {
    do { return try body() } catch {
      throw fail("E0708", error.message, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }
}
