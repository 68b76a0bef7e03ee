import Glibc
import MDMNumerics

/// The mixtures to train next, given a fit: sequential experiments.
///
/// A batch is chosen one by one; after each the posterior is updated as if the run had given what
/// is expected of it. Source: Frazier, "A tutorial on Bayesian optimization", 2018.
public struct Proposals: Sendable {
  /// What a further run is worth.
  public enum Acquisition: String, CaseIterable, Sendable {
    /// How much it is expected to exceed the best mean so far (Jones, Schonlau and Welch 1998).
    case expectedImprovement = "ei"
    /// The same over draws of what the runs so far are really worth (Letham et al. 2019).
    case noisyExpectedImprovement = "noisy_ei"
    /// The best mixture of one draw of the posterior (Thompson 1933).
    case thompson
    /// How much the best mean is expected to rise (Frazier, Powell and Dayanik 2009).
    case knowledgeGradient = "knowledge_gradient"

    /// The acquisition of a name.
    public static func named(_ name: String) throws(MixtureError) -> Acquisition {
      let known = allCases.map(\.rawValue)
      guard let found = Acquisition(rawValue: name) else {
        throw .unknownName(
          kind: "acquisition", name: name, nearest: NearestName.find(name, in: known), known: known)
      }
      return found
    }
  }

  /// A run to be done.
  public struct Proposal: Sendable {
    /// The mixture.
    public let mixture: Mixture
    /// The value of the covariate, such as steps; nil without fidelities.
    public let fidelity: Double?
    /// The expected score at full fidelity.
    public let mean: Double
    /// Its standard deviation.
    public let deviation: Double
    /// What the run is worth, in units of the score; for fidelities over the relative cost.
    public let worth: Double
  }

  /// The runs, in the order of choice.
  public let proposals: [Proposal]
  /// How much the best mixture's expected score would exceed the best mixture run so far.
  public let expectedGain: Double
  /// Whether to stop: no run is worth `threshold`.
  public let stops: Bool
  /// What a run has to be worth: a tenth of one run's standard deviation by default.
  public let threshold: Double

  /// Chooses runs.
  ///
  /// - Parameters:
  ///   - fidelities: Values of the law's one covariate that a run may have, such as fewer steps;
  ///     its cost is taken as proportional. Only with `knowledgeGradient`.
  ///   - sign: 1 for scores, -1 for losses.
  /// - Throws: `MixtureError.noPosterior` for families without one; `MixtureError.badCount`.
  public init(
    _ law: Surrogate, count: Int = 1, acquisition: Acquisition = .noisyExpectedImprovement,
    sign: Double = 1, bounds: SimplexBounds? = nil, fidelities: [Double] = [],
    threshold: Double? = nil, seed: UInt64 = 0
  ) throws(MixtureError) {
    guard count > 0, count <= 100 else {
      throw .badCount(what: "the number of proposals", count: count, allowed: "1 to 100")
    }
    guard fidelities.isEmpty || acquisition == .knowledgeGradient && law.covariates.count == 1
    else {
      throw .badCount(
        what: "the number of covariates of a law for fidelities", count: law.covariates.count,
        allowed: "1, with the acquisition knowledge_gradient")
    }
    if let bad = fidelities.first(where: { !($0 > 0 && $0.isFinite) }) {
      throw .numerics(
        .outOfRange(what: "a fidelity", value: bad, allowed: "above 0: its cost is in proportion"))
    }
    if let threshold, !(threshold >= 0 && threshold.isFinite) {
      throw .numerics(
        .outOfRange(what: "what a run has to be worth", value: threshold, allowed: "0 and above"))
    }
    let q = law.domains.count
    let bounds = bounds ?? SimplexBounds(count: q)
    var seen: [[Double]] = []
    for mixture in law.basis.mixtures where !seen.contains(mixture.weights) {
      seen.append(mixture.weights)
    }
    let fresh = try Self.candidates(law, bounds, sign, seed)
    let targets = seen + fresh
    // Cheaper runs at the candidates, told apart by their covariate.
    let reduced = fidelities.flatMap { fidelity in
      fresh.map { point -> (point: [Double], fidelity: Double) in
        let covariate = law.covariates[0]
        let distance = fidelity - covariate.reference
        return (point + [law.model == nil ? distance : distance / covariate.unit], fidelity)
      }
    }
    var posterior = try law.posterior(targets + reduced.map(\.point))
    let means = posterior.mean.map { sign * $0 }
    let choices =
      fidelities.isEmpty
      ? Array(seen.count..<targets.count)
      : Array(targets.count..<targets.count + reduced.count)
    var stream = RandomStream(seed: seed, purpose: "proposals")
    var proposals: [Proposal] = []
    var done = Array(seen.indices)
    let highest = seen.indices.reduce(-Double.infinity) { max($0, means[$1]) }
    for _ in 0..<count {
      try MixtureError.checkInterruption()
      let worth = Self.worth(
        acquisition, posterior, sign, choices, done: done, targets: targets.count, &stream)
      var best = choices[0]
      var bestWorth = -Double.infinity
      for (place, index) in choices.enumerated() {
        var value = worth[place]
        if !fidelities.isEmpty {
          value /= max(reduced[index - targets.count].fidelity / law.covariates[0].reference, 1e-9)
        }
        if value > bestWorth {
          bestWorth = value
          best = index
        }
      }
      let point: [Double]
      let fidelity: Double?
      let target: Int
      if fidelities.isEmpty {
        (point, fidelity, target) = (targets[best], nil, best)
      } else {
        let chosen = reduced[best - targets.count]
        (point, fidelity) = (Array(chosen.point.prefix(q)), chosen.fidelity)
        target = seen.count + (best - targets.count) % fresh.count
      }
      proposals.append(
        Proposal(
          mixture: Mixture(trusted: law.domains, point), fidelity: fidelity,
          mean: posterior.mean[target], deviation: posterior.deviation(target),
          worth: acquisition == .thompson
            ? max(sign * posterior.mean[target] - highest, 0) : bestWorth))
      posterior = posterior.observing(best)
      if fidelities.isEmpty { done.append(best) }
    }
    self.proposals = proposals
    let top = means.prefix(targets.count).max() ?? highest
    expectedGain = max(top - highest, 0)
    self.threshold = threshold ?? 0.1 * posterior.noise.squareRoot()
    // Thompson's draws have no worth of their own: the knowledge gradient of the best stands in.
    let worth =
      acquisition == .thompson
      ? Self.worth(
        .knowledgeGradient, try law.posterior(targets), sign, Array(seen.count..<targets.count),
        done: Array(seen.indices), targets: targets.count, &stream
      ).max() ?? 0 : proposals[0].worth
    stops = worth <= self.threshold
  }

  // Corners, midpoints, mean, draws of three concentrations, and neighbours of the best of them.
  private static func candidates(
    _ law: Surrogate, _ bounds: SimplexBounds, _ sign: Double, _ seed: UInt64
  ) throws(MixtureError) -> [[Double]] {
    let q = law.domains.count
    var result = (try? bounds.vertices()).map { Array($0.prefix(60)) } ?? []
    let corners = result
    for i in corners.indices where corners.count <= 12 {
      for j in 0..<i { result.append(zip(corners[i], corners[j]).map { ($0 + $1) / 2 }) }
    }
    result.append(bounds.clipped([Double](repeating: 1 / Double(q), count: q)))
    var stream = RandomStream(seed: seed, purpose: "proposal-candidates")
    let room = 1 - bounds.lower.reduce(0, +)
    for draw in 0..<240 {
      let point = stream.dirichlet(count: q, concentration: [0.2, 1, 5][draw % 3])
      result.append(bounds.clipped(zip(bounds.lower, point).map { $0 + room * $1 }))
    }
    let values = result.map { sign * law.value($0) }
    let leaders = values.indices.sorted { values[$0] > values[$1] }.prefix(8)
    for leader in leaders {
      for scale in [0.02, 0.08] {
        for _ in 0..<4 {
          let moved = Simplex.projection(result[leader].map { $0 + scale * stream.normal() })
          result.append(bounds.clipped(moved))
        }
      }
    }
    return result
  }

  private static func worth(
    _ acquisition: Acquisition, _ posterior: Posterior, _ sign: Double, _ choices: [Int],
    done: [Int], targets: Int, _ stream: inout RandomStream
  ) -> [Double] {
    let means = posterior.mean.map { sign * $0 }
    switch acquisition {
    case .expectedImprovement:
      let best = done.reduce(-Double.infinity) { max($0, means[$1]) }
      return choices.map { improvement(means[$0] - best, posterior.deviation($0)) }
    case .noisyExpectedImprovement:
      var sums = [Double](repeating: 0, count: choices.count)
      let draws = posterior.draws(128, &stream)
      for draw in draws {
        let best = done.reduce(-Double.infinity) { max($0, sign * draw[$1]) }
        for (place, index) in choices.enumerated() {
          sums[place] += max(sign * draw[index] - best, 0)
        }
      }
      return sums.map { $0 / Double(max(draws.count, 1)) }
    case .thompson:
      let draw = posterior.draws(1, &stream).first ?? posterior.mean
      return choices.map { sign * draw[$0] }
    case .knowledgeGradient:
      // E max_x (mean_x + slope_x Z) over 31 equally likely Z.
      let nodes = (0..<31).map { normalQuantile((Double($0) + 0.5) / 31) }
      let top = means.prefix(targets).max() ?? 0
      let n = posterior.mean.count
      return choices.map { index in
        let scale =
          1 / max(posterior.covariance[index, index] + posterior.noise, 1e-300).squareRoot()
        var sum = 0.0
        for z in nodes {
          var best = -Double.infinity
          for x in 0..<targets {
            let slope = posterior.covariance.values[x * n + index] * scale
            best = max(best, means[x] + slope * z)
          }
          sum += best
        }
        return max(sum / 31 - top, 0)
      }
    }
  }

  // E max(0, gain + deviation Z).
  private static func improvement(_ gain: Double, _ deviation: Double) -> Double {
    guard deviation > 0 else { return max(gain, 0) }
    let u = gain / deviation
    return gain * Distribution.normal(u)
      + deviation * exp(-u * u / 2) / (2 * Double.pi).squareRoot()
  }

  private static func normalQuantile(_ p: Double) -> Double {
    Distribution.studentTQuantile(p, degreesOfFreedom: .infinity)
  }
}
