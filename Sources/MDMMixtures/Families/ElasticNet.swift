import Glibc
import MDMNumerics

/// Linear regression with an L1 and an L2 penalty by coordinate descent.
///
/// Minimises 1/(2n) sum_r p_r (y_r - a - x_r'b)^2 + penalty (l1 |b|_1 + (1 - l1)/2 |b|^2), no
/// penalty on the intercept. Source: Friedman, Hastie and Tibshirani, "Regularization paths for
/// generalized linear models via coordinate descent", J. Stat. Softw. 2010.
public struct ElasticNet: FittedModel {
  /// The terms of the mixture; covariates are further columns.
  public let terms: [ModelTerm]
  /// One coefficient a column.
  public let coefficients: [Double]
  /// The constant.
  public let intercept: Double
  /// The penalty.
  public let penalty: Double
  /// The share of the L1 part.
  public let l1: Double
  /// The variance of the residuals.
  public let noiseVariance: Double

  /// Fits the terms of the quadratic; the penalty has the least error in five folds where it is
  /// not given.
  public static func fit(
    _ observations: Observations, penalty: Double? = nil, l1: Double = 0.5,
    family: ModelFamily = .quadratic
  ) throws(MixtureError) -> ElasticNet {
    let terms = family.terms(observations.domains)
    let rows = observations.points.map { point in
      terms.map { $0.value(point) } + point[observations.domains...]
    }
    let n = rows.count
    guard n >= 3 else {
      throw .badCount(what: "the number of runs", count: n, allowed: "3 and above")
    }
    let chosen: Double
    if let penalty {
      chosen = penalty
    } else {
      let problem = Descent(rows, observations.scores, observations.precision)
      let top = problem.largestPenalty(l1)
      guard top > 0 else {
        return ElasticNet(
          terms: terms, coefficients: [Double](repeating: 0, count: rows[0].count),
          intercept: observations.mean, penalty: 0, l1: l1, noiseVariance: 0)
      }
      let grid = (0..<25).map { top * pow(1e-4, Double($0) / 24) }
      let folds = min(5, n)
      var errors = [Double](repeating: 0, count: grid.count)
      var stream = RandomStream(seed: 0, purpose: "elastic-net-folds")
      // Replicates stay together: a fold is dealt by the point, not by the run.
      var places: [[Double]: Int] = [:]
      for point in observations.points where places[point] == nil { places[point] = places.count }
      let deal = stream.shuffled(Array(0..<places.count))
      let fold = observations.points.map { deal[places[$0] ?? 0] % folds }
      for left in 0..<folds {
        let kept = rows.indices.filter { fold[$0] != left }
        guard kept.count >= 2, kept.count < n else { continue }
        let part = Descent(
          kept.map { rows[$0] }, kept.map { observations.scores[$0] },
          kept.map { observations.precision[$0] })
        var warm = [Double](repeating: 0, count: rows[0].count)
        for (place, value) in grid.enumerated() {
          let intercept = try part.solve(&warm, value, l1)
          for i in rows.indices where fold[i] == left {
            let rest = observations.scores[i] - intercept - dot(rows[i], warm)
            errors[place] += observations.precision[i] * rest * rest
          }
        }
      }
      chosen = grid[errors.indices.min { errors[$0] < errors[$1] } ?? 0]
    }
    let problem = Descent(rows, observations.scores, observations.precision)
    var coefficients = [Double](repeating: 0, count: rows[0].count)
    let intercept = try problem.solve(&coefficients, chosen, l1, sweeps: 200_000)
    var sum = 0.0
    for i in rows.indices {
      let rest = observations.scores[i] - intercept - dot(rows[i], coefficients)
      sum += observations.precision[i] * rest * rest
    }
    let spent = Double(1 + coefficients.count { $0 != 0 })
    return ElasticNet(
      terms: terms, coefficients: coefficients, intercept: intercept, penalty: chosen, l1: l1,
      noiseVariance: sum / max(Double(n) - spent, 1))
  }

  /// The predicted mean.
  public func value(_ point: [Double]) -> Double {
    var sum = intercept
    for (term, coefficient) in zip(terms, coefficients) where coefficient != 0 {
      sum += coefficient * term.value(point)
    }
    // Covariates follow the weights of the domains, as many as there are coefficients beyond terms.
    let extra = coefficients.count - terms.count
    if extra > 0, point.count >= extra {
      let domains = terms.count { $0.isLinear }
      for i in 0..<extra where domains + i < point.count {
        sum += coefficients[terms.count + i] * point[domains + i]
      }
    }
    return sum
  }

  /// Coefficients that are not 0, and the constant (Zou, Hastie and Tibshirani 2007).
  public var effectiveParameters: Double { Double(1 + coefficients.count { $0 != 0 }) }

  /// The penalty and what it left.
  public var settings: [(name: String, value: Double)] {
    [("penalty", penalty), ("terms kept", Double(coefficients.count { $0 != 0 }))]
  }
}

private func dot(_ a: [Double], _ b: [Double]) -> Double {
  var sum = 0.0
  for i in a.indices { sum += a[i] * b[i] }
  return sum
}

/// Coordinate descent on centred columns.
private struct Descent {
  private let columns: [[Double]]
  private let means: [Double]
  private let target: [Double]
  private let mean: Double
  private let weights: [Double]
  private let squares: [Double]
  private let n: Double

  init(_ rows: [[Double]], _ scores: [Double], _ precision: [Double]) {
    n = Double(rows.count)
    let total = precision.reduce(0, +)
    weights = precision
    func centre(_ values: [Double]) -> Double { dot(values, precision) / total }
    let raw = rows[0].indices.map { j in rows.map { $0[j] } }
    means = raw.map(centre)
    columns = zip(raw, means).map { column, mean in column.map { $0 - mean } }
    let mean = centre(scores)
    self.mean = mean
    target = scores.map { $0 - mean }
    squares = columns.map { column in
      zip(column, precision).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
    }
  }

  // From which penalty on all coefficients are 0.
  func largestPenalty(_ l1: Double) -> Double {
    let slopes = columns.map { column in
      abs(column.indices.reduce(0.0) { $0 + column[$1] * weights[$1] * target[$1] })
    }
    return (slopes.max() ?? 0) / n / max(l1, 1e-3)
  }

  // Improves the coefficients to the minimum; returns the intercept.
  func solve(
    _ b: inout [Double], _ penalty: Double, _ l1: Double, sweeps: Int = 2000
  ) throws(MixtureError) -> Double {
    var rest = target
    for (j, column) in columns.enumerated() where b[j] != 0 {
      for i in rest.indices { rest[i] -= b[j] * column[i] }
    }
    let soft = penalty * l1 * n
    let ridge = penalty * (1 - l1) * n
    for _ in 0..<sweeps {
      try MixtureError.checkInterruption()
      var largest = 0.0
      for (j, column) in columns.enumerated() where squares[j] > 0 {
        var slope = squares[j] * b[j]
        for i in rest.indices { slope += column[i] * weights[i] * rest[i] }
        let next = max(abs(slope) - soft, 0) * (slope < 0 ? -1 : 1) / (squares[j] + ridge)
        let change = next - b[j]
        guard change != 0 else { continue }
        b[j] = next
        for i in rest.indices { rest[i] -= change * column[i] }
        largest = max(largest, abs(change) * squares[j].squareRoot())
      }
      if largest <= 1e-12 * max(dot(target, target).squareRoot(), 1e-300) { break }
    }
    return mean - dot(means, b)
  }
}

extension ModelFamily {
  /// The quadratic family with a penalty that sets coefficients to 0.
  public static let elasticNet = ModelFamily(
    name: "elastic_net", summary: "the quadratic with few interactions, chosen by an L1 penalty",
    formula: "quadratic, minimising RSS/2n + a (|b|_1 / 2 + |b|^2 / 4)",
    source: "Zou and Hastie, JRSS B 2005; Friedman, Hastie and Tibshirani, J. Stat. Softw. 2010"
  ) { observations throws(MixtureError) in
    try ElasticNet.fit(observations)
  }
}
