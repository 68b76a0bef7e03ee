/// A quantity of the runs beside their mixtures, such as steps trained or passes over the data.
public struct Covariate: Equatable, Sendable {
  /// The name.
  public let name: String
  /// One value a run.
  public let values: [Double]
  /// The value that predictions are made at.
  public let reference: Double
  // The spread of the values: the unit in which families that measure distances see them.
  let unit: Double

  /// A covariate; the reference is the greatest value by default, such as the full training.
  public init(_ name: String, _ values: [Double], reference: Double? = nil) {
    let low = values.min() ?? 0
    let high = values.max() ?? 0
    self.init(
      name, values, reference: reference ?? high, unit: high > low ? high - low : 1)
  }

  init(_ name: String, _ values: [Double], reference: Double, unit: Double) {
    self.name = name
    self.values = values
    self.reference = reference
    self.unit = unit
  }
}
