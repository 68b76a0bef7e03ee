import MDMDeclarations
import MDMMixtures
import MDMRuntime

/// What `fit` is given: the mixtures of runs and one number a run for each target.
struct FittedRuns {
  let mixtures: [MixtureValue]
  let targets: [(name: String, scores: [Double])]
  /// Whether targets were given as a list or record: then the answer is one, too, even of one law.
  let isList: Bool

  static let runsParameter = ParameterDeclaration(
    "runs", .either([.list, .domain("Outcomes"), TableBuiltins.type]),
    "Runs, outcomes from files, records or rows of a table whose `mixture` is a Mixture, or a list "
      + "of mixtures.")
  static let targetParameter = ParameterDeclaration(
    "target", .either([.function, .string, .list, .record]),
    "What to predict: a function of a run such as `out_score`, a column or field by name, or one "
      + "number a mixture. Several targets are a list of functions and names, or a record of any "
      + "of these; then every target gets a law.")

  /// - Throws: where runs and targets do not belong together, naming the runs without a number.
  init(_ call: NativeCall) throws {
    let runs = try call.datum(0)
    let given = try call.datum(1)
    let wanted: [(name: String, from: Datum)]
    switch given {
    case .record(let record): (wanted, isList) = (record.entries.map { ($0.key, $0.value) }, true)
    case .list(let items) where items.contains(where: Self.isNamed):
      (wanted, isList) = (try items.map { (try Self.name($0, call), $0) }, true)
    default: (wanted, isList) = ([(try Self.name(given, call), given)], false)
    }
    guard !wanted.isEmpty else {
      throw call.fail(
        "E0701", "no target is given", hint: "write target: [in_score, out_score]", argument: 1)
    }
    for (position, target) in wanted.enumerated()
    where wanted[..<position].contains(where: { $0.name == target.name }) {
      throw call.fail(
        "E0701", "two targets are called `\(target.name)`",
        hint: "name them in a record: target: {first: …, second: …}", argument: 1)
    }
    let items = try Self.items(runs, call)
    let found =
      if case .domain(let table as OutcomesValue) = runs {
        table.mixtures.map { MixtureValue($0) }
      } else {
        try items.enumerated().map { try Self.mixture($1, $0, call) }
      }
    mixtures = found
    targets = try wanted.map { target in
      let values = try Self.values(target.from, target.name, runs, items, call)
      guard values.count == found.count else {
        throw call.fail(
          "E0701",
          "`\(target.name)` has \(values.count) numbers for \(found.count) runs", argument: 1)
      }
      let missing = values.indices.filter { !(values[$0]?.isFinite ?? false) }
      guard missing.isEmpty else {
        let error = MixtureError.missingScores(
          runs: missing, of: values.count, target: "`\(target.name)`")
        throw call.fail(
          "E0701", error.message,
          hint: error.hint
            + (wanted.count > 1 ? "; or fit each target alone, to the runs that have it" : ""),
          argument: 1)
      }
      let scores = values.compactMap { $0 }
      if scores.count > 1, scores.allSatisfy({ $0 == scores[0] }) {
        let error = MixtureError.constantScores(
          target: "`\(target.name)`", value: scores[0], of: scores.count)
        throw call.fail("E0701", error.message, hint: error.hint, argument: 1)
      }
      return (target.name, scores)
    }
  }

  private static func isNamed(_ target: Datum) -> Bool {
    if case .function = target { true } else { target.text != nil }
  }

  private static func name(_ target: Datum, _ call: NativeCall) throws -> String {
    switch target {
    case .string(let name): return name
    case .function(let function):
      let name = call.signature(of: function).name
      return name.isEmpty || name == "fn" ? "outcome" : name
    case .list: return "outcome"
    default:
      throw call.fail(
        "E0406", "a target is a function, a name or a list of numbers, not \(target.brief)",
        argument: 1)
    }
  }

  private static func items(_ runs: Datum, _ call: NativeCall) throws -> [Datum] {
    switch runs {
    case .domain(is OutcomesValue): []
    case .domain(let table as TableValue):
      (0..<table.table.rowCount).map { .record(table.table.record($0)) }
    default: try call.list(0)
    }
  }

  private static func mixture(
    _ item: Datum, _ position: Int, _ call: NativeCall
  ) throws -> MixtureValue {
    var found = item
    if case .record(let record) = item { found = record["mixture"] ?? .none }
    switch found {
    case .domain(let mixture as MixtureValue): return mixture
    case .domain(let run as RunValue): return run.mixture
    default:
      throw call.fail(
        "E0406",
        "element \(position) should be a Run, a Mixture, or a record whose `mixture` is a "
          + "Mixture, but is \(item.brief)", hint: item.hintWhereUnexpected, argument: 0)
    }
  }

  // One number a run, nil where there is none.
  private static func values(
    _ target: Datum, _ name: String, _ runs: Datum, _ items: [Datum], _ call: NativeCall
  ) throws -> [Double?] {
    switch (target, runs) {
    case (.list(let numbers), _):
      return try numbers.enumerated().map { try number($1, name, $0, call) }
    case (.string(let column), .domain(let table as OutcomesValue)):
      guard let numbers = table.columns[column] else {
        throw call.fail(
          "E0405", "the outcomes have no column \"\(column)\"",
          hint: "their columns are " + table.targets.joined(separator: ", "), argument: 1)
      }
      return numbers
    case (.function, .domain(is OutcomesValue)):
      throw call.fail(
        "E0406", "outcomes from files have columns, not runs for a function",
        hint: "write target: \"\(name)\"", argument: 1)
    case (.function(let function), _):
      return try items.enumerated().map { position, item in
        try call.checkInterrupt()
        return try number(call.invoke(function, [item]), name, position, call)
      }
    case (.string(let field), _):
      return try items.enumerated().map { position, item in
        if case .record(let record) = item {
          guard record.names.contains(field) else {
            throw call.fail(
              "E0405", "run \(position) has no field `\(field)`",
              hint: "it has " + record.names.joined(separator: ", "), argument: 1)
          }
          return try number(record[field] ?? .none, name, position, call)
        }
        guard case .domain(let value) = item, let found = value.field(field) else {
          throw call.fail(
            "E0405", "element \(position) has no field `\(field)`",
            hint: "write target: out_score, or a function of a run", argument: 1)
        }
        return try number(found, name, position, call)
      }
    default:
      throw call.fail(
        "E0406", "`runs` and `target` do not belong together",
        hint: "write fit(runs, target: out_score), fit(outcomes, target: \"column\") or "
          + "fit(mixtures, target: numbers)")
    }
  }

  private static func number(
    _ value: Datum, _ name: String, _ position: Int, _ call: NativeCall
  ) throws -> Double? {
    if value.isNone { return nil }
    guard let number = value.number else {
      throw call.fail(
        "E0406", "`\(name)` of run \(position) is \(value.brief), not a number", argument: 1)
    }
    return number
  }
}
