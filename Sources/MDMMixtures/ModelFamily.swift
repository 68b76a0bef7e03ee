import MDMNumerics

/// A family of mixture models: the terms that a surrogate adds up, or a way to fit another model.
///
/// Adding a family is adding a file under `Families` and its name to `all`. Every family of terms
/// holds a constant: the constant itself, or the linear terms (the weights sum to 1).
public struct ModelFamily: Sendable {
  /// The name in scripts.
  public let name: String
  /// What it is, in a sentence.
  public let summary: String
  /// Its formula.
  public let formula: String
  /// Where it comes from.
  public let source: String
  private let make: @Sendable (Int) -> [ModelTerm]
  let fitter: (@Sendable (Observations) throws(MixtureError) -> any FittedModel)?

  init(
    name: String, summary: String, formula: String, source: String,
    terms: @escaping @Sendable (Int) -> [ModelTerm]
  ) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.source = source
    make = terms
    fitter = nil
  }

  init(
    name: String, summary: String, formula: String, source: String,
    fitter: @escaping @Sendable (Observations) throws(MixtureError) -> any FittedModel
  ) {
    self.name = name
    self.summary = summary
    self.formula = formula
    self.source = source
    make = { _ in [] }
    self.fitter = fitter
  }

  /// Every family, sorted by name.
  public static let all: [ModelFamily] = [
    .beckerH1, .beckerH2, .beckerH3, .boostedTrees, .constant, .elasticNet, .exponential,
    .fullCubic, .gaussianProcess, .linear, .linearSquareRoot, .logContrast, .quadratic,
    .specialCubic,
  ]

  /// The family of a name; spaces and hyphens count as underscores and `scheffe` may lead.
  ///
  /// - Throws: `MixtureError.unknownName` with the nearest name.
  public static func named(_ name: String) throws(MixtureError) -> ModelFamily {
    var key = String(name.lowercased().map { $0 == " " || $0 == "-" ? "_" : $0 })
    if key.hasPrefix("scheffe_") { key.removeFirst("scheffe_".count) }
    if let family = all.first(where: { $0.name == key }) { return family }
    let known = all.map(\.name)
    throw .unknownName(
      kind: "model family", name: name, nearest: NearestName.find(key, in: known), known: known)
  }

  /// Whether the model is a sum of terms, which ridge regression fits and designs are made for.
  public var hasTerms: Bool { fitter == nil }

  /// The terms for a number of domains; none for a family that is no sum of terms.
  public func terms(_ domains: Int) -> [ModelTerm] { make(domains) }

  /// The model matrix: one row a mixture, one column a term.
  public func matrix(_ points: [[Double]], domains: Int) -> Matrix {
    let terms = terms(domains)
    var values: [Double] = []
    values.reserveCapacity(points.count * terms.count)
    for point in points {
      point.withUnsafeBufferPointer { weights in
        for term in terms { values.append(term.value(weights)) }
      }
    }
    return Matrix(rows: points.count, columns: terms.count, values: values)
  }
}

func pairs(_ count: Int) -> [[Int]] {
  (0..<count).flatMap { i in (i + 1..<max(count, i + 1)).map { [i, $0] } }
}
