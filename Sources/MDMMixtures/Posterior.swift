import MDMNumerics

/// What a fit believes of the expected scores at several points together.
public struct Posterior: Sendable {
  /// The expected values.
  public private(set) var mean: [Double]
  /// Their covariance.
  public private(set) var covariance: Matrix
  /// The variance of one run.
  public let noise: Double

  /// The standard deviation at a point.
  public func deviation(_ index: Int) -> Double { max(covariance[index, index], 0).squareRoot() }

  /// The same after a run at a point that gave what was expected there: means stay, doubt falls.
  public func observing(_ index: Int) -> Posterior {
    var result = self
    let n = mean.count
    let scale = 1 / max(covariance[index, index] + noise, 1e-300)
    for i in 0..<n {
      for j in 0..<n {
        result.covariance.values[i * n + j] -=
          covariance.values[i * n + index] * covariance.values[index * n + j] * scale
      }
    }
    return result
  }

  /// Joint draws of the values.
  func draws(_ count: Int, _ stream: inout RandomStream) -> [[Double]] {
    let n = mean.count
    var jitter = 1e-10 * max((0..<n).reduce(0) { max($0, covariance[$1, $1]) }, 1e-300)
    var factor: CholeskyFactorization?
    while factor == nil, jitter.isFinite {
      var matrix = covariance
      for i in 0..<n { matrix[i, i] += jitter }
      factor = CholeskyFactorization(matrix)
      jitter *= 10
    }
    guard let lower = factor?.lower else { return [] }
    return (0..<count).map { _ in
      let z = (0..<n).map { _ in stream.normal() }
      return (0..<n).map { i in
        var sum = mean[i]
        for k in 0...i { sum += lower.values[i * n + k] * z[k] }
        return sum
      }
    }
  }
}

extension Surrogate {
  /// The joint posterior at points of the simplex; covariates may follow the weights.
  ///
  /// - Throws: `MixtureError.noPosterior` for families without one.
  public func posterior(_ points: [[Double]]) throws(MixtureError) -> Posterior {
    if let model {
      guard let posterior = model.posterior(points) else { throw .noPosterior(model: family.name) }
      return posterior
    }
    let q = domains.count
    let roots = points.map { point in
      var free = [Double](repeating: 0, count: freeColumns)
      let offset = freeColumns - covariates.count
      if offset > 0 { free[0] = 1 }
      for (k, value) in point.dropFirst(q).enumerated() { free[offset + k] = value }
      return regression.root(
        row: terms.map { $0.value(point) }, unpenalised: free, penalty: penalty)
    }
    let variance = residualDeviation * residualDeviation
    var matrix = Matrix(rows: points.count, columns: points.count)
    for i in points.indices {
      for j in 0...i {
        var sum = 0.0
        for k in roots[i].indices { sum += roots[i][k] * roots[j][k] }
        matrix[i, j] = variance * sum
        matrix[j, i] = matrix[i, j]
      }
    }
    return Posterior(
      mean: points.map { value(Array($0.prefix(q))) }, covariance: matrix, noise: variance)
  }
}
