import Glibc

extension RandomStream {
  /// A standard normal draw; every call uses two uniforms, so draws can be counted.
  ///
  /// Source: Box and Muller, "A note on the generation of random normal deviates", 1958.
  public mutating func normal() -> Double {
    let radius = (-2 * log(1 - uniform())).squareRoot()  // 1 - u lies in (0, 1]
    return radius * cos(2 * Double.pi * uniform())
  }

  /// A normal draw of the given mean and standard deviation.
  public mutating func normal(mean: Double, standardDeviation: Double) -> Double {
    mean + standardDeviation * normal()
  }

  /// An exponential draw of rate 1.
  public mutating func exponential() -> Double { -log(1 - uniform()) }

  /// A gamma draw of scale 1; the shape is above 0.
  public mutating func gamma(shape: Double) -> Double { exp(logGamma(shape: shape)) }

  /// A Dirichlet draw: weights that are at least 0 and sum to 1.
  ///
  /// Numerics: gamma draws are normalised by their logarithms, so concentrations far below 1
  /// give a vertex and never 0/0.
  public mutating func dirichlet(_ concentrations: [Double]) -> [Double] {
    let logs = concentrations.map { logGamma(shape: $0) }
    guard let top = logs.max() else { return [] }
    let parts = logs.map { exp($0 - top) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  /// A symmetric Dirichlet draw; concentration 1 is uniform on the simplex.
  public mutating func dirichlet(count: Int, concentration: Double = 1) -> [Double] {
    dirichlet([Double](repeating: concentration, count: count))
  }

  /// An index drawn with probability proportional to its weight; the weights have a positive sum.
  public mutating func index(weights: [Double]) -> Int {
    var rest = uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() where weight > 0 {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.lastIndex { $0 > 0 } ?? 0  // rounding used up the last sliver
  }

  // Marsaglia and Tsang, "A simple method for generating gamma variables", TOMS 2000; shapes
  // below 1 by Gamma(a) = Gamma(a + 1) U^(1/a), kept as a logarithm.
  private mutating func logGamma(shape: Double) -> Double {
    precondition(shape > 0, "a positive shape is an invariant of the callers")
    if shape < 1 { return logGamma(shape: shape + 1) + log(1 - uniform()) / shape }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normal()
      let root = 1 + c * x
      if root <= 0 { continue }
      let v = root * root * root
      if log(1 - uniform()) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) }
    }
  }
}
