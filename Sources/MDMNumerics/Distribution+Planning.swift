import Glibc

/// Distributions for planning and for several comparisons at once.
extension Distribution {
  /// The z with P(Z <= z) = p of a standard normal Z, for p strictly between 0 and 1.
  ///
  /// Numerics: a rational first guess (Abramowitz and Stegun 26.2.23), then Newton steps on the tail
  /// that is small, so that no digits cancel.
  public static func normalQuantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    if p > 0.5 { return -normalQuantile(1 - p) }
    let t = (-2 * log(p)).squareRoot()
    var z =
      (2.515517 + t * (0.802853 + t * 0.010328))
      / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in 0..<4 {
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      let error = (normal(z) - p) / density
      z -= error / (1 + z * error / 2)  // Halley's step
    }
    return z
  }

  /// P(X <= x) of a chi-squared X.
  public static func chiSquared(_ x: Double, degreesOfFreedom df: Double) -> Double {
    x <= 0 ? 0 : incompleteGamma(x / 2, df / 2)
  }

  /// The x with P(X <= x) = p of a chi-squared X, for p strictly between 0 and 1.
  public static func chiSquaredQuantile(_ p: Double, degreesOfFreedom df: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? 0 : p == 1 ? .infinity : .nan }
    var (low, high) = (0.0, max(df, 1))
    while chiSquared(high, degreesOfFreedom: df) < p { (low, high) = (high, 2 * high) }
    return root(from: low, to: high) { chiSquared($0, degreesOfFreedom: df) - p }
  }

  /// The regularised lower incomplete gamma function P(a, x).
  ///
  /// Source: DLMF 8.11.4, the series, below the mean; 8.9.2, the continued fraction, above it.
  static func incompleteGamma(_ x: Double, _ a: Double) -> Double {
    let front = exp(a * log(x) - x - lgamma(a))
    if x < a + 1 {
      var (term, sum, n) = (1 / a, 1 / a, a)
      while abs(term) > abs(sum) * 1e-17 {
        n += 1
        term *= x / n
        sum += term
      }
      return min(1, front * sum)
    }
    var b = x + 1 - a
    var c = 1e300
    var d = 1 / b
    var h = d
    for i in 1...10_000 {
      let an = -Double(i) * (Double(i) - a)
      b += 2
      d = 1 / (an * d + b)
      c = b + an / c
      h *= d * c
      if abs(d * c - 1) < 1e-16 { break }
    }
    return 1 - front * h
  }

  /// P(T <= t) of Student's t with noncentrality: (Z + noncentrality) over the root of chi²(df) / df.
  ///
  /// Numerics: by integration over the root, absolute error below 1e-12.
  public static func noncentralT(
    _ t: Double, degreesOfFreedom df: Double, noncentrality: Double
  ) -> Double {
    min(
      1, scales(df, pieces: 32).reduce(0) { $0 + $1.weight * normal(t * $1.place - noncentrality) })
  }

  /// P(|T_i| <= t for all i) of the comparisons of several means with one control.
  ///
  /// - Parameters:
  ///   - loadings: for each comparison the root of n_i / (n_i + n_0), so that comparisons i and j
  ///     correlate by the product of theirs; equal sizes have 1 / √2.
  ///   - df: degrees of freedom of the common variance; infinite for a known one.
  ///
  /// Source: Dunnett, "A multiple comparison procedure for comparing several treatments with a
  /// control", JASA 1955; the integral over the control's error and the common scale.
  public static func dunnett(
    _ t: Double, loadings: [Double], degreesOfFreedom df: Double
  ) -> Double {
    guard t > 0 else { return 0 }
    let groups = Dictionary(grouping: loadings) { $0 }.map { ($0.key, Double($0.value.count)) }
      .sorted { $0.0 < $1.0 }
    // The product is even in the control's error: one half counts twice.
    let controls = Quadrature.points(over: 0...8.5, pieces: 3).map { point in
      (point.place, point.weight * exp(-point.place * point.place / 2) * (2 / .pi).squareRoot())
    }
    let total = scales(df, pieces: df < 8 ? 6 : 3).reduce(0.0) { sum, scale in
      sum
        + scale.weight
        * controls.reduce(0.0) { inner, control in
          var product = control.1
          for (loading, count) in groups {
            let own = (1 - loading * loading).squareRoot()
            let upper = (loading * control.0 + t * scale.place) / own
            let lower = (loading * control.0 - t * scale.place) / own
            product *= pow(max(0, normal(upper) - normal(lower)), count)
          }
          return inner + product
        }
    }
    return min(1, total)
  }

  /// The t with `dunnett(t, …)` = level: the half width of simultaneous intervals in standard errors.
  public static func dunnettQuantile(
    _ level: Double, loadings: [Double], degreesOfFreedom df: Double
  ) -> Double {
    var high = 4.0
    while dunnett(high, loadings: loadings, degreesOfFreedom: df) < level, high < 1e6 { high *= 2 }
    return root(from: 0, to: high, within: 1e-9) {
      dunnett($0, loadings: loadings, degreesOfFreedom: df) - level
    }
  }

  /// Where the root of chi²(df) / df lies, and with which probability.
  private static func scales(
    _ df: Double, pieces: Int
  ) -> [(place: Double, weight: Double)] {
    guard df.isFinite, df < 1e7 else { return [(1, 1)] }
    let root = df.squareRoot()
    let constant = log(2.0) + df / 2 * log(df / 2) - lgamma(df / 2)
    let points = Quadrature.points(
      over: max(0, (root - 9) / root)...((root + 9) / root), pieces: pieces)
    return points.map { s, weight in
      (s, weight * exp(constant + (df - 1) * log(s) - df * s * s / 2))
    }
  }

  /// The zero of a rising function: regula falsi with Illinois' halving, then nothing more to gain.
  static func root(
    from start: Double, to end: Double, within width: Double = 1e-14,
    of rising: (Double) -> Double
  ) -> Double {
    var (low, high) = (start, end)
    var (below, above) = (rising(low), rising(high))
    var side = 0
    for _ in 0..<200 {
      guard above > below else { break }
      let middle = (low * above - high * below) / (above - below)
      guard middle > low, middle < high, high - low > width * abs(high) else { break }
      let value = rising(middle)
      if abs(value) < 0.1 * width { return middle }
      if value > 0 {
        (high, above) = (middle, value)
        if side == 1 { below /= 2 }
        side = 1
      } else {
        (low, below) = (middle, value)
        if side == -1 { above /= 2 }
        side = -1
      }
    }
    return abs(below) < abs(above) ? low : high
  }
}
