import Glibc

/// Minimises a smooth function within bounds by limited-memory quasi-Newton steps.
///
/// Source: Nocedal and Wright, "Numerical optimization", 2006, algorithms 7.4 and 3.1; bounds by
/// projection, with the gradient's components taken out that push against a bound.
public enum Minimiser {
  /// Where a search ended.
  public struct Result: Sendable {
    /// The point.
    public let point: [Double]
    /// The function's value there.
    public let value: Double
    /// How often the function was evaluated.
    public let evaluations: Int
  }

  /// Searches from a start; an interruption ends it where it is.
  ///
  /// - Parameters:
  ///   - start: The first point; it is moved into the bounds.
  ///   - bounds: One range a coordinate; none for all numbers.
  ///   - tolerance: The search ends where no component of the projected gradient is larger, or a
  ///     step gains less than `tolerance` squared of the value.
  ///   - function: Gives the value and writes the gradient; a value that is not finite is a wall.
  public static func minimum(
    from start: [Double], bounds: [ClosedRange<Double>] = [], iterations: Int = 200,
    tolerance: Double = 1e-6, memory: Int = 8,
    function: (_ point: [Double], _ gradient: inout [Double]) -> Double
  ) -> Result {
    let n = start.count
    func clipped(_ x: [Double]) -> [Double] {
      bounds.isEmpty
        ? x
        : x.indices.map { min(max(x[$0], bounds[$0].lowerBound), bounds[$0].upperBound) }
    }
    var x = clipped(start)
    var gradient = [Double](repeating: 0, count: n)
    var value = function(x, &gradient)
    var evaluations = 1
    guard value.isFinite else { return Result(point: x, value: .infinity, evaluations: 1) }
    var steps: [(s: [Double], y: [Double], rho: Double)] = []
    for _ in 0..<iterations {
      if Interruption.isRequested { break }
      let free = x.indices.map { i in
        bounds.isEmpty
          || !(x[i] <= bounds[i].lowerBound && gradient[i] > 0
            || x[i] >= bounds[i].upperBound && gradient[i] < 0)
      }
      let largest = x.indices.reduce(0.0) { free[$1] ? max($0, abs(gradient[$1])) : $0 }
      if largest <= tolerance { break }
      var direction = x.indices.map { free[$0] ? -gradient[$0] : 0 }
      var shares: [Double] = []
      for step in steps.reversed() {
        let share = step.rho * dot(step.s, direction)
        shares.append(share)
        for i in 0..<n { direction[i] -= share * step.y[i] }
      }
      if let last = steps.last {
        let scale = 1 / (last.rho * dot(last.y, last.y))
        for i in 0..<n { direction[i] *= scale }
      } else {
        let length = dot(direction, direction).squareRoot()
        if length > 1 { for i in 0..<n { direction[i] /= length } }
      }
      for (step, share) in zip(steps, shares.reversed()) {
        let back = share - step.rho * dot(step.y, direction)
        for i in 0..<n { direction[i] += back * step.s[i] }
      }
      for i in 0..<n where !free[i] { direction[i] = 0 }
      var slope = dot(direction, gradient)
      if !(slope < 0) {
        direction = x.indices.map { free[$0] ? -gradient[$0] : 0 }
        slope = dot(direction, gradient)
        steps.removeAll()
        if !(slope < 0) { break }
      }
      // Backtracking to Armijo's condition along the projected line.
      var length = 1.0
      var accepted: (x: [Double], value: Double, gradient: [Double])?
      for _ in 0..<30 {
        let trial = clipped(x.indices.map { x[$0] + length * direction[$0] })
        var next = [Double](repeating: 0, count: n)
        let reached = function(trial, &next)
        evaluations += 1
        let gain = x.indices.reduce(0.0) { $0 + gradient[$1] * (trial[$1] - x[$1]) }
        if reached.isFinite, reached <= value + 1e-4 * min(gain, 0) {
          accepted = (trial, reached, next)
          break
        }
        // The parabola through both values and the slope, kept within a tenth to a half.
        let curvature = reached - value - slope * length
        let vertex =
          reached.isFinite && curvature > 0 ? -slope * length * length / (2 * curvature) : 0
        length = min(max(vertex, 0.1 * length), 0.5 * length)
      }
      guard let accepted else {
        if steps.isEmpty { break }
        steps.removeAll()
        continue
      }
      let s = x.indices.map { accepted.x[$0] - x[$0] }
      let y = x.indices.map { accepted.gradient[$0] - gradient[$0] }
      let curvature = dot(s, y)
      if curvature > 1e-10 * dot(y, y) {
        steps.append((s, y, 1 / curvature))
        if steps.count > memory { steps.removeFirst() }
      }
      let gained = value - accepted.value
      x = accepted.x
      value = accepted.value
      gradient = accepted.gradient
      if gained <= tolerance * tolerance * max(1, abs(value)) { break }
    }
    return Result(point: x, value: value, evaluations: evaluations)
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
}
