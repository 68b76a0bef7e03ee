import MDMMixtures
import MDMNumerics
import Testing

@Suite struct SimplexQuadraticTests {
  private func random(_ count: Int, _ stream: inout RandomStream) throws -> SimplexQuadratic {
    let b = (0..<count).map { _ in stream.normal() }
    let q = (0..<count).map { _ in (0..<count).map { _ in stream.normal() } }
    return try SimplexQuadratic(linear: b, quadratic: q)
  }

  @Test func theGoldenProblemHasItsMaximum() throws {
    let q: [[Double]] = [
      [0, 0.30, -0.10, 0.05, 0.20], [0.30, 0, 0.15, -0.05, 0.10], [-0.10, 0.15, 0, 0.25, 0.05],
      [0.05, -0.05, 0.25, 0, 0.10], [0.20, 0.10, 0.05, 0.10, 0],
    ]
    let best = try SimplexQuadratic(linear: [0.40, 0.35, 0.45, 0.42, 0.38], quadratic: q).maximum()
    for (found, expected) in zip(best.weights, [0, 0, 0.53, 0.47, 0]) {
      #expect(abs(found - expected) < 1e-12)
    }
    #expect(abs(best.value - 0.56045) < 1e-12)
    #expect(best.exact)
  }

  @Test func randomPointsNeverBeatTheMaximum() throws {
    for problem in 0..<50 {
      var stream = RandomStream(seed: 21, purpose: "problem", index: problem)
      let function = try random(5, &stream)
      let best = try function.maximum()
      #expect(abs(best.weights.reduce(0, +) - 1) < 1e-9)
      #expect(best.weights.allSatisfy { $0 >= 0 })
      var greatest = -Double.infinity
      for draw in 0..<12_000 {
        let point = stream.dirichlet(count: 5, concentration: draw % 2 == 0 ? 1 : 0.3)
        greatest = max(greatest, function.value(point))
      }
      #expect(greatest <= best.value + 1e-12)
    }
  }

  @Test func randomPointsWithinBoundsNeverBeatTheBoundedMaximum() throws {
    let bounds = try SimplexBounds(
      lower: [0.05, 0, 0.1, 0, 0], upper: [0.3, 0.4, 0.5, 0.25, 0.6])
    for problem in 0..<30 {
      var stream = RandomStream(seed: 22, purpose: "problem", index: problem)
      let function = try random(5, &stream)
      let best = try function.maximum(bounds: bounds)
      #expect(bounds.contains(best.weights))
      #expect(abs(best.weights.reduce(0, +) - 1) < 1e-9)
      for _ in 0..<3000 {
        let point = bounds.clipped(stream.dirichlet(count: 5))
        #expect(bounds.contains(point))
        #expect(function.value(point) <= best.value + 1e-12)
      }
      let search = try SimplexSearch.maximum(bounds: bounds) { function.value($0) }
      #expect(abs(search.value - best.value) < 1e-6)
      #expect(!search.exact)
    }
  }

  @Test func aLinearFunctionFillsItsBestDomains() throws {
    let zero = [[Double]](repeating: [0, 0, 0], count: 3)
    let function = try SimplexQuadratic(linear: [1, 3, 2], quadratic: zero)
    #expect(try function.maximum().weights == [0, 1, 0])
    let bounds = try SimplexBounds(lower: [0.125, 0, 0], upper: [1, 0.5, 1])
    #expect(try function.maximum(bounds: bounds).weights == [0.125, 0.5, 0.375])
  }

  @Test func flatProblemsStillHaveAMaximum() throws {
    let function = try SimplexQuadratic(
      linear: [0, 0], quadratic: [[1, 1], [1, 1]])  // constant 1
    #expect(abs(try function.maximum().value - 1) < 1e-12)
  }

  @Test func seventeenDomainsAreStillExact() throws {
    var stream = RandomStream(seed: 23, purpose: "problem")
    let function = try random(17, &stream)
    let best = try function.maximum()
    #expect(best.exact)
    for _ in 0..<2000 {
      #expect(function.value(stream.dirichlet(count: 17, concentration: 0.1)) <= best.value)
    }
  }

  @Test func branchingFindsTheMaximumThatIsHiddenAmongWeakDomains() throws {
    // Fifteen more domains that are worth nothing leave the maximum of the first five.
    var stream = RandomStream(seed: 24, purpose: "problem")
    for _ in 0..<6 {
      let small = try random(5, &stream)
      let best = try small.maximum()
      let linear = small.linear + [Double](repeating: -20, count: 15)
      var quadratic = [[Double]](repeating: [Double](repeating: 0, count: 20), count: 20)
      for i in 0..<5 {
        for j in 0..<5 { quadratic[i][j] = small.quadratic[i * 5 + j] }
      }
      let found = try SimplexQuadratic(linear: linear, quadratic: quadratic).maximum()
      #expect(found.exact && found.method.contains("branch and bound"))
      #expect(abs(found.value - best.value) < 1e-9)
      for i in 0..<5 { #expect(abs(found.weights[i] - best.weights[i]) < 1e-6) }
    }
  }

  @Test func twentyCappedDomainsAreProven() throws {
    var stream = RandomStream(seed: 25, purpose: "problem")
    let function = try SimplexQuadratic(
      linear: (0..<20).map { _ in 0.4 + 0.05 * stream.normal() },
      quadratic: (0..<20).map { _ in (0..<20).map { _ in 0.2 * stream.normal() } })
    let bounds = try SimplexBounds(
      lower: [Double](repeating: 0.01, count: 20), upper: [Double](repeating: 0.3, count: 20))
    let best = try function.maximum(bounds: bounds)
    #expect(best.exact && bounds.contains(best.weights))
    let search = try SimplexSearch.maximum(bounds: bounds) { function.value($0) }
    #expect(search.value <= best.value + 1e-9)
  }

  @Test func manyValuesAreTheSingleOnes() throws {
    var stream = RandomStream(seed: 26, purpose: "problem")
    let function = try random(5, &stream)
    let points = (0..<50).map { _ in stream.dirichlet(count: 5) }
    for (a, b) in zip(function.values(points.flatMap { $0 }), points) {
      #expect(abs(a - function.value(b)) < 1e-13)
    }
  }
}
