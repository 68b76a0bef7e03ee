import MDMDeclarations
import MDMNumerics
import MDMRuntime

/// What `assert across seeds(n): condition` means.
///
/// Numbers are compared by their mean over the seeds: `a > b` holds where the mean of a - b lies
/// above 0 by more than chance, that is where the lower end of its one-sided 95% Student-t interval
/// does; `a ~= b +- tolerance` where the mean of a - b is within the mean tolerance. With one seed
/// the numbers themselves are compared. Any other condition has to hold for every seed.
enum SeedAssertion {
  static let level = 0.95

  /// The hook that the compiler calls.
  static let judge = NativeFunction(
    FunctionSignature(
      "judge_across_seeds",
      [
        ParameterDeclaration("seeds", .int, "How many seeds, from 0."),
        ParameterDeclaration("body", .function, "Takes a seed, gives both sides or a Bool."),
        ParameterDeclaration("operation", .string, "The comparison, or nothing."),
        ParameterDeclaration("text", .string, "The condition as written."),
      ], returns: .either([.record, .none]), family: StatisticsBuiltins.name,
      "Tries a condition with several seeds; `assert across seeds(5): …` is its usual form.",
      examples: [
        Example("judge_across_seeds(3, fn(seed) seed < 3, \"\", \"\") == none", prints: "true")
      ])
  ) { call in
    let count = try call.int(0)
    let body = try call.function(1)
    let (operation, text) = (try call.string(2), try call.string(3))
    guard (1...1_000_000).contains(count) else {
      throw call.fail(
        "E0420", "an assertion needs 1 to 1,000,000 seeds, got \(count)", argument: 0)
    }
    let values = try (0..<count).map { seed in
      try call.checkInterrupt()
      return try call.invoke(body, [.int(seed)])
    }
    if operation.isEmpty { return try forAll(values, text, call) }
    let needed = operation == "~=" ? 3 : 2
    let sides = try values.enumerated().map { seed, value in
      guard case .list(let items) = value, let numbers = numbers(items),
        numbers.count >= needed
      else {
        throw call.fail(
          "E0420", "`\(text)` does not compare numbers with seed \(seed)",
          hint: "across seeds <, <=, >, >= and ~= compare means; other conditions are Bools")
      }
      return numbers
    }
    return verdict(sides, operation, text, call)
  }

  private static func numbers(_ items: [Datum]) -> [Double]? {
    let numbers = items.compactMap(\.number)
    return numbers.count == items.count ? numbers : nil
  }

  /// A condition that has to hold for every seed.
  private static func forAll(_ values: [Datum], _ text: String, _ call: NativeCall) throws -> Datum
  {
    var failed: [Int] = []
    for (seed, value) in values.enumerated() {
      guard case .bool(let holds) = value else {
        throw call.fail(
          "E0410", "`\(text)` is \(call.display(value)) with seed \(seed), not true or false")
      }
      if !holds { failed.append(seed) }
    }
    guard !failed.isEmpty else { return .none }
    return report(
      "\(text) fails with \(failed.count) of \(values.count) seeds",
      notes: ["it fails with seed \(failed.prefix(20).map(String.init).joined(separator: ", "))"],
      hint: nil)
  }

  private static func verdict(
    _ sides: [[Double]], _ operation: String, _ text: String, _ call: NativeCall
  ) -> Datum {
    let differences = sides.map { $0[0] - $0[1] }
    let mean = Statistics.mean(differences)
    let count = Double(sides.count)
    // Half the width of a two-sided interval; one side of it for an inequality.
    var margin = 0.0
    if sides.count > 1 {
      let quantile = Distribution.studentTQuantile(level, degreesOfFreedom: count - 1)
      margin = quantile * Statistics.standardDeviation(differences) / count.squareRoot()
    }
    let holds: Bool
    var leans = false
    switch operation {
    case ">": (holds, leans) = (mean - margin > 0, mean > 0)
    case ">=": (holds, leans) = (mean - margin >= 0, mean >= 0)
    case "<": (holds, leans) = (mean + margin < 0, mean < 0)
    case "<=": (holds, leans) = (mean + margin <= 0, mean <= 0)
    case "~=": holds = abs(mean) <= Statistics.mean(sides.map { $0[2] })
    default: holds = mean == 0
    }
    guard !holds else { return .none }
    var notes = sides.enumerated().prefix(20).map { seed, side in
      "seed \(seed): \(side[0]) and \(side[1])"
    }
    notes.append("mean difference \(Text.fixed(mean, 4)), 95% margin \(Text.fixed(margin, 4))")
    return report(
      "\(text) across \(sides.count) seeds", notes: notes,
      hint: leans ? "the mean is on the right side, but within chance: try more seeds" : nil)
  }

  private static func report(_ text: String, notes: [String], hint: String?) -> Datum {
    .record([
      ("text", .string(text)), ("notes", .list(notes.map(Datum.string))),
      ("hint", hint.map(Datum.string) ?? .none),
    ])
  }
}
