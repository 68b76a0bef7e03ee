/// Ends a run whose metric has not become better for some steps.
///
/// It looks at nothing but the metrics so far, so a run that was resumed ends at the same step.
public struct EarlyStopping: Sendable, Equatable, CustomStringConvertible {
  /// The key of the metric, such as `reward/mean`.
  public let metric: String
  /// The steps without a better value after which the run ends.
  public let patience: Int
  /// A value is the mean of so many steps.
  public var window = 10
  /// By how much a value must be better than the best one.
  public var least = 0.0
  /// Whether smaller values are the better ones.
  public var isMinimised = false

  public init(metric: String, patience: Int) {
    self.metric = metric
    self.patience = patience
  }

  /// What is wrong with the settings, nil where nothing is.
  public var problem: String? {
    if patience < 1 { return "`patience` is \(patience), but it is at least 1 step" }
    if window < 1 { return "`window` is \(window), but it is at least 1 step" }
    if !(least >= 0 && least.isFinite) { return "`least` is \(least), but it is 0 or more" }
    return nil
  }

  public var description: String {
    "\(metric) \(isMinimised ? "min" : "max"), patience \(patience), window \(window), least \(least)"
  }

  private var best = -Double.infinity
  private var bestStep = 0
  private var seen = 0

  /// Looks at the steps that came since the last look; why the run ends now, nil where it does not.
  ///
  /// Steps whose metric is no number count as no better.
  mutating func look(at series: [String: [Double]]) -> String? {
    let values = series[metric] ?? []
    while seen < values.count {
      seen += 1
      if seen < window { continue }
      if seen == window { bestStep = window }
      let mean = values[(seen - window)..<seen].reduce(0, +) / Double(window)
      let value = isMinimised ? -mean : mean
      if value > best + least || (best == -.infinity && value.isFinite) {
        (best, bestStep) = (value, seen)
      }
    }
    guard seen >= window, seen - bestStep >= patience else { return nil }
    return "\(metric) is not better than \(isMinimised ? -best : best) since step \(bestStep)"
  }
}
