import Glibc
import MDMNumerics

/// Chooses the domains' weights anew at each step from what the run has shown so far.
///
/// These are baselines for mixtures that stay as they are. What is chosen stands in the ledger, in the
/// `asked` of each step.
public struct Mixer: Sendable {
  /// What a mixer sees of one domain.
  public struct Domain: Sendable {
    /// The mean reward of each step that had it, the last ones.
    public var rewards: [Double]
    /// The mean absolute advantage of each of these steps.
    public var magnitudes: [Double]
    /// Prompts drawn so far.
    public var drawn: Double

    public init(rewards: [Double], magnitudes: [Double], drawn: Double) {
      self.rewards = rewards
      self.magnitudes = magnitudes
      self.drawn = drawn
    }
  }

  /// Its name in settings.
  public let name: String
  /// One sentence on what it prefers.
  public let summary: String
  public let source: String
  /// The temperature of the softmax over scores where none is asked for.
  public let temperature: Double
  private let score: @Sendable ([Domain]) -> [Double]

  /// Steps of a domain that count.
  public static let window = 20
  /// The least weight of a domain, where there are not too many.
  public static let floor = 0.05

  /// A mixer from its description and its scores of the domains: what scores more comes more often.
  public init(
    name: String, summary: String, source: String, temperature: Double,
    _ score: @escaping @Sendable ([Domain]) -> [Double]
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.temperature = temperature
    self.score = score
  }

  /// floor + (1 - m floor) softmax(score / T) over m domains; at most half is given away as floors.
  public func weights(_ domains: [Domain], temperature: Double? = nil) -> [Double] {
    let scores = score(domains).map { $0 / (temperature ?? self.temperature) }
    let highest = scores.max() ?? 0
    let powers = scores.map { exp($0 - highest) }
    let total = powers.reduce(0, +)
    let floor = min(Self.floor, 0.5 / Double(max(domains.count, 1)))
    return powers.map { floor + (1 - Double(domains.count) * floor) * $0 / total }
  }

  /// The weights of a step: the mixture's until each of its domains has been seen, then the mixer's. A
  /// domain of weight 0 in the mixture stays at 0.
  ///
  /// - Parameter metrics: of the steps so far.
  func weights(
    mixture: [(domain: String, weight: Double)], metrics: [String: [Double]],
    temperature: Double?
  ) -> [Double] {
    let taken = mixture.indices.filter { mixture[$0].weight > 0 }
    let domains = taken.map { place -> Domain in
      func last(_ key: MetricKey) -> [Double] {
        (metrics[MetricKey.of(key, domain: mixture[place].domain)] ?? []).suffix(10 * Self.window)
          .filter(\.isFinite).suffix(Self.window)
      }
      let drawn = metrics[MetricKey.of(.drawn, domain: mixture[place].domain)] ?? []
      return Domain(
        rewards: last(.rewardMean), magnitudes: last(.magnitude), drawn: drawn.reduce(0, +))
    }
    guard domains.allSatisfy({ !$0.rewards.isEmpty }) else { return mixture.map(\.weight) }
    var weights = mixture.map { _ in 0.0 }
    for (place, weight) in zip(taken, self.weights(domains, temperature: temperature)) {
      weights[place] = weight
    }
    return weights
  }

  /// All mixers, sorted by name; a test holds the list equal to the folder's files.
  public static let all: [Mixer] = [dump, rewardGap, slope]
}

extension Mixer: Equatable, CustomStringConvertible {
  /// Mixers are equal where their names are.
  public static func == (left: Mixer, right: Mixer) -> Bool { left.name == right.name }

  public var description: String { name }
}
