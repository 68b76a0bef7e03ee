import MDMNumerics
import Testing

@Suite struct EditDistanceTests {
  /// Wagner and Fischer's table, by which the distance is defined.
  private func table(_ a: [UInt32], _ b: [UInt32]) -> Int {
    var row = Array(0...b.count)
    for (i, x) in a.enumerated() {
      var diagonal = row[0]
      row[0] = i + 1
      for (j, y) in b.enumerated() {
        let next = min(diagonal + (x == y ? 0 : 1), row[j] + 1, row[j + 1] + 1)
        (diagonal, row[j + 1]) = (row[j + 1], next)
      }
    }
    return row[b.count]
  }

  /// Lengths on both sides of one word and of two; scalars of ASCII and beyond.
  @Test(arguments: [0, 1, 5, 63, 64, 65, 128, 200]) func itIsThatOfTheTable(_ length: Int) {
    var stream = RandomStream(seed: UInt64(length), purpose: "test")
    func text(_ count: Int) -> [UInt32] {
      (0..<count).map { _ in [97, 98, 120, 233, 0x1F600][Int(stream.uniform() * 5)] }
    }
    for other in [0, 1, 40, 64, 90, 150] {
      let (a, b) = (text(length), text(other))
      #expect(EditDistance.between(a, b) == table(a, b))
      #expect(EditDistance.between(b, a) == table(a, b))
    }
  }

  @Test func itCanBeEnded() {
    struct Stop: Error {}
    let long = (0..<10_000).map { UInt32($0 % 7) }
    #expect(throws: Stop.self) {
      try EditDistance.between(long, long.reversed()) { throw Stop() }
    }
  }
}
