import Glibc
import MDMNumerics

/// A Gaussian process over mixtures with Matern 5/2 correlation and noise, by marginal likelihood.
///
/// Scores are standardised; k(x, x') = s2 (1 + r + r^2/3) e^-r with r = sqrt(5) |(x - x') / l|,
/// and a run of precision p has noise / p. Replicates of a mixture thereby measure the noise.
/// Source: Rasmussen and Williams, "Gaussian processes for machine learning", 2006, equations 2.23
/// to 2.26, 4.17 and 5.8.
public struct GaussianProcess: FittedModel {
  /// Coordinates in which mixtures are near or far.
  public enum Coordinates: Equatable, Sendable {
    /// The weights.
    case weights
    /// Their square roots (Hellinger's distance): defined at weight 0, where a little is far.
    case squareRoots
    /// Log-ratios with zeros moved up by .002.
    case logRatios
  }

  /// How a process is fitted.
  public struct Options: Equatable, Sendable {
    /// The coordinates of the weights; covariates are taken as they are.
    public var coordinates = Coordinates.squareRoots
    /// A length scale for each coordinate instead of one; nil from four runs a coordinate on.
    public var isAnisotropic: Bool?
    /// A weak prior on the scales; nil where they are one length for all weights.
    public var hasPrior: Bool?
    /// Starts of the search for the best hyperparameters.
    public var starts = 6

    /// The defaults.
    public init() {}
  }

  let kernel: MaternKernel
  let options: Options
  private let mean: Double
  private let scale: Double
  private let domains: Int
  private let width: Int
  private let points: [Double]  // (n, width), divided by the length scales
  private let alpha: [Double]
  private let factor: CholeskyFactorization
  /// The logarithm of the marginal likelihood of the standardised scores.
  public let logLikelihood: Double
  /// The trace of the smoother.
  public let effectiveParameters: Double
  /// How often the likelihood was evaluated.
  public let evaluations: Int

  /// Fits a process.
  ///
  /// - Throws: `MixtureError.badCount` for fewer than three runs; `MixtureError.numerics` where no
  ///   hyperparameters give a positive definite matrix.
  public static func fit(
    _ observations: Observations, options: Options = Options()
  ) throws(MixtureError) -> GaussianProcess {
    let n = observations.scores.count
    guard n >= 3 else {
      throw .badCount(what: "the number of runs", count: n, allowed: "3 and above")
    }
    let inputs = observations.points.map {
      Self.coordinates($0, observations.domains, options.coordinates)
    }
    let width = inputs[0].count
    let anisotropic = options.isAnisotropic ?? (n >= 4 * width)
    let mean = observations.mean
    let spread = zip(observations.scores, observations.precision).reduce(0.0) {
      $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean)
    }
    let deviation = (spread / observations.precision.reduce(0, +)).squareRoot()
    let scale = deviation > 0 ? deviation : 1
    let target = observations.scores.map { ($0 - mean) / scale }
    // One common length per covariate keeps their units apart even where weights share one.
    let groups = (0..<width).map { i in
      anisotropic ? i : max(0, i - (width - observations.covariates) + 1)
    }
    let likelihood = MarginalLikelihood(
      inputs: inputs, target: target, precision: observations.precision, groups: groups)
    let count = (groups.max() ?? 0) + 1
    // Few runs do not fix the scales: a weak prior keeps them where scores are smooth and noise is
    // a small part, log l ~ N(0, 1) and log noise ~ N(log .03, 2^2).
    let isInformed = options.hasPrior ?? !anisotropic
    func objective(_ theta: [Double], _ gradient: inout [Double]) -> Double {
      var value = likelihood.negative(theta, &gradient)
      guard isInformed, value.isFinite else { return value }
      for i in 1...count {
        value += theta[i] * theta[i] / 2
        gradient[i] += theta[i]
      }
      let noise = theta[count + 1] - log(0.03)
      value += noise * noise / 8
      gradient[count + 1] += noise / 4
      return value
    }
    var best: Minimiser.Result?
    var evaluations = 0
    for start in 0..<max(options.starts, 1) {
      var stream = RandomStream(seed: 0, purpose: "gaussian-process", index: start)
      let lengths = (0..<count).map { _ in
        start == 0 ? log(0.5) : log(0.1) + stream.uniform() * log(1000)
      }
      let noise = start == 0 ? log(0.1) : log(1e-3) + stream.uniform() * log(500)
      let result = Minimiser.minimum(
        from: [0] + lengths + [noise],
        bounds: [log(1e-3)...log(1e3)]
          + [ClosedRange<Double>](repeating: log(0.02)...log(1e3), count: count)
          + [log(1e-6)...log(10)],
        iterations: 60, tolerance: 1e-4, function: objective)
      try MixtureError.checkInterruption()
      evaluations += result.evaluations
      if result.value < best?.value ?? .infinity { best = result }
    }
    guard let best, best.value.isFinite else {
      throw .numerics(.tooFew(what: "a Gaussian process", found: n, needed: n + 1))
    }
    let kernel = MaternKernel(
      variance: exp(best.point[0]), lengths: groups.map { exp(best.point[1 + $0]) },
      noise: exp(best.point[count + 1]))
    var unused = best.point
    guard
      let process = GaussianProcess(
        kernel, inputs, target, observations, mean, scale, options,
        -likelihood.negative(best.point, &unused), evaluations)
    else {
      throw .numerics(.tooFew(what: "a Gaussian process", found: n, needed: n + 1))
    }
    return process
  }

  private init?(
    _ kernel: MaternKernel, _ inputs: [[Double]], _ target: [Double],
    _ observations: Observations, _ mean: Double, _ scale: Double, _ options: Options,
    _ logLikelihood: Double, _ evaluations: Int
  ) {
    self.kernel = kernel
    self.options = options
    self.mean = mean
    self.scale = scale
    self.logLikelihood = logLikelihood
    self.evaluations = evaluations
    domains = observations.domains
    width = kernel.lengths.count
    let scaled = inputs.map { zip($0, kernel.lengths).map { $0 / $1 } }
    points = scaled.flatMap { $0 }
    let n = inputs.count
    var matrix = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0...i {
        let value = kernel.correlation(scaled[i], scaled[j]) * kernel.variance
        matrix[i, j] = value
        matrix[j, i] = value
      }
      matrix[i, i] += kernel.noise / observations.precision[i] + 1e-10
    }
    guard let factor = CholeskyFactorization(matrix) else { return nil }
    self.factor = factor
    alpha = factor.solve(target)
    let inverse = factor.inverse
    effectiveParameters = (0..<n).reduce(1.0) {
      $0 + 1 - (kernel.noise / observations.precision[$1] + 1e-10) * inverse[$1, $1]
    }
  }

  private static func coordinates(
    _ point: [Double], _ domains: Int, _ kind: Coordinates
  ) -> [Double] {
    let weights = point[..<domains]
    let rest = point[domains...]
    switch kind {
    case .weights: return point
    case .squareRoots: return weights.map { $0.squareRoot() } + rest
    case .logRatios:
      let logs = weights.map { log(($0 + 0.002) / (1 + 0.002 * Double(domains))) }
      let mean = logs.reduce(0, +) / Double(domains)
      return logs.map { $0 - mean } + rest
    }
  }

  // The point in the kernel's units; covariates that are left out are at their reference, 0.
  private func scaled(_ point: [Double]) -> [Double] {
    let full =
      point.count - domains == width - domains
      ? point : point + [Double](repeating: 0, count: width - point.count)
    return zip(Self.coordinates(full, domains, options.coordinates), kernel.lengths).map { $0 / $1 }
  }

  private func covariances(_ point: [Double]) -> [Double] {
    let x = scaled(point)
    return points.withUnsafeBufferPointer { p in
      alpha.indices.map { i in
        var square = 0.0
        for k in 0..<width {
          let d = x[k] - p[i * width + k]
          square += d * d
        }
        return kernel.variance * MaternKernel.correlation(square)
      }
    }
  }

  /// The posterior mean.
  public func value(_ point: [Double]) -> Double {
    mean + scale * zip(covariances(point), alpha).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The posterior covariance.
  public func covariance(_ a: [Double], _ b: [Double]) -> Double? {
    let left = factor.forward(covariances(a))
    let right = a == b ? left : factor.forward(covariances(b))
    let prior = kernel.variance * kernel.correlation(scaled(a), scaled(b))
    let rest = prior - zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    return scale * scale * (a == b ? max(rest, 0) : rest)
  }

  /// The joint posterior at many points.
  public func posterior(_ points: [[Double]]) -> Posterior? {
    let inputs = points.map(scaled)
    let roots = points.map { factor.forward(covariances($0)) }
    var matrix = Matrix(rows: points.count, columns: points.count)
    for i in points.indices {
      for j in 0...i {
        var rest = kernel.variance * kernel.correlation(inputs[i], inputs[j])
        for k in roots[i].indices { rest -= roots[i][k] * roots[j][k] }
        matrix[i, j] = scale * scale * rest
        matrix[j, i] = matrix[i, j]
      }
    }
    return Posterior(mean: points.map(value), covariance: matrix, noise: noiseVariance)
  }

  /// The noise of one run.
  public var noiseVariance: Double { scale * scale * kernel.noise }

  /// The hyperparameters and the likelihood.
  public var settings: [(name: String, value: Double)] {
    var result = [("variance", kernel.variance)]
    let isCommon = Set(kernel.lengths).count == 1
    for (i, length) in kernel.lengths.enumerated().prefix(isCommon ? 1 : kernel.lengths.count) {
      result.append((isCommon ? "length" : "length \(i + 1)", length))
    }
    return result + [("noise", kernel.noise), ("log likelihood", logLikelihood)]
  }
}

extension ModelFamily {
  /// A Gaussian process: no shape is assumed but smoothness, whose scale the runs decide.
  public static let gaussianProcess = ModelFamily(
    name: "gaussian_process",
    summary: "a smooth function with noise, on the square roots of the weights",
    formula: "y ~ GP(b, s2 Matern52(|sqrt(w) - sqrt(w')| / l)) + noise",
    source: "Rasmussen and Williams, \"Gaussian processes for machine learning\", 2006"
  ) { observations throws(MixtureError) in
    try GaussianProcess.fit(observations)
  }
}
