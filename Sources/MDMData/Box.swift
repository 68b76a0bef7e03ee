/// A rectangle with continuous corners, x to the right and y down.
public struct Box: Sendable, Hashable, CustomStringConvertible {
  public let x0: Double
  public let y0: Double
  public let x1: Double
  public let y1: Double

  /// A box of its left, top, right and bottom edge; nothing is checked or reordered.
  public init(_ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double) {
    self.x0 = x0
    self.y0 = y0
    self.x1 = x1
    self.y1 = y1
  }

  /// Width times height; 0 where the box is empty, inverted or not finite.
  public var area: Double { isValid ? (x1 - x0) * (y1 - y0) : 0 }

  /// Whether all corners are finite and the box has a positive width and height.
  public var isValid: Bool {
    x0.isFinite && y0.isFinite && x1.isFinite && y1.isFinite && x1 > x0 && y1 > y0
      && ((x1 - x0) * (y1 - y0)).isFinite
  }

  /// Intersection over union with another box, 0...1.
  ///
  /// Degenerate, inverted and NaN boxes overlap nothing, not even themselves.
  ///
  /// Source: |A ∩ B| / (|A| + |B| - |A ∩ B|) with continuous corners.
  public func overlap(with other: Box) -> Double {
    guard isValid, other.isValid else { return 0 }
    let width = min(x1, other.x1) - max(x0, other.x0)
    let height = min(y1, other.y1) - max(y0, other.y0)
    guard width > 0, height > 0 else { return 0 }
    let shared = width * height
    let union = area + other.area - shared
    return union > 0 && union.isFinite ? min(shared / union, 1) : 0
  }

  /// The box with its coordinates multiplied.
  public func scaled(x: Double, y: Double) -> Box { Box(x0 * x, y0 * y, x1 * x, y1 * y) }

  public var description: String { "[\(x0), \(y0), \(x1), \(y1)]" }
}
