import MDMNumerics

/// Something in a run's curves that wants a look at its completions.
public struct RunNote: Sendable, Equatable {
  /// What it is a sign of.
  public enum Kind: String, Sendable, CaseIterable {
    /// Longer, or shorter, completions of a question are paid more.
    case length
    /// The reward has left its earlier level at once.
    case jump
    /// Nearly all groups are paid in full: nothing is left to learn.
    case allRight = "all_right"
    /// Nearly all groups get nothing: nothing can be learned.
    case allWrong = "all_wrong"
    /// Fewer completions are in the target format than there were.
    case format
  }

  /// The step from which on it held, counted from 1.
  public let step: Int
  public let domain: String
  public let kind: Kind
  /// One sentence with its figures.
  public let text: String
}

/// Looks for signs of reward hacking and of domains that teach nothing.
///
/// All signs are functions of a run's metrics alone, so a run that is continued has the notes of one
/// that was never interrupted.
public struct RewardSigns: Sendable {
  /// Steps with the domain that a sign is judged by.
  static let window = 20
  private var seen: Set<Sign> = []
  private let domains: [String]

  private struct Sign: Hashable {
    let kind: RunNote.Kind
    let domain: String
  }

  public private(set) var notes: [RunNote] = []

  /// Signs of the steps that some metrics cover already.
  public init(domains: [String], metrics: [String: [Double]] = [:], steps: Int = 0) {
    self.domains = domains
    for step in 0..<steps { _ = look(metrics, step: step) }
  }

  /// The signs that the metrics show first at a step, counted from 0.
  mutating func look(_ metrics: [String: [Double]], step: Int) -> [RunNote] {
    var found: [RunNote] = []
    for domain in domains {
      let window = Window(metrics: metrics, domain: domain, step: step)
      // Nothing is new in a step without the domain.
      guard window.hasDomain else { continue }
      for kind in RunNote.Kind.allCases {
        let sign = Sign(kind: kind, domain: domain)
        guard !seen.contains(sign), let text = window.sign(of: kind) else { continue }
        seen.insert(sign)
        found.append(RunNote(step: step + 1, domain: domain, kind: kind, text: text))
      }
    }
    notes += found
    return found
  }

  /// One domain's metrics up to a step.
  private struct Window {
    let metrics: [String: [Double]]
    let domain: String
    let step: Int

    /// The last values of a metric in steps that had the domain, at most `count`, the oldest first.
    func last(_ key: MetricKey, _ count: Int = RewardSigns.window) -> [Double] {
      let series = metrics[MetricKey.of(key, domain: domain)] ?? []
      var values: [Double] = []
      var place = min(step, series.count - 1)
      // A domain that is seldom drawn is judged by what there is of it in ten windows.
      let least = max(0, place - 10 * count)
      while place >= least, values.count < count {
        if series[place].isFinite { values.append(series[place]) }
        place -= 1
      }
      return values.reversed()
    }

    var hasDomain: Bool {
      let rewards = metrics[MetricKey.of(.rewardMean, domain: domain)] ?? []
      return rewards.indices.contains(step) && rewards[step].isFinite
    }

    func sign(of kind: RunNote.Kind) -> String? {
      switch kind {
      case .length:
        let values = last(.lengthCorrelation)
        let mean = Statistics.mean(values)
        guard values.count == RewardSigns.window, abs(mean) >= 0.5 else { return nil }
        return "\(mean > 0 ? "longer" : "shorter") completions of a question are paid more: "
          + "correlation \(Self.text(mean)) over \(values.count) steps"
      case .jump:
        let values = last(.rewardMean, RewardSigns.window + 5)
        guard values.count == RewardSigns.window + 5 else { return nil }
        let (before, now) = (Array(values.prefix(RewardSigns.window)), Array(values.suffix(5)))
        let (level, next) = (Statistics.mean(before), Statistics.mean(now))
        let noise = Statistics.standardDeviation(before) / 5.0.squareRoot()
        let size = max(abs(level), abs(next))
        guard abs(next - level) > 6 * noise, abs(next - level) > 0.25 * size else { return nil }
        return "the reward went from \(Self.text(level)) to \(Self.text(next)) within 5 steps"
      case .allRight, .allWrong:
        let values = last(kind == .allRight ? .allRight : .allWrong)
        guard values.count == RewardSigns.window, Statistics.mean(values) >= 0.9 else { return nil }
        return kind == .allRight
          ? "nine groups of ten are paid in full: nothing is left to learn"
          : "nine groups of ten get nothing: nothing can be learned"
      case .format:
        let values = last(.rewardFormat, 5 * RewardSigns.window)
        guard values.count >= RewardSigns.window else { return nil }
        let now = Statistics.mean(Array(values.suffix(10)))
        let best =
          stride(from: 0, through: values.count - 10, by: 5)
          .map { Statistics.mean(Array(values[$0..<($0 + 10)])) }.max() ?? 0
        guard best >= 0.2, now < best / 2 else { return nil }
        return "the share in the target format fell from \(Self.text(best)) to \(Self.text(now))"
      }
    }

    private static func text(_ value: Double) -> String {
      "\((value * 100).rounded() / 100)"
    }
  }
}

extension Run {
  /// What in the run's curves wants a look at its completions.
  public var notes: [RunNote] {
    RewardSigns(domains: mixture.domains, metrics: metrics, steps: steps).notes
  }
}
