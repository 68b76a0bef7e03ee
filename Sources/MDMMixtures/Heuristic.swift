import MDMNumerics

/// The paper's rules that turn pilot scores into a mixture, seeing only which domains took part.
///
/// Source: MoDoMoDo (arXiv 2505.24871), algorithms 1 to 3.
public enum Heuristic {
  /// A pilot run.
  public struct Record: Equatable, Sendable {
    /// The mixture; only which weights are above 0 counts.
    public let mixture: Mixture
    /// The score in distribution.
    public let inScore: Double
    /// The score out of distribution.
    public let outScore: Double

    /// A pilot run.
    public init(mixture: Mixture, inScore: Double, outScore: Double) {
      self.mixture = mixture
      self.inScore = inScore
      self.outScore = outScore
    }
  }

  /// Algorithm 1, "Alpha": sums of the scores of the runs that hold a domain.
  ///
  /// S_in and S_out are scaled to 0...1 over the domains, C = share S_in + (1 - share) S_out and
  /// w = C / sum C.
  /// - Parameters:
  ///   - share: 1 for the paper's Ain, 0.5 for Abal, 0 for Aout.
  ///   - single: The factor on runs of one domain; the paper does not state its value.
  public static func alpha(
    _ records: [Record], share: Double, single: Double = 0.5
  ) throws(MixtureError) -> Mixture {
    let domains = try domains(of: records)
    var inside = [Double](repeating: 0, count: domains.count)
    var outside = inside
    for record in records {
      let present = record.mixture.weights.indices.filter { record.mixture.weights[$0] > 0 }
      let factor = present.count == 1 ? single : 1
      for i in present {
        inside[i] += factor * record.inScore
        outside[i] += factor * record.outScore
      }
    }
    let a = scaled(inside)
    let b = scaled(outside)
    return try .renormalised(
      domains: domains, weights: domains.indices.map { share * a[$0] + (1 - share) * b[$0] })
  }

  /// Algorithm 2, "Coli": ridge coefficients of the Out-Score on presence, over their variance
  /// inflation diag((X'X + penalty)^-1), cut at 0 and normalised.
  public static func coli(
    _ records: [Record], penalty: Double = 1e-3
  ) throws(MixtureError) -> Mixture {
    let domains = try domains(of: records)
    let presence = Matrix(
      rows: records.map { $0.mixture.weights.map { $0 > 0 ? 1 : 0 } }, columns: domains.count)
    var gram = presence.gram
    for i in domains.indices { gram[i, i] += penalty }
    guard let factor = CholeskyFactorization(gram) else {
      throw .numerics(
        .rankDeficient(rank: QRFactorization(presence).rank, columns: domains.count))
    }
    let coefficients = factor.solve(presence.transposedTimes(records.map(\.outScore)))
    let inverse = factor.inverse
    return try .renormalised(
      domains: domains,
      weights: domains.indices.map { max(0, coefficients[$0] / inverse[$0, $0]) })
  }

  /// Algorithm 3, "Norm": of the runs that lack exactly one domain, the Out-Scores scaled to 0...1
  /// give the missing domain 0.2 - 0.1 z, normalised.
  public static func norm(_ records: [Record]) throws(MixtureError) -> Mixture {
    let domains = try domains(of: records)
    let found = try missingOneScores(records).compactMap { $0 }
    guard found.count == domains.count else {
      throw .badCount(
        what: "the number of runs that lack one domain", count: found.count,
        allowed: "\(domains.count), one a domain")
    }
    return try .renormalised(domains: domains, weights: scaled(found).map { 0.2 - 0.1 * $0 })
  }

  /// The paper's rules by name.
  public enum Rule: String, CaseIterable, Sendable {
    case ain, abal, aout, coli, norm
  }

  /// The mixture of a rule, with the paper's settings.
  ///
  /// - Parameter without: A domain that the paper's "No1" forms leave out: it gets weight 0. The
  ///   runs that hold it are dropped, except for Norm, which then asks only for the runs that lack
  ///   one of the other domains. The paper does not define the form; this reading reproduces the
  ///   zeros that show in its scores.
  public static func mixture(
    _ rule: Rule, _ records: [Record], single: Double = 0.5, without: String? = nil
  ) throws(MixtureError) -> Mixture {
    let all = try domains(of: records)
    guard let without else { return try apply(rule, records, single) }
    guard let place = all.firstIndex(of: without) else {
      throw .unknownDomain(without, nearest: NearestName.find(without, in: all), known: all)
    }
    if rule == .norm {
      let scores = try missingOneScores(records)
      var weights = [Double](repeating: 0, count: all.count)
      let others = all.indices.filter { $0 != place }
      let found = others.compactMap { scores[$0] }
      guard found.count == others.count else {
        throw .badCount(
          what: "the number of runs that lack one domain", count: found.count,
          allowed: "\(others.count), one a domain other than \(without)")
      }
      for (i, z) in zip(others, scaled(found)) { weights[i] = 0.2 - 0.1 * z }
      return try .renormalised(domains: all, weights: weights)
    }
    var kept: [Record] = []
    for record in records where record.mixture.weights[place] == 0 {
      let names = all.filter { $0 != without }
      let weights = all.indices.filter { $0 != place }.map { record.mixture.weights[$0] }
      kept.append(
        Record(
          mixture: try .renormalised(domains: names, weights: weights), inScore: record.inScore,
          outScore: record.outScore))
    }
    let found = try apply(rule, kept, single)
    return try Mixture(over: all, naming: Array(zip(found.domains, found.weights)))
  }

  private static func apply(
    _ rule: Rule, _ records: [Record], _ single: Double
  ) throws(MixtureError) -> Mixture {
    switch rule {
    case .ain: try alpha(records, share: 1, single: single)
    case .abal: try alpha(records, share: 0.5, single: single)
    case .aout: try alpha(records, share: 0, single: single)
    case .coli: try coli(records)
    case .norm: try norm(records)
    }
  }

  // The Out-Score of the run that lacks each domain alone.
  private static func missingOneScores(_ records: [Record]) throws(MixtureError) -> [Double?] {
    let domains = try domains(of: records)
    var scores = [Double?](repeating: nil, count: domains.count)
    for record in records {
      let absent = record.mixture.weights.indices.filter { record.mixture.weights[$0] == 0 }
      if absent.count == 1 { scores[absent[0]] = record.outScore }
    }
    return scores
  }

  private static func domains(of records: [Record]) throws(MixtureError) -> [String] {
    guard let first = records.first else {
      throw .badCount(what: "the number of pilot runs", count: 0, allowed: "1 and above")
    }
    for (index, record) in records.enumerated() {
      try record.mixture.expect(first.mixture.domains)
      guard record.inScore.isFinite, record.outScore.isFinite else {
        throw .numerics(.notFinite(what: "the pilot scores", index: index))
      }
    }
    return first.mixture.domains
  }

  // Min-max to 0...1; equal values become 1, so that nobody is favoured and the sum is above 0.
  private static func scaled(_ values: [Double]) -> [Double] {
    guard let low = values.min(), let high = values.max(), high > low else {
      return values.map { _ in 1 }
    }
    return values.map { ($0 - low) / (high - low) }
  }
}
