import Glibc

/// One term of a mixture model: a product of powers of weights such as w1 w3 or sqrt(w2), or one of
/// the shapes that are no product.
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

  /// How the factors combine.
  public enum Shape: Equatable, Hashable, Sendable {
    /// Their product; 1 without factors.
    case product
    /// w_i w_j (w_i - w_j), the skew term of Scheffe's full cubic.
    case skew
    /// min(w_i, w_j), Becker's H1.
    case minimum
    /// w_i w_j / (w_i + w_j), Becker's H2; 0 where both are 0.
    case ratio
    /// sum_i c_i ln((w_i + shift) / (1 + q shift)) with coefficients that sum to 0.
    case logContrast([Double], shift: Double)
  }

  /// The factors, in the order of the domains.
  public let factors: [Factor]
  /// How they combine.
  public let shape: Shape

  /// A product of first powers; the constant 1 without domains.
  public init(_ domains: Int...) {
    self.init(domains: domains, power: 1)
  }

  /// A product of equal powers.
  public init(domains: [Int], power: Double) {
    factors = domains.sorted().map { Factor(domain: $0, power: power) }
    shape = .product
  }

  /// A term of two domains that is no product.
  public init(_ shape: Shape, _ pair: [Int]) {
    factors = pair.map { Factor(domain: $0, power: 1) }
    self.shape = shape
  }

  /// Whether it is w_i alone.
  public var isLinear: Bool { isPolynomial && factors.count == 1 && factors[0].power == 1 }

  /// Whether it is the constant 1.
  public var isConstant: Bool { shape == .product && factors.isEmpty }

  // Whether moments are exact.
  var isPolynomial: Bool { shape == .product || shape == .skew }

  /// The value at a point.
  public func value(_ weights: [Double]) -> Double {
    weights.withUnsafeBufferPointer { value($0) }
  }

  func value(_ weights: UnsafeBufferPointer<Double>) -> Double {
    switch shape {
    case .product:
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
    case .skew:
      let (a, b) = (weights[factors[0].domain], weights[factors[1].domain])
      return a * b * (a - b)
    case .minimum: return min(weights[factors[0].domain], weights[factors[1].domain])
    case .ratio:
      let (a, b) = (weights[factors[0].domain], weights[factors[1].domain])
      return a + b > 0 ? a * b / (a + b) : 0
    case .logContrast(let coefficients, let shift):
      let scale = 1 + Double(weights.count) * shift
      var sum = 0.0
      for (c, w) in zip(coefficients, weights) where c != 0 { sum += c * log((w + shift) / scale) }
      return sum
    }
  }

  /// The term in words, such as `COCO*LISA` or `sqrt(SAT)`.
  public func label(_ domains: [String]) -> String {
    let names = factors.map { domains[$0.domain] }
    switch shape {
    case .product where factors.isEmpty: return "1"
    case .product:
      return factors.map {
        switch $0.power {
        case 1: domains[$0.domain]
        case 0.5: "sqrt(\(domains[$0.domain]))"
        default: "\(domains[$0.domain])^\($0.power)"
        }
      }.joined(separator: "*")
    case .skew: return "\(names[0])*\(names[1])*(\(names[0])-\(names[1]))"
    case .minimum: return "min(\(names[0]), \(names[1]))"
    case .ratio: return "\(names[0])*\(names[1])/(\(names[0])+\(names[1]))"
    case .logContrast(let coefficients, _):
      let lead = coefficients.firstIndex { $0 != 0 } ?? 0
      return "ilr(\(domains[lead]))"
    }
  }

  /// The mean of the product of two terms over the simplex of `count` domains; both are products
  /// or skew terms.
  public static func moment(_ a: ModelTerm, _ b: ModelTerm, count: Int) -> Double {
    var sum = 0.0
    for (left, first) in a.expanded(count) {
      for (right, second) in b.expanded(count) {
        let powers = zip(first, second).map { $0 + $1 }
        var logarithm = lgamma(Double(count)) - lgamma(Double(count) + powers.reduce(0, +))
        for power in powers where power != 0 { logarithm += lgamma(1 + power) }
        sum += left * right * exp(logarithm)
      }
    }
    return sum
  }

  // The term as a sum of products of powers.
  private func expanded(_ count: Int) -> [(Double, [Double])] {
    var powers = [Double](repeating: 0, count: count)
    for factor in factors { powers[factor.domain] += factor.power }
    guard shape == .skew else { return [(1, powers)] }
    var (first, second) = (powers, powers)
    first[factors[0].domain] += 1
    second[factors[1].domain] += 1
    return [(1, first), (-1, second)]
  }
}
