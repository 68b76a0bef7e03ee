import MDMNumerics

/// The paper's own surrogate step, kept as a baseline: it picks among fits by a small test fold
/// and searches only near the mixtures that were tried.
///
/// Source: MoDoMoDo (arXiv 2505.24871), algorithm 4. The features [1, w, w x w] depend on each
/// other on the simplex: least squares takes the coefficients of least length after centring, as
/// scikit-learn does. The number of draws, not stated there, is an argument.
public struct QuadSurface: Sendable {
  /// A proposed mixture.
  public struct Candidate: Sendable {
    /// The mixture.
    public let mixture: Mixture
    /// What the surface predicts for it.
    public let predicted: Double
  }

  /// The coefficient of determination on the kept split's training part.
  public let trainRSquared: Double
  /// The same on its test part, by which the split was picked: optimistic.
  public let testRSquared: Double
  /// The proposals, best prediction first.
  public let candidates: [Candidate]

  /// Fits five random splits of 80 to 20, keeps the one of the best test part, draws mixtures from
  /// a Gaussian around the observed ones and ranks them.
  ///
  /// - Throws: `MixtureError.badCount` for fewer than ten runs or no proposals wanted.
  public init(
    _ mixtures: [Mixture], scores: [Double], count: Int = 10, draws: Int = 10_000,
    splits: Int = 5, seed: UInt64 = 42
  ) throws(MixtureError) {
    guard mixtures.count == scores.count else {
      throw .numerics(
        .lengths(what: "mixtures and scores", left: mixtures.count, right: scores.count))
    }
    guard mixtures.count >= 10 else {
      throw .badCount(what: "the number of runs", count: mixtures.count, allowed: "10 and above")
    }
    let missing = scores.indices.filter { !scores[$0].isFinite }
    guard missing.isEmpty else { throw .missingScores(runs: missing, of: scores.count) }
    guard scores.contains(where: { $0 != scores[0] }) else {
      throw .constantScores(target: "score", value: scores[0], of: scores.count)
    }
    guard count > 0, draws > 0, splits > 0 else {
      throw .badCount(
        what: "the number of proposals, draws or splits", count: min(count, draws, splits),
        allowed: "1 and above")
    }
    var best: (surface: Surface, train: Double, test: Double)?
    let kept = mixtures.count * 4 / 5
    for split in 0..<splits {
      try MixtureError.checkInterruption()
      var stream = RandomStream(seed: seed, purpose: "quad-surface-split", index: split)
      let order = stream.shuffled(Array(mixtures.indices))
      let surface = try Surface(
        order[..<kept].map { mixtures[$0].weights }, order[..<kept].map { scores[$0] })
      func rSquared(_ rows: ArraySlice<Int>) throws(MixtureError) -> Double {
        try MixtureError.wrap { () throws(NumericsError) in
          try Statistics.rSquared(
            observed: rows.map { scores[$0] },
            predicted: rows.map { surface.value(mixtures[$0].weights) })
        }
      }
      let test = try rSquared(order[kept...])
      if best == nil || test > best?.test ?? 0 {
        best = (surface, try rSquared(order[..<kept]), test)
      }
    }
    guard let best else {
      throw .badCount(what: "the number of splits", count: splits, allowed: "1 and above")
    }
    trainRSquared = best.train
    testRSquared = best.test
    var found: [Candidate] = []
    var stream = RandomStream(seed: seed, purpose: "quad-surface-draws")
    for weights in try Self.gaussian(mixtures.map(\.weights), draws, &stream) {
      let mixture = try Mixture.renormalised(domains: mixtures[0].domains, weights: weights)
      found.append(
        Candidate(mixture: mixture, predicted: best.surface.value(mixture.weights)))
    }
    candidates = Array(found.sorted { $0.predicted > $1.predicted }.prefix(count))
  }

  // Draws of the Gaussian with the points' mean and covariance, those with a negative weight
  // dropped. The covariance is singular (the weights sum to 1): its root comes from eigenvectors.
  private static func gaussian(
    _ points: [[Double]], _ draws: Int, _ stream: inout RandomStream
  ) throws(MixtureError) -> [[Double]] {
    let q = points[0].count
    let mean = (0..<q).map { i in Statistics.mean(points.map { $0[i] }) }
    var covariance = Matrix(rows: points.map { p in (0..<q).map { p[$0] - mean[$0] } }).gram
    for i in covariance.values.indices { covariance.values[i] /= Double(points.count) }
    let eigen = SymmetricEigen(covariance)
    let roots = eigen.values.map { max($0, 0).squareRoot() }
    var result: [[Double]] = []
    for _ in 0..<draws {
      try MixtureError.checkInterruption()
      let shift = eigen.vectors.times(roots.map { $0 * stream.normal() })
      let weights = (0..<q).map { mean[$0] + shift[$0] }
      if weights.allSatisfy({ $0 >= 0 }) { result.append(weights) }
    }
    return result
  }
}

/// Least squares of [1, w, w x w] of least length.
private struct Surface {
  private let intercept: Double
  private let coefficients: [Double]

  init(_ points: [[Double]], _ scores: [Double]) throws(MixtureError) {
    let features = Matrix(rows: points.map(Self.features))
    let fit = try MixtureError.wrap { () throws(NumericsError) in
      // The limit of a vanishing ridge penalty is the solution of least length.
      try RidgeRegression(
        design: features,
        unpenalised: Matrix(rows: points.count, columns: 1, repeating: 1), standardise: false
      ).fit(scores, penalty: 1e-10)
    }
    intercept = fit.unpenalised[0]
    coefficients = fit.coefficients
  }

  func value(_ weights: [Double]) -> Double {
    zip(Self.features(weights), coefficients).reduce(intercept) { $0 + $1.0 * $1.1 }
  }

  private static func features(_ w: [Double]) -> [Double] {
    w + w.flatMap { a in w.map { a * $0 } }
  }
}
