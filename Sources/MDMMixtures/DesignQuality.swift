import Glibc
import MDMNumerics

/// How well a list of runs determines a model family; needs no outcomes.
///
/// With the model matrix F, n runs and p terms; M is the mean of f(w) f(w)' over the simplex.
public struct DesignQuality: Equatable, Sendable {
  /// The number of runs n.
  public let runs: Int
  /// The number of terms p.
  public let terms: Int
  /// The rank of F: below p least squares is impossible.
  public let rank: Int
  /// D-efficiency |F'F|^(1/p) / n, larger is better; 0 below full rank.
  public let determinant: Double
  /// I-criterion tr((F'F)^-1 M), the average variance of predictions in units of the run
  /// variance, smaller is better; infinite below full rank.
  public let averageVariance: Double
  /// G-criterion max f'(F'F)^-1 f over a dense grid, smaller is better; infinite below full rank.
  public let maximumVariance: Double

  /// Mixtures that would raise the rank to the number of terms, in words; none at full rank.
  public let proposals: [String]

  init(
    _ mixtures: [Mixture], family: ModelFamily, domains: [String], bounds: SimplexBounds? = nil
  ) throws(MixtureError) {
    let count = domains.count
    guard family.hasTerms else {
      throw .unknownName(
        kind: "model with terms", name: family.name, nearest: nil,
        known: ModelFamily.all.filter(\.hasTerms).map(\.name))
    }
    let size = family.terms(count).count
    guard size <= SurrogateBasis.limit else {
      throw .tooLarge(
        what: "the quality for the \(family.name) family", size: size, limit: SurrogateBasis.limit)
    }
    let matrix = family.matrix(mixtures.map(\.weights), domains: count)
    runs = matrix.rows
    terms = matrix.columns
    rank = QRFactorization(matrix).rank
    guard rank == terms, let factor = CholeskyFactorization(matrix.gram) else {
      determinant = 0
      averageVariance = .infinity
      maximumVariance = .infinity
      proposals = try SurrogateBasis(mixtures, family: family).proposals(bounds: bounds).map(
        \.summary)
      return
    }
    proposals = []
    determinant = exp(factor.logDeterminant / Double(terms)) / Double(runs)
    let moments = try Self.moments(family, domains: count, bounds: bounds)
    let inverse = factor.inverse
    averageVariance = zip(inverse.values, moments.values).reduce(0) { $0 + $1.0 * $1.1 }
    var degree = 2
    while degree < 20, Simplex.latticeSize(count, degree: degree + 1) <= 5000 { degree += 1 }
    let points: [[Double]]
    if let bounds, !bounds.isWhole {
      points = bounds.corners(atMost: 4000) + bounds.draws(4000)
    } else {
      points = try Simplex.lattice(count, degree: degree)
    }
    let grid = family.matrix(points, domains: count)
    var greatest = 0.0
    for row in 0..<grid.rows {
      try MixtureError.checkInterruption()
      greatest = max(greatest, factor.forward(grid.row(row)).reduce(0) { $0 + $1 * $1 })
    }
    maximumVariance = greatest
  }

  /// The matrix M of a family: exact for products of powers on the whole simplex, by the moments
  /// of the uniform Dirichlet distribution; otherwise the mean over 20,000 even draws.
  public static func moments(
    _ family: ModelFamily, domains: Int, bounds: SimplexBounds? = nil
  ) throws(MixtureError) -> Matrix {
    let terms = family.terms(domains)
    if bounds.map(\.isWhole) ?? true, terms.allSatisfy(\.isPolynomial) {
      var result = Matrix(rows: terms.count, columns: terms.count)
      for i in terms.indices {
        for j in terms.indices {
          result[i, j] = ModelTerm.moment(terms[i], terms[j], count: domains)
        }
      }
      return result
    }
    let points = (bounds ?? SimplexBounds(count: domains)).draws(20_000)
    var result = family.matrix(points, domains: domains).gram
    for i in result.values.indices { result.values[i] /= Double(points.count) }
    return result
  }
}
