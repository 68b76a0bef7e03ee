import MDMMixtures
import MDMRuntime

/// A plan of seeds as scripts hold it.
final class PowerValue: FieldedValue {
  private let plan: PowerPlan
  private let effect: Double
  private let wanted: Double
  /// The seeds that reach the wanted power; nil where none that can be paid do.
  private let needed: Int?
  private let given: (seeds: Int, power: Double, detectable: Double)?
  /// The noise that the runs do not exclude, with the seeds that it needs.
  private let cautious: (noise: Double, df: Int, seeds: Int?)?

  private init(
    _ plan: PowerPlan, effect: Double, wanted: Double, seeds: Int?, df: Int?
  ) throws(EvidenceError) {
    self.plan = plan
    self.effect = effect
    self.wanted = wanted
    needed = try plan.seeds(effect: effect, power: wanted)
    if let seeds {
      given = (
        seeds, try plan.power(effect: effect, seeds: seeds),
        try plan.detectable(seeds: seeds, power: wanted)
      )
    } else {
      given = nil
    }
    if let df {
      let noise = PowerPlan.cautiousNoise(plan.noise, degreesOfFreedom: df)
      let other = try PowerPlan(
        noise: noise, isPaired: plan.isPaired, alpha: plan.alpha, comparisons: plan.comparisons)
      cautious = (noise, df, try other.seeds(effect: effect, power: wanted))
    } else {
      cautious = nil
    }
  }

  static func plan(_ call: NativeCall) throws -> Datum {
    let (effect, wanted) = (try call.double(0), try call.double(3))
    let isPaired = try call.bool(4)
    let (comparisons, alpha) = (try call.int(5), try call.double(6))
    let seeds = try call.optional(2) { try call.int($0) }
    var (noise, df): (Double, Int?)
    if case .domain(let value as AnovaValue) = try call.datum(1) {
      let anova = value.anova
      noise = isPaired ? anova.noise.variance.squareRoot() : anova.runDeviation
      df = anova.noise.degreesOfFreedom
    } else {
      (noise, df) = (try call.double(1), nil)
    }
    return try call.judging { () throws(EvidenceError) in
      .domain(
        try PowerValue(
          PowerPlan(noise: noise, isPaired: isPaired, alpha: alpha, comparisons: comparisons),
          effect: effect, wanted: wanted, seeds: seeds, df: df))
    }
  }

  var typeName: String { "Power" }

  static let fields: [(name: String, read: @Sendable (PowerValue) -> Datum)] = [
    ("effect", { .float($0.effect) }),
    ("noise", { .float($0.plan.noise) }),
    ("seeds", { $0.needed.map(Datum.int) ?? .none }),
    ("power", { .float($0.given?.power ?? $0.wanted) }),
    ("detectable", { $0.given.map { .float($0.detectable) } ?? .none }),
    ("cautious_seeds", { $0.cautious?.seeds.map(Datum.int) ?? .none }),
  ]

  func display(_ width: Int) -> String {
    var head =
      "To find a difference of \(Text.fixed(effect, 4)) with noise "
      + "\(Text.fixed(plan.noise, 4)), "
      + (plan.isPaired ? "matched seeds" : "separate seeds")
      + ", false alarms \(Text.percent(plan.alpha))"
    if plan.comparisons > 1 { head += " over \(plan.comparisons) comparisons" }
    var lines = [
      head + ":", "  \(Self.seeds(needed)) find it in \(Text.percent(wanted)) of studies",
    ]
    if let cautious {
      lines.append(
        "  \(cautious.df) degrees of freedom leave the noise uncertain: it may be "
          + "\(Text.fixed(cautious.noise, 4)), which takes \(Self.seeds(cautious.seeds))")
    }
    if let given {
      lines.append(
        "  \(given.seeds) seeds find it in \(Text.fixed(100 * given.power, 0))%; they find "
          + "\(Text.fixed(given.detectable, 4)) in \(Text.percent(wanted))")
    }
    return lines.joined(separator: "\n")
  }

  private static func seeds(_ count: Int?) -> String {
    count.map { "\($0) seeds a mixture" } ?? "more than 100,000 seeds a mixture"
  }
}
