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

  init(_ mixtures: [Mixture], family: ModelFamily, domains: [String]) throws(MixtureError) {
    let count = domains.count
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
      return
    }
    determinant = exp(factor.logDeterminant / Double(terms)) / Double(runs)
    let moments = Self.moments(family, domains: count)
    let inverse = factor.inverse
    averageVariance = zip(inverse.values, moments.values).reduce(0) { $0 + $1.0 * $1.1 }
    var degree = 2
    while degree < 20, Simplex.latticeSize(count, degree: degree + 1) <= 5000 { degree += 1 }
    let grid = family.matrix(try Simplex.lattice(count, degree: degree), domains: count)
    maximumVariance = (0..<grid.rows).reduce(0) {
      max($0, factor.forward(grid.row($1)).reduce(0) { $0 + $1 * $1 })
    }
  }

  /// The matrix M of a family: exact, by the moments of the uniform Dirichlet distribution.
  public static func moments(_ family: ModelFamily, domains: Int) -> Matrix {
    let terms = family.terms(domains)
    var result = Matrix(rows: terms.count, columns: terms.count)
    for i in terms.indices {
      for j in terms.indices {
        result[i, j] = ModelTerm.moment(terms[i], terms[j], count: domains)
      }
    }
    return result
  }
}
