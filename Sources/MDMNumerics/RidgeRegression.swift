/// Least squares with a squared penalty, factored once for every target and penalty.
///
/// Minimises |y - U a - X b|^2 + penalty * sum_j (s_j b_j)^2, where the columns of U carry no
/// penalty and s_j is the root mean square of column j after U is taken out (1 when
/// `standardise` is off). With X~ = X - U U^+ X, Z = X~ / s and Z'Z = V diag(d) V', the hat
/// matrix is H = P_U + Z V diag(1 / (d + penalty)) V' Z', and leaving out a group g of rows
/// changes its residuals to (I - H_gg)^-1 e_g (Hastie, Tibshirani and Friedman, "The elements of
/// statistical learning", 7.10; block form by Cook and Weisberg 1982): cross-validation needs no
/// refits.
public struct RidgeRegression: Sendable {
  /// A fitted target.
  public struct Fit: Sendable {
    /// The coefficients of the penalised columns, in their original units.
    public let coefficients: [Double]
    /// The coefficients of the unpenalised columns.
    public let unpenalised: [Double]
    /// The fitted values.
    public let fitted: [Double]
    /// The penalty that was used.
    public let penalty: Double
    /// The trace of the hat matrix: how many parameters the fit effectively spends.
    public let effectiveParameters: Double
    /// The residual variance, RSS / (n - effective parameters); 0 where nothing is left over.
    public let residualVariance: Double
    /// Rows less effective parameters, at least 1: what Student's t is taken with.
    public let degreesOfFreedom: Double
  }

  /// A row as the fit without its group sees it.
  public struct Outside: Sendable {
    /// The prediction.
    public let prediction: Double
    /// The standard deviation of the row around it: of the prediction's mean and of one row's noise.
    public let deviation: Double
    /// Rows less effective parameters of that fit, at least 1.
    public let degreesOfFreedom: Double
  }

  private let design: Matrix  // (n, p) as given
  private let free: Matrix  // (n, u) as given
  private let freeBasis: Matrix  // (n, u) orthonormal
  private let freeCholesky: CholeskyFactorization?  // of U'U; nil for no columns
  private let projection: Matrix  // (u, p), U^+ X
  private let scales: [Double]  // (p), 0 for a column that U spans
  private let eigen: SymmetricEigen  // of Z'Z
  private let scores: Matrix  // (n, p), Z V
  /// The number of rows.
  public var rows: Int { design.rows }

  /// Factors a design.
  ///
  /// - Parameters:
  ///   - design: The penalised columns.
  ///   - unpenalised: Columns without penalty, such as a column of ones; none by default.
  ///   - standardise: Whether columns are scaled to one root mean square before they are penalised.
  /// - Throws: `NumericsError.rankDeficient` where the unpenalised columns depend on each other.
  public init(
    design: Matrix, unpenalised: Matrix? = nil, standardise: Bool = true
  ) throws(NumericsError) {
    let n = design.rows
    let p = design.columns
    let free = unpenalised ?? Matrix(rows: n, columns: 0)
    guard n > 0 else { throw .tooFew(what: "a regression", found: 0, needed: 1) }
    guard free.rows == n else {
      throw .lengths(what: "columns of a regression", left: n, right: free.rows)
    }
    if let bad = (design.values + free.values).firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "the regression's columns", index: bad)
    }
    let qr = QRFactorization(free)
    guard qr.rank == free.columns else {
      throw .rankDeficient(rank: qr.rank, columns: free.columns)
    }
    let cholesky = free.columns == 0 ? nil : CholeskyFactorization(free.gram)
    var rest = design
    var projection = Matrix(rows: free.columns, columns: p)
    if let cholesky {
      for j in 0..<p {
        let solved = cholesky.solve(free.transposedTimes(design.column(j)))
        for u in 0..<free.columns { projection[u, j] = solved[u] }
      }
      let explained = free.times(projection)
      for i in rest.values.indices { rest.values[i] -= explained.values[i] }
    }
    var scales = [Double](repeating: 1, count: p)
    for j in 0..<p {
      let square = rest.column(j).reduce(0) { $0 + $1 * $1 } / Double(n)
      let original = design.column(j).reduce(0) { $0 + $1 * $1 } / Double(n)
      if square <= 1e-20 * original || square == 0 {
        scales[j] = 0
      } else if standardise {
        scales[j] = square.squareRoot()
      }
    }
    for i in 0..<n {
      for j in 0..<p { rest[i, j] = scales[j] == 0 ? 0 : rest[i, j] / scales[j] }
    }
    let eigen = SymmetricEigen(rest.gram)
    self.design = design
    self.free = free
    self.freeBasis = qr.basis
    self.freeCholesky = cholesky
    self.projection = projection
    self.scales = scales
    self.eigen = eigen
    self.scores = rest.times(eigen.vectors)
  }

  /// The number of independent columns, penalised and not.
  public var rank: Int {
    free.columns + eigen.values.count { $0 > 1e-11 * (eigen.values.first ?? 0) && $0 > 0 }
  }

  /// Fits one target.
  ///
  /// - Throws: `NumericsError.rankDeficient` for a penalty of 0 with dependent columns.
  public func fit(_ target: [Double], penalty: Double) throws(NumericsError) -> Fit {
    try check(target, penalty)
    let inner = self.shrunken(target, penalty)
    let standardised = eigen.vectors.times(inner)
    let coefficients = standardised.indices.map {
      scales[$0] == 0 ? 0 : standardised[$0] / scales[$0]
    }
    var rest = target
    let part = design.times(coefficients)
    for i in rest.indices { rest[i] -= part[i] }
    let unpenalised = freeCholesky?.solve(free.transposedTimes(rest)) ?? []
    let lift = free.columns == 0 ? [Double](repeating: 0, count: rows) : free.times(unpenalised)
    let fitted = zip(part, lift).map { $0 + $1 }
    var sum = 0.0
    for i in rest.indices { sum += (target[i] - fitted[i]) * (target[i] - fitted[i]) }
    let spent =
      Double(free.columns) + eigen.values.reduce(0) { $0 + max($1, 0) / (max($1, 0) + penalty) }
    let left = Double(rows) - spent
    return Fit(
      coefficients: coefficients, unpenalised: unpenalised, fitted: fitted, penalty: penalty,
      effectiveParameters: spent, residualVariance: left > 1e-9 ? sum / left : 0,
      degreesOfFreedom: max(left, 1))
  }

  /// What the model predicts for each row when its whole group is left out of the fit.
  ///
  /// - Parameters:
  ///   - target: One value a row.
  ///   - penalty: The penalty, held fixed (as are the scales of the columns).
  ///   - groups: One label a row; rows of a label are left out together.
  /// - Returns: The predictions, nil where leaving a group out makes the fit impossible.
  public func leaveOut(
    _ target: [Double], penalty: Double, groups: [Int]
  ) throws(NumericsError) -> [Double]? {
    try check(target, penalty)
    guard groups.count == rows else {
      throw .lengths(what: "groups of a cross-validation", left: rows, right: groups.count)
    }
    let inner = shrunken(target, penalty)
    let weights = eigen.values.map { 1 / (max($0, 0) + penalty) }
    let freeInner = freeBasis.transposedTimes(target)
    var result = target
    for members in Dictionary(grouping: groups.indices, by: { groups[$0] }).values {
      let m = members.count
      var block = Matrix.identity(m)  // I - H_gg
      var residual = [Double](repeating: 0, count: m)
      for (a, i) in members.enumerated() {
        var fitted = 0.0
        for k in inner.indices { fitted += scores[i, k] * inner[k] }
        for k in freeInner.indices { fitted += freeBasis[i, k] * freeInner[k] }
        residual[a] = target[i] - fitted
        for (b, j) in members.enumerated() where b >= a {
          var h = 0.0
          for k in weights.indices { h += scores[i, k] * scores[j, k] * weights[k] }
          for k in freeInner.indices { h += freeBasis[i, k] * freeBasis[j, k] }
          block[a, b] -= h
          if a != b { block[b, a] = block[a, b] }
        }
      }
      let outside: [Double]
      if m == 1 {
        guard block[0, 0] > 1e-9 else { return nil }
        outside = [residual[0] / block[0, 0]]
      } else {
        guard let factor = CholeskyFactorization(block),
          (0..<m).allSatisfy({ factor.lower[$0, $0] > 1e-5 })
        else { return nil }
        outside = factor.solve(residual)
      }
      for (a, i) in members.enumerated() { result[i] = target[i] - outside[a] }
    }
    return result
  }

  /// What fits without a row's group predict there, each with its own error.
  ///
  /// - Returns: One a row; nil where leaving a group out makes the fit impossible or leaves no
  ///   residual to tell the noise from.
  ///
  /// Numerics: exact without refits. With B = I - H_gg and u = B^-1 e_g the other residuals become
  /// e + H_.g u, the trace of their hat matrix grows by that of H_.g B^-1 H_g., and the variance of
  /// the mean at g is (B^-1 H_gg) in units of the new residual variance. O(n^2 p).
  public func leaveOutErrors(
    _ target: [Double], penalty: Double, groups: [Int]
  ) throws(NumericsError) -> [Outside]? {
    let fit = try fit(target, penalty: penalty)
    guard groups.count == rows else {
      throw .lengths(what: "groups of a cross-validation", left: rows, right: groups.count)
    }
    let weights = eigen.values.map { 1 / (max($0, 0) + penalty).squareRoot() }
    let roots = Matrix(
      rows: (0..<rows).map { i in
        weights.indices.map { scores[i, $0] * weights[$0] } + freeBasis.row(i)
      }, columns: weights.count + freeBasis.columns)
    let residual = zip(target, fit.fitted).map { $0 - $1 }
    let own = (0..<rows).map { roots.row($0).reduce(0) { $0 + $1 * $1 } }
    var result = [Outside?](repeating: nil, count: rows)
    for members in Dictionary(grouping: groups.indices, by: { groups[$0] }).values {
      let m = members.count
      let cross = roots.times(
        Matrix(rows: members.map(roots.row), columns: roots.columns).transposed)
      var block = Matrix.identity(m)  // I - H_gg
      for a in 0..<m { for b in 0..<m { block[a, b] -= cross[members[a], b] } }
      guard let factor = CholeskyFactorization(block),
        (0..<m).allSatisfy({ factor.lower[$0, $0] > 1e-5 })
      else { return nil }
      let moved = factor.solve(members.map { residual[$0] })
      let inside = Set(members)
      var (sum, spent) = (0.0, 0.0)
      for j in 0..<rows where !inside.contains(j) {
        let row = cross.row(j)
        var rest = residual[j]
        for a in 0..<m { rest += row[a] * moved[a] }
        sum += rest * rest
        spent += own[j] + factor.forward(row).reduce(0) { $0 + $1 * $1 }
      }
      let left = Double(rows - m) - spent
      guard left > 1e-6 else { return nil }
      for (a, i) in members.enumerated() {
        let row = cross.row(i)
        let doubt = own[i] + factor.forward(row).reduce(0) { $0 + $1 * $1 }
        result[i] = Outside(
          prediction: target[i] - moved[a], deviation: (sum / left * (1 + doubt)).squareRoot(),
          degreesOfFreedom: max(left, 1))
      }
    }
    return result.compactMap { $0 }
  }

  /// The variance of a prediction's mean in units of the residual variance.
  ///
  /// For a row (u, x): u (U'U)^-1 u' + z (Z'Z + penalty)^-1 z', the posterior of the ridge prior.
  /// The rows may be differences of two rows: the result is then the variance of the difference.
  public func leverage(row: [Double], unpenalised: [Double] = [], penalty: Double) -> Double {
    root(row: row, unpenalised: unpenalised, penalty: penalty).reduce(0) { $0 + $1 * $1 }
  }

  /// A vector whose products with another row's are the posterior covariance of two predictions,
  /// in units of the residual variance.
  public func root(row: [Double], unpenalised: [Double] = [], penalty: Double) -> [Double] {
    precondition(row.count == scales.count && unpenalised.count == free.columns)
    let lifted = projection.transposedTimes(unpenalised)
    let z = row.indices.map { scales[$0] == 0 ? 0 : (row[$0] - lifted[$0]) / scales[$0] }
    let inner = eigen.vectors.transposedTimes(z)
    var result = zip(inner, eigen.values).map { value, d in
      let spread = max(d, 0) + penalty
      return spread > 0 ? value / spread.squareRoot() : 0
    }
    if let freeCholesky { result += freeCholesky.forward(unpenalised) }
    return result
  }

  private func shrunken(_ target: [Double], _ penalty: Double) -> [Double] {
    let inner = scores.transposedTimes(target)
    return inner.indices.map { k in
      let d = max(eigen.values[k], 0) + penalty
      return d > 0 ? inner[k] / d : 0
    }
  }

  private func check(_ target: [Double], _ penalty: Double) throws(NumericsError) {
    guard target.count == rows else {
      throw .lengths(what: "a regression's rows and targets", left: rows, right: target.count)
    }
    if let index = target.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(what: "the target", index: index)
    }
    guard penalty >= 0, penalty.isFinite else {
      throw .outOfRange(what: "a ridge penalty", value: penalty, allowed: "0 and above")
    }
    let columns = free.columns + scales.count
    guard penalty > 0 || rank == columns else {
      throw .rankDeficient(rank: rank, columns: columns)
    }
  }
}
