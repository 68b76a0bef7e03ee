import MDMNumerics
import Testing

@Suite struct RandomStreamTests {
  @Test(
    "Philox agrees with the known answers of Random123",
    arguments: [
      (
        SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
        SIMD4<UInt32>(0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8)
      ),
      (
        SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
        SIMD4<UInt32>(0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD)
      ),
      (
        SIMD4<UInt32>(0x243F_6A88, 0x85A3_08D3, 0x1319_8A2E, 0x0370_7344),
        SIMD2<UInt32>(0xA409_3822, 0x299F_31D0),
        SIMD4<UInt32>(0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1)
      ),
    ])
  func knownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, answer: SIMD4<UInt32>) {
    #expect(RandomStream.philox(counter, key) == answer)
  }

  @Test func uniformDrawsFillTheirRange() {
    var stream = RandomStream(seed: 7, purpose: "test")
    var bins = [Int](repeating: 0, count: 64)
    let draws = 64_000
    for _ in 0..<draws {
      let u = stream.uniform()
      #expect(u >= 0 && u < 1)
      bins[Int(u * 64)] += 1
    }
    let expected = Double(draws) / 64
    let chiSquare =
      bins.reduce(0) { $0 + (Double($1) - expected) * (Double($1) - expected) } / expected
    #expect(chiSquare > 30 && chiSquare < 110)  // 63 degrees of freedom, beyond 1 in 1000 each side
  }

  @Test func eachPartOfTheNameGivesAnUnrelatedStream() throws {
    let draw = { (seed: UInt64, purpose: String, domain: String, index: Int, sample: Int) in
      var stream = RandomStream(
        seed: seed, purpose: purpose, domain: domain, index: index, sample: sample)
      return (0..<4000).map { _ in stream.uniform() }
    }
    let base = draw(1, "order", "sat", 3, 2)
    let others = [
      draw(2, "order", "sat", 3, 2), draw(1, "orders", "sat", 3, 2), draw(1, "order", "", 3, 2),
      draw(1, "order", "sat", 2, 3), draw(1, "order", "sat", 3, 1), draw(1, "sat", "order", 3, 2),
    ]
    #expect(draw(1, "order", "sat", 3, 2) == base)
    for other in others {
      #expect(abs(try Statistics.pearson(base, other)) < 0.065)  // four standard errors
    }
  }

  @Test func drawsOfOneStreamDoNotMoveAnother() {
    var first = RandomStream(seed: 1, purpose: "a")
    var second = RandomStream(seed: 1, purpose: "b")
    let expected = (0..<10).map { _ in second.next() }
    second = RandomStream(seed: 1, purpose: "b")
    let found = (0..<10).map { _ in
      _ = first.next()
      return second.next()
    }
    #expect(found == expected)
  }

  @Test func integersHaveNoFavourites() {
    var stream = RandomStream(seed: 3, purpose: "test")
    var counts = [Int](repeating: 0, count: 5)
    for _ in 0..<50_000 { counts[stream.integer(below: 5)] += 1 }
    for count in counts { #expect(abs(count - 10_000) < 400) }
  }

  @Test func normalDrawsHaveTheirMoments() {
    var stream = RandomStream(seed: 5, purpose: "test")
    let draws = (0..<40_000).map { _ in stream.normal(mean: 2, standardDeviation: 3) }
    #expect(abs(Statistics.mean(draws) - 2) < 0.06)
    #expect(abs(Statistics.standardDeviation(draws) - 3) < 0.05)
    let beyond = draws.count { abs($0 - 2) > 3 * 1.959964 }
    #expect(abs(Double(beyond) / 40_000 - 0.05) < 0.005)
  }

  @Test(arguments: [0.3, 1, 4.5])
  func gammaDrawsHaveTheirMoments(shape: Double) {
    var stream = RandomStream(seed: 6, purpose: "test")
    let draws = (0..<40_000).map { _ in stream.gamma(shape: shape) }
    #expect(abs(Statistics.mean(draws) - shape) < 0.03 * (shape + 0.3))
    #expect(abs(Statistics.variance(draws) - shape) < 0.08 * (shape + 0.3))
  }

  @Test(arguments: [0.001, 0.2, 1, 50])
  func dirichletDrawsStayOnTheSimplex(concentration: Double) {
    var stream = RandomStream(seed: 8, purpose: "test")
    var mean = [Double](repeating: 0, count: 4)
    for _ in 0..<4000 {
      let draw = stream.dirichlet(count: 4, concentration: concentration)
      #expect(draw.allSatisfy { $0 >= 0 })
      #expect(abs(draw.reduce(0, +) - 1) < 1e-12)
      for i in 0..<4 { mean[i] += draw[i] / 4000 }
    }
    for value in mean { #expect(abs(value - 0.25) < 0.03) }
  }

  @Test func weightedIndicesFollowTheirWeights() {
    var stream = RandomStream(seed: 9, purpose: "test")
    var counts = [Int](repeating: 0, count: 4)
    for _ in 0..<20_000 { counts[stream.index(weights: [1, 0, 2, 1])] += 1 }
    #expect(counts[1] == 0)
    #expect(abs(counts[2] - 10_000) < 300)
  }
}
