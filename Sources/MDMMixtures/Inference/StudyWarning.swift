/// What a reader must know before believing a study; each was met in a published one.
public enum StudyWarning: Sendable, Equatable {
  /// The reported outcome is the one that the law was fitted to.
  case objectiveFitted(target: String)
  /// Runs that the law was fitted to are in the comparison.
  case fittedRunsReported(count: Int, of: Int)
  /// The best run is of no mixture that the law recommended.
  case headlineFromHeuristic(best: String, score: Double, recommended: String)
  /// The mixture that all others are compared with was run once.
  case singleBaseline(reference: String)
  /// A difference is smaller than what another seed does to a run.
  case belowNoise(mixture: String, difference: Double, noise: Double)
  /// Nothing was registered before the runs.
  case notRegistered
  /// Something else is reported than was registered.
  case targetChanged(registered: String, reported: String)
  /// Fewer seeds than registered.
  case seedsMissing(registered: Int, found: Int)
  /// The interval excludes 0, but the difference is smaller than what was said to matter.
  case belowSmallestEffect(mixture: String, difference: Double, smallest: Double)
  /// The law predicts left-out mixtures no better than their mean.
  case lawBeatsNothing(rSquared: Double)
  /// Student's intervals are in doubt.
  case heavyTails(runs: [String])
  /// Runs lost their format.
  case formatCollapse(runs: [String])
  /// Most of a difference is format.
  case mostlyFormat(mixture: String, share: Double)
  /// So many runs cannot find the effect.
  case underpowered(detectable: Double, seeds: Int)
  /// A part of the study could not be computed.
  case notComputed(part: String, reason: String)

  /// The sentence that a reader sees.
  public var message: String {
    switch self {
    case .objectiveFitted(let target):
      "you are reporting on the objective you fitted: the law was fitted to \(target), and \(target) "
        + "is what is reported"
    case .fittedRunsReported(let count, let all):
      "\(count) of the \(all) compared runs are runs that the law was fitted to: they chose the "
        + "mixture that they now speak for"
    case .headlineFromHeuristic(let best, let score, let recommended):
      "the highest single score (\(Self.decimal(score))) is of \(best), not of the recommended "
        + "\(recommended): a headline from it is the maximum of many runs, not a prediction"
    case .singleBaseline(let reference):
      "the baseline \(reference) was run once (n = 1): all differences share its luck"
    case .belowNoise(let mixture, let difference, let noise):
      "the difference of \(mixture) (\(Self.signed(difference))) is below what another seed does to a "
        + "run (standard deviation \(Self.decimal(noise)))"
    case .notRegistered: "no target was registered before the runs: the study is exploratory"
    case .targetChanged(let registered, let reported):
      "registered was \(registered), reported is \(reported)"
    case .seedsMissing(let registered, let found):
      "\(registered) seeds were registered, the comparison has \(found)"
    case .belowSmallestEffect(let mixture, let difference, let smallest):
      "the difference of \(mixture) (\(Self.signed(difference))) is less than the registered smallest "
        + "effect of interest (\(Self.decimal(smallest)))"
    case .lawBeatsNothing(let rSquared):
      "the law predicts left-out mixtures no better than guessing their mean (R² "
        + "\(Self.decimal(rSquared))): its maximum is an opinion"
    case .heavyTails(let runs):
      runs.isEmpty
        ? "the noise has heavier tails than a normal one: Student's intervals are too short or too long"
        : "chance hardly explains \(Self.listed(runs)): Student's intervals are in doubt"
    case .formatCollapse(let runs): "\(Self.listed(runs)) lost the answer format"
    case .mostlyFormat(let mixture, let share):
      "\(Self.decimal(100 * share, 0))% of the gain of \(mixture) is format, not skill: lenient reading "
        + "does not show it"
    case .underpowered(let detectable, let seeds):
      "with \(seeds) seeds a difference must reach \(Self.decimal(detectable)) to be found four times "
        + "in five: a smaller one that was not found may be there"
    case .notComputed(let part, let reason): "no \(part): \(reason)"
    }
  }

  /// What to do about it, empty where nothing is.
  public var hint: String {
    switch self {
    case .objectiveFitted: "report a benchmark that the fit did not see beside it"
    case .fittedRunsReported: "compare fresh runs with seeds that the fit did not use"
    case .headlineFromHeuristic: "report the recommended mixture's fresh runs"
    case .singleBaseline: "run it with as many seeds as the others"
    case .belowNoise: "believe the interval over matched seeds, not one run"
    case .notRegistered: "state it before the next runs: register(target, …)"
    case .targetChanged: "report the registered target first, others as exploratory"
    case .heavyTails: "look at these runs; permutation_p needs no normal noise"
    case .formatCollapse: "look at the curve of reward/format; report lenient scores, too"
    case .lawBeatsNothing: "add runs before you recommend anything"
    case .underpowered: "ask power(effect, …) how many seeds an effect needs"
    default: ""
    }
  }

  private static func listed(_ runs: [String]) -> String {
    runs.count <= 4
      ? runs.joined(separator: "; ")
      : runs.prefix(3).joined(separator: "; ") + " and \(runs.count - 3) more"
  }

  private static func signed(_ value: Double) -> String { (value < 0 ? "" : "+") + decimal(value) }

  private static func decimal(_ value: Double, _ places: Int = 4) -> String {
    guard value.isFinite, abs(value) < 1e9 else { return "\(value)" }
    var scale = 1.0
    for _ in 0..<places { scale *= 10 }
    let whole = Int64((abs(value) * scale).rounded())
    let sign = value < 0 && whole != 0 ? "-" : ""
    let digits = String(whole)
    guard places > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
    return "\(sign)\(padded.dropLast(places)).\(padded.suffix(places))"
  }
}
