import Glibc
import MDMNumerics

/// The exponential mixing law y = c + s exp(t'w), s = +1 or -1, fitted by Huber's loss.
///
/// The factor k of the published form is not identifiable on the simplex (ln k adds to every t)
/// and is left out. s = +1 is convex and falls towards c, as losses do; s = -1 is concave and
/// rises towards c, as accuracies do; the sign with the smaller loss is kept.
/// Source: Ye et al., "Data mixing laws" (arXiv 2403.16952), equation 7; Olmix's parametrisation.
public struct ExponentialLaw: FittedModel {
  /// The limit c.
  public let limit: Double
  /// +1 above the limit, -1 below it.
  public let sign: Double
  /// t, one a domain, then one a covariate.
  public let exponents: [Double]
  /// The mean of Huber's loss of the standardised residuals.
  public let loss: Double
  /// The variance of the residuals.
  public let noiseVariance: Double

  /// Fits the law from many starts.
  ///
  /// - Parameter delta: Where Huber's loss turns from squares to distances, in standard
  ///   deviations of the scores.
  public static func fit(
    _ observations: Observations, delta: Double = 0.05, starts: Int = 24
  ) throws(MixtureError) -> ExponentialLaw {
    let n = observations.scores.count
    let q = observations.points[0].count
    guard n >= 3 else {
      throw .badCount(what: "the number of runs", count: n, allowed: "3 and above")
    }
    let mean = observations.mean
    let spread = observations.scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
    let scale = spread > 0 ? spread.squareRoot() : 1
    let y = observations.scores.map { ($0 - mean) / scale }
    let low = y.min() ?? 0
    let high = y.max() ?? 0
    let total = observations.precision.reduce(0, +)
    var best: (value: Double, point: [Double], sign: Double)?
    for sign in [1.0, -1] {
      // The minimum over (c, t): theta = (c, t_1 ... t_q).
      func loss(_ theta: [Double], _ gradient: inout [Double]) -> Double {
        var sum = 0.0
        for i in gradient.indices { gradient[i] = 0 }
        for (r, point) in observations.points.enumerated() {
          var inner = 0.0
          for i in 0..<q { inner += theta[1 + i] * point[i] }
          let power = exp(inner)
          let rest = theta[0] + sign * power - y[r]
          let weight = observations.precision[r] / total
          let slope: Double
          if abs(rest) <= delta {
            sum += weight * 0.5 * rest * rest
            slope = weight * rest
          } else {
            sum += weight * delta * (abs(rest) - 0.5 * delta)
            slope = weight * (rest > 0 ? delta : -delta)
          }
          gradient[0] += slope
          for i in 0..<q { gradient[1 + i] += slope * sign * power * point[i] }
        }
        return sum
      }
      for start in 0..<starts {
        var stream = RandomStream(seed: 0, purpose: "exponential-law", index: start)
        // The limit beyond the data by a share of their range, the level of exp at the mean.
        let gap = (high - low) * exp(log(0.05) + stream.uniform() * log(200))
        let limit = sign > 0 ? low - gap : high + gap
        let level = log(max(abs(limit), 1e-3))
        let theta = [limit] + (0..<q).map { _ in level + 0.5 * stream.normal() }
        let result = Minimiser.minimum(
          from: theta, iterations: 400, tolerance: 1e-8, function: loss)
        try MixtureError.checkInterruption()
        if result.value < (best?.value ?? .infinity) - 1e-12 {
          best = (result.value, result.point, sign)
        }
      }
    }
    guard let best else {
      throw .badCount(what: "the number of starts", count: starts, allowed: "1 and above")
    }
    // Back to the scores' units: c' = mean + scale c, and ln scale is added to every weight's t.
    let domains = observations.domains
    let exponents = (0..<q).map { best.point[1 + $0] + ($0 < domains ? log(scale) : 0) }
    let limit = mean + scale * best.point[0]
    var law = ExponentialLaw(
      limit: limit, sign: best.sign, exponents: exponents, loss: best.value, noiseVariance: 0)
    var sum = 0.0
    for (r, point) in observations.points.enumerated() {
      let rest = observations.scores[r] - law.value(point)
      sum += observations.precision[r] * rest * rest
    }
    law = ExponentialLaw(
      limit: limit, sign: best.sign, exponents: exponents, loss: best.value,
      noiseVariance: sum / max(Double(n - q - 1), 1))
    return law
  }

  /// The predicted mean.
  public func value(_ point: [Double]) -> Double {
    var inner = 0.0
    for i in 0..<min(point.count, exponents.count) { inner += exponents[i] * point[i] }
    return limit + sign * exp(inner)
  }

  /// The limit and the exponents.
  public var effectiveParameters: Double { Double(exponents.count + 1) }

  /// The limit, the sign and the exponents.
  public var settings: [(name: String, value: Double)] {
    [("limit", limit), ("sign", sign)]
      + exponents.enumerated().map { ("exponent \($0.offset + 1)", $0.element) }
  }
}

extension ModelFamily {
  /// The exponential mixing law, of a loss that falls or a score that rises towards a limit.
  public static let exponential = ModelFamily(
    name: "exponential", summary: "an exponential of a linear function, above or below a limit",
    formula: "y = c + exp(t'w) or y = c - exp(t'w)",
    source: "Ye et al., \"Data mixing laws\", ICLR 2025 (arXiv 2403.16952)"
  ) { observations throws(MixtureError) in
    try ExponentialLaw.fit(observations)
  }
}
