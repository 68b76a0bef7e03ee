import MDMDeclarations
import MDMNumerics
import MDMRuntime

/// Statistics of outcomes; the plain ones (mean, std, quantile) are in the runtime's library.
enum StatisticsBuiltins: BuiltinFamily {
  static let name = "statistics"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [
      correlation("spearman", Statistics.spearman), correlation("pearson", Statistics.pearson),
      paired, SeedAssertion.judge,
    ]
  }

  private static func correlation(
    _ function: String,
    _ compute: @escaping @Sendable ([Double], [Double]) throws(NumericsError) -> Double
  ) -> NativeFunction {
    let isRank = function == "spearman"
    return NativeFunction(
      FunctionSignature(
        function,
        [
          ParameterDeclaration("x", .list, "Numbers."),
          ParameterDeclaration("y", .list, "As many numbers."),
        ], returns: .float, family: name,
        isRank
          ? "Correlates the ranks of two lists; ties share their mean rank."
          : "Correlates two lists linearly.",
        examples: [Example("\(function)([1, 2, 3], [2, 4, \(isRank ? 9 : 6)])", prints: "1.0")])
    ) { call in
      let x = try call.doubles(0)
      let y = try call.doubles(1)
      return .float(try call.numeric { () throws(NumericsError) in try compute(x, y) })
    }
  }

  private static let paired = NativeFunction(
    FunctionSignature(
      "paired_difference",
      [
        ParameterDeclaration("a", .list, "Outcomes, one a seed."),
        ParameterDeclaration("b", .list, "Outcomes of the same seeds."),
        ParameterDeclaration("level", .float, default: "0.95", "Share of intervals that cover."),
      ], returns: .record, family: name,
      "Gives the mean of a - b over matched seeds with its Student-t interval; differences that are all "
        + "equal leave no noise to judge by, and are an error.",
      examples: [
        Example("paired_difference([2.0, 3.5, 4.0], [1.0, 2.0, 3.5]).difference", prints: "1.0")
      ], source: "Student, The probable error of a mean, Biometrika 1908")
  ) { call in
    let a = try call.doubles(0)
    let b = try call.doubles(1)
    let level = try call.double(2)
    let estimate = try call.numeric { () throws(NumericsError) in
      try Inference.pairedDifference(a, b, level: level)
    }
    return .record([
      ("difference", .float(estimate.value)), ("low", .float(estimate.lower)),
      ("high", .float(estimate.upper)), ("level", .float(estimate.level)),
      ("pairs", .int(estimate.count)),
    ])
  }
}

extension NativeCall {
  /// Runs a step of `MDMNumerics`; its error becomes one of this call.
  func numeric<T>(_ body: () throws(NumericsError) -> T) throws -> T {
    do { return try body() } catch {
      throw fail("E0420", error.message, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }
}
