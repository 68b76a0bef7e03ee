import MDMMixtures
import MDMRuntime

/// What a plan can carry, and what it costs.
final class PlanQualityValue: FieldedValue {
  let quality: DesignQuality
  let family: String
  let hours: Double?
  /// The number of runs that are still to be paid for.
  let paid: Int

  init(_ quality: DesignQuality, family: String, hours: Double?, paid: Int) {
    self.quality = quality
    self.family = family
    self.hours = hours
    self.paid = paid
  }

  var typeName: String { "PlanQuality" }

  static let fields: [(name: String, read: @Sendable (PlanQualityValue) -> Datum)] = [
    ("model", { .string($0.family) }), ("runs", { .int($0.quality.runs) }),
    ("terms", { .int($0.quality.terms) }), ("rank", { .int($0.quality.rank) }),
    ("d_efficiency", { .float($0.quality.determinant) }),
    ("average_variance", { .float($0.quality.averageVariance) }),
    ("maximum_variance", { .float($0.quality.maximumVariance) }),
    ("device_hours", { $0.cost.map(Datum.float) ?? .none }),
    ("add", { .strings($0.quality.proposals) }),
  ]

  private var cost: Double? { hours.map { $0 * Double(paid) } }

  func display(_ width: Int) -> String {
    var text =
      "Plan of \(quality.runs) runs for a \(family) law: rank \(quality.rank) of \(quality.terms)"
    if quality.rank == quality.terms {
      text +=
        ", prediction variance in units of one run's: average "
        + "\(Text.fixed(quality.averageVariance, 3)), greatest "
        + "\(Text.fixed(quality.maximumVariance, 3))"
    } else {
      text +=
        quality.proposals.isEmpty
        ? ", so it cannot carry it, nor do any mixtures within the bounds"
        : ", so it cannot carry it; add at least \(quality.terms - quality.rank) mixture"
          + (quality.terms - quality.rank == 1 ? "" : "s") + ", such as "
          + quality.proposals.prefix(6).joined(separator: "; ")
    }
    if let cost { text += "\n  \(paid) runs to do: \(Text.fixed(cost, 1)) device hours" }
    return text
  }
}
