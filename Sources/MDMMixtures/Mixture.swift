/// How often each domain is drawn: ordered domain names and weights on the simplex.
///
/// Invariants: at least one domain, names distinct, weights finite and at least 0, their sum
/// within 1e-9 of 1.
public struct Mixture: Equatable, Hashable, Sendable {
  /// How far the sum of the weights may be from 1.
  public static let tolerance = 1e-9

  /// The names of the domains, in the order of the experiment.
  public let domains: [String]
  /// One weight a domain.
  public let weights: [Double]

  /// A mixture from its domains and weights.
  ///
  /// - Throws: `MixtureError` for names that repeat, a wrong number of weights, a weight that is
  ///   negative beyond rounding or not finite, and a sum other than 1.
  public init(domains: [String], weights: [Double]) throws(MixtureError) {
    let weights = try Self.checked(domains, weights)
    let sum = weights.reduce(0, +)
    guard abs(sum - 1) <= Self.tolerance else { throw .badSum(sum: sum) }
    self.domains = domains
    self.weights = weights
  }

  /// A mixture over known domains from named weights; a domain that is not named has weight 0.
  ///
  /// - Throws: `MixtureError.unknownDomain` with the nearest name for a typing error, else as
  ///   `init(domains:weights:)`.
  public init(
    over domains: [String], naming parts: [(domain: String, weight: Double)]
  ) throws(MixtureError) {
    var weights = [Double](repeating: 0, count: domains.count)
    var seen: Set<String> = []
    for part in parts {
      guard let index = domains.firstIndex(of: part.domain) else {
        throw .unknownDomain(
          part.domain, nearest: NearestName.find(part.domain, in: domains), known: domains)
      }
      guard seen.insert(part.domain).inserted else { throw .repeatedDomain(part.domain) }
      weights[index] = part.weight
    }
    try self.init(domains: domains, weights: weights)
  }

  /// A mixture whose weights are divided by their sum.
  ///
  /// - Throws: `MixtureError.badSum` where they sum to 0, else as `init(domains:weights:)`.
  public static func renormalised(
    domains: [String], weights: [Double]
  ) throws(MixtureError) -> Mixture {
    let weights = try checked(domains, weights)
    let sum = weights.reduce(0, +)
    guard sum > 0, sum.isFinite else { throw .badSum(sum: sum) }
    return Mixture(trusted: domains, weights.map { $0 / sum })
  }

  /// Every domain with the same weight.
  public static func uniform(_ domains: [String]) throws(MixtureError) -> Mixture {
    try renormalised(domains: domains, weights: [Double](repeating: 1, count: domains.count))
  }

  /// One domain alone.
  public static func single(
    _ domain: String, of domains: [String]
  ) throws(MixtureError) -> Mixture {
    try Mixture(over: domains, naming: [(domain, 1)])
  }

  /// Every domain but one, with the same weight.
  public static func excluding(
    _ domain: String, of domains: [String]
  ) throws(MixtureError) -> Mixture {
    guard domains.contains(domain) else {
      throw .unknownDomain(domain, nearest: NearestName.find(domain, in: domains), known: domains)
    }
    return try renormalised(domains: domains, weights: domains.map { $0 == domain ? 0 : 1 })
  }

  /// The weight of a named domain.
  public func weight(of domain: String) throws(MixtureError) -> Double {
    guard let index = domains.firstIndex(of: domain) else {
      throw .unknownDomain(domain, nearest: NearestName.find(domain, in: domains), known: domains)
    }
    return weights[index]
  }

  /// The sum of the absolute differences of the weights, from 0 to 2.
  public func distance(to other: Mixture) throws(MixtureError) -> Double {
    try other.expect(domains)
    return zip(weights, other.weights).reduce(0) { $0 + abs($1.0 - $1.1) }
  }

  /// The mixture in words, such as `COCO .5, LISA .5`; weights below a thousandth are left out.
  public var summary: String {
    zip(domains, weights).filter { $0.1 >= 0.0005 }.map { name, weight in
      let thousandths = Int((weight * 1000).rounded())
      if thousandths == 1000 { return "\(name) 1" }
      var digits = String(thousandths)
      while digits.count < 3 { digits = "0" + digits }
      while digits.hasSuffix("0"), digits.count > 1 { digits.removeLast() }
      return "\(name) .\(digits)"
    }.joined(separator: ", ")
  }

  // Weights that a computation of this module put on the simplex; rounding is taken out.
  init(trusted domains: [String], _ weights: [Double]) {
    let clipped = weights.map { Swift.max($0, 0) }
    let sum = clipped.reduce(0, +)
    self.domains = domains
    self.weights = sum == 1 ? clipped : clipped.map { $0 / sum }
  }

  func expect(_ expected: [String]) throws(MixtureError) {
    guard domains == expected else {
      throw .differentDomains(expected: expected, found: domains)
    }
  }

  // Two mixtures whose weights agree to 1e-9 are one point of a design.
  var key: [Int64] { weights.map { Int64(($0 * 1e9).rounded()) } }

  /// The weights, 0 for what rounding has left below it, such as the rest of `1 - a - b`.
  private static func checked(
    _ domains: [String], _ weights: [Double]
  ) throws(MixtureError) -> [Double] {
    guard !domains.isEmpty else { throw .noDomains }
    guard domains.count == weights.count else {
      throw .weightCount(domains: domains.count, weights: weights.count)
    }
    var seen: Set<String> = []
    for (domain, weight) in zip(domains, weights) {
      guard seen.insert(domain).inserted else { throw .repeatedDomain(domain) }
      guard weight.isFinite, weight >= -tolerance else {
        throw .badWeight(domain: domain, weight: weight)
      }
    }
    return weights.map { max(0, $0) }
  }
}
