import Glibc

/// The distribution functions that intervals and tests need.
public enum Distribution {
  /// P(Z <= z) of a standard normal Z.
  public static func normal(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// P(T <= t) of Student's t; infinite degrees of freedom give the normal.
  ///
  /// Numerics: by I_x(df/2, 1/2) with x = df / (df + t^2), absolute error near 1e-14.
  public static func studentT(_ t: Double, degreesOfFreedom df: Double) -> Double {
    guard df.isFinite, t.isFinite else { return df.isFinite || t.isFinite ? normal(t) : .nan }
    let tail = 0.5 * incompleteBeta(df / (df + t * t), df / 2, 0.5)
    return t > 0 ? 1 - tail : tail
  }

  /// The t with P(T <= t) = p, for p strictly between 0 and 1.
  public static func studentTQuantile(_ p: Double, degreesOfFreedom df: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    if p < 0.5 { return -studentTQuantile(1 - p, degreesOfFreedom: df) }
    var low = 0.0
    var high = 1.0
    while studentT(high, degreesOfFreedom: df) < p, high < 1e300 {
      low = high
      high *= 2
    }
    // Bisection to neighbouring doubles: robust for fractional degrees of freedom near zero.
    for _ in 0..<200 {
      let middle = low + (high - low) / 2
      if middle <= low || middle >= high { break }
      if studentT(middle, degreesOfFreedom: df) < p { low = middle } else { high = middle }
    }
    return low + (high - low) / 2
  }

  /// P(F >= f) of Fisher's F.
  public static func fisherUpperTail(_ f: Double, _ df1: Double, _ df2: Double) -> Double {
    f <= 0 ? 1 : incompleteBeta(df2 / (df2 + df1 * f), df2 / 2, df1 / 2)
  }

  /// The regularised incomplete beta function I_x(a, b).
  ///
  /// Source: DLMF 8.17.22, the continued fraction, evaluated by Lentz's method on the side of
  /// the mean where it converges fast.
  public static func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
    let front = exp(
      lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x))
    let tiny = 1e-300
    var c = 1.0
    var d = 1 - (a + b) * x / (a + 1)
    d = 1 / (abs(d) < tiny ? tiny : d)
    var h = d
    for m in 1...10_000 {
      let n = Double(m)
      for numerator in [
        n * (b - n) * x / ((a + 2 * n - 1) * (a + 2 * n)),
        -(a + n) * (a + b + n) * x / ((a + 2 * n) * (a + 2 * n + 1)),
      ] {
        d = 1 + numerator * d
        d = 1 / (abs(d) < tiny ? tiny : d)
        c = 1 + numerator / c
        if abs(c) < tiny { c = tiny }
        h *= d * c
      }
      if abs(d * c - 1) < 1e-16 { break }
    }
    return front * h / a
  }
}
