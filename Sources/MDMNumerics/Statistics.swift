import Glibc

/// Figures that describe lists of numbers.
public enum Statistics {
  /// The arithmetic mean; NaN for no values.
  public static func mean(_ values: [Double]) -> Double {
    values.reduce(0, +) / Double(values.count)
  }

  /// The variance with divisor n - `ddof`; NaN where that is below 1.
  public static func variance(_ values: [Double], ddof: Int = 1) -> Double {
    guard values.count > ddof else { return .nan }
    let center = mean(values)
    return values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count - ddof)
  }

  /// The standard deviation with divisor n - `ddof`; NaN where that is below 1.
  public static func standardDeviation(_ values: [Double], ddof: Int = 1) -> Double {
    variance(values, ddof: ddof).squareRoot()
  }

  /// The value below which a fraction of the values lies, linear between neighbours (type 7 of
  /// Hyndman and Fan); NaN for no values.
  ///
  /// - Parameter fraction: From 0, the least value, to 1, the greatest; 0.5 is the median.
  public static func quantile(_ values: [Double], _ fraction: Double) -> Double {
    guard !values.isEmpty else { return .nan }
    let sorted = values.sorted()
    let place = min(max(fraction, 0), 1) * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }

  /// The median; NaN for no values.
  public static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

  /// Ranks from 1; tied values share the average of their ranks.
  public static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var result = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start
      while end + 1 < order.count, values[order[end + 1]] == values[order[start]] { end += 1 }
      for i in start...end { result[order[i]] = Double(start + end) / 2 + 1 }
      start = end + 1
    }
    return result
  }

  /// Pearson's correlation; NaN where a list is constant.
  public static func pearson(_ x: [Double], _ y: [Double]) throws(NumericsError) -> Double {
    try check(x, y, "correlations")
    let mx = mean(x)
    let my = mean(y)
    var sxy = 0.0
    var sxx = 0.0
    var syy = 0.0
    for (a, b) in zip(x, y) {
      sxy += (a - mx) * (b - my)
      sxx += (a - mx) * (a - mx)
      syy += (b - my) * (b - my)
    }
    return sxy / (sxx * syy).squareRoot()
  }

  /// Spearman's rank correlation, ties at their average rank; NaN where a list is constant.
  public static func spearman(_ x: [Double], _ y: [Double]) throws(NumericsError) -> Double {
    try check(x, y, "rank correlations")
    return try pearson(ranks(x), ranks(y))
  }

  /// The coefficient of determination 1 - sum (y - p)^2 / sum (y - mean y)^2; negative where the
  /// mean predicts better.
  public static func rSquared(
    observed: [Double], predicted: [Double]
  ) throws(NumericsError) -> Double {
    try check(observed, predicted, "coefficients of determination")
    let center = mean(observed)
    var left = 0.0
    var all = 0.0
    for (y, p) in zip(observed, predicted) {
      left += (y - p) * (y - p)
      all += (y - center) * (y - center)
    }
    return 1 - left / all
  }

  /// The root of the mean squared difference.
  public static func rootMeanSquaredError(
    observed: [Double], predicted: [Double]
  ) throws(NumericsError) -> Double {
    guard observed.count == predicted.count else {
      throw .lengths(what: "prediction errors", left: observed.count, right: predicted.count)
    }
    let sum = zip(observed, predicted).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    return (sum / Double(observed.count)).squareRoot()
  }

  static func log(_ x: Double) -> Double { Glibc.log(x) }

  static func check(_ x: [Double], _ y: [Double], _ what: String) throws(NumericsError) {
    guard x.count == y.count else { throw .lengths(what: what, left: x.count, right: y.count) }
    guard x.count > 1 else { throw .tooFew(what: what, found: x.count, needed: 2) }
  }
}
