import Glibc

/// One term of a mixture model: a product of powers of weights, such as w1 w3 or sqrt(w2).
///
/// Keeping terms as powers makes their averages over the simplex exact: with the uniform
/// distribution E prod w_i^a_i = (q-1)! prod Gamma(1 + a_i) / Gamma(q + sum a_i).
public struct ModelTerm: Equatable, Hashable, Sendable {
  /// A power of one weight.
  public struct Factor: Equatable, Hashable, Sendable {
    /// The position of the domain.
    public let domain: Int
    /// The exponent.
    public let power: Double
  }

  /// The factors, in the order of the domains.
  public let factors: [Factor]

  /// A product of first powers.
  public init(_ domains: Int...) {
    factors = domains.sorted().map { Factor(domain: $0, power: 1) }
  }

  /// A product of equal powers.
  public init(domains: [Int], power: Double) {
    factors = domains.sorted().map { Factor(domain: $0, power: power) }
  }

  /// The value at a point.
  public func value(_ weights: [Double]) -> Double {
    var product = 1.0
    for factor in factors {
      let weight = weights[factor.domain]
      switch factor.power {
      case 1: product *= weight
      case 0.5: product *= weight.squareRoot()
      default: product *= pow(weight, factor.power)
      }
    }
    return product
  }

  /// The term in words, such as `COCO*LISA` or `sqrt(SAT)`.
  public func label(_ domains: [String]) -> String {
    factors.map {
      switch $0.power {
      case 1: domains[$0.domain]
      case 0.5: "sqrt(\(domains[$0.domain]))"
      default: "\(domains[$0.domain])^\($0.power)"
      }
    }.joined(separator: "*")
  }

  /// The mean of the product of two terms over the simplex of `count` domains.
  public static func moment(_ a: ModelTerm, _ b: ModelTerm, count: Int) -> Double {
    var powers = [Double](repeating: 0, count: count)
    for factor in a.factors + b.factors { powers[factor.domain] += factor.power }
    var sum = lgamma(Double(count)) - lgamma(Double(count) + powers.reduce(0, +))
    for power in powers where power != 0 { sum += lgamma(1 + power) }
    return exp(sum)
  }
}
