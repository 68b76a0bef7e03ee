/// A heat map of a function over the mixtures of three domains.
///
/// The function is sampled when the map is made, so that the map is a plain value. Row `i` holds
/// the mixtures in which the first domain has the share `i / resolution`; along a row the rest moves
/// from the second domain to the third.
public struct TernaryMap: Sendable, Equatable {
  /// The shares of the three domains; they sum to one.
  public struct Mixture: Sendable, Equatable {
    /// The first domain's share.
    public var first: Double
    /// The second domain's share.
    public var second: Double
    /// The third domain's share.
    public var third: Double

    /// A mixture by its three shares.
    public init(_ first: Double, _ second: Double, _ third: Double) {
      self.first = first
      self.second = second
      self.third = third
    }
  }

  /// A measured mixture; its mark takes the map's colour for the value, so that it vanishes where
  /// the map is right.
  public struct Point: Sendable, Equatable {
    /// Where the point stands.
    public var mixture: Mixture
    /// What was measured there, or nothing.
    public var value: Double?
    /// A text beside the point; empty for none.
    public var label: String

    /// A point at a mixture.
    public init(_ mixture: Mixture, value: Double? = nil, label: String = "") {
      self.mixture = mixture
      self.value = value
      self.label = label
    }
  }

  /// Names of the domains at the top, the lower left and the lower right corner.
  public let domains: [String]
  /// What the colours mean.
  public var valueLabel: String
  /// Measured mixtures to draw over the map.
  public var points: [Point]
  /// The mixture to mark; `nil` marks the largest sample.
  public var optimum: Mixture?
  /// Mixtures of at least this value are outlined: those that are hardly worse than the best.
  public var region: Double?
  /// Whether a maximum is marked at all.
  public var marksOptimum: Bool
  let resolution: Int
  /// (resolution + 1) rows of (resolution + 1) samples.
  let samples: [Double]

  /// Samples `value` over the simplex.
  /// - Parameters:
  ///   - domains: three names: top, lower left, lower right.
  ///   - region: the value from which mixtures are outlined.
  ///   - resolution: steps along each side.
  ///   - value: the function of the three shares; what is not finite stays blank.
  public init(
    domains: [String], valueLabel: String = "", points: [Point] = [], optimum: Mixture? = nil,
    region: Double? = nil, marksOptimum: Bool = true, resolution: Int = 60,
    value: (Mixture) throws -> Double
  ) rethrows {
    self.domains = domains
    self.valueLabel = valueLabel
    self.points = points
    self.optimum = optimum
    self.region = region
    self.marksOptimum = marksOptimum
    let steps = min(max(resolution, 4), 400)
    self.resolution = steps
    var samples: [Double] = []
    samples.reserveCapacity((steps + 1) * (steps + 1))
    for row in 0...steps {
      for column in 0...steps {
        samples.append(try value(Self.mixture(row: row, column: column, resolution: steps)))
      }
    }
    self.samples = samples
  }

  static func mixture(row: Int, column: Int, resolution: Int) -> Mixture {
    let first = Double(row) / Double(resolution)
    let along = Double(column) / Double(resolution)
    return Mixture(first, (1 - first) * (1 - along), (1 - first) * along)
  }

  /// The sampled mixture with the largest value; `nil` when no sample is finite.
  public var largestSample: (mixture: Mixture, value: Double)? {
    let finite = samples.indices.filter { samples[$0].isFinite }
    guard let best = finite.max(by: { samples[$0] < samples[$1] }) else { return nil }
    let side = resolution + 1
    let mixture = Self.mixture(row: best / side, column: best % side, resolution: resolution)
    return (mixture, samples[best])
  }

  /// The sampled value nearest to a mixture.
  func value(at mixture: Mixture) -> Double {
    let row = min(max(Int((mixture.first * Double(resolution)).rounded()), 0), resolution)
    let rest = mixture.second + mixture.third
    let along = rest > 0 ? mixture.third / rest : 0
    let column = min(max(Int((along * Double(resolution)).rounded()), 0), resolution)
    return samples[row * (resolution + 1) + column]
  }
}

extension TernaryMap.Mixture {
  /// The place in a triangle with its lower side from (0, 0) to (1, 0).
  var place: (x: Double, y: Double) { (third + first / 2, first * 0.75.squareRoot()) }
}
