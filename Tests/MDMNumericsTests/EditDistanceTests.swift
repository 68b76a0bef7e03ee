import Fixtures
import MDMNumerics
import Testing

@Suite struct EditDistanceTests {
  /// Lengths on both sides of one word and of two; scalars of ASCII and beyond.
  @Test(arguments: [0, 1, 5, 63, 64, 65, 128, 200]) func itIsThatOfTheTable(_ length: Int) {
    var stream = RandomStream(seed: UInt64(length), purpose: "test")
    func text(_ count: Int) -> [UInt32] {
      (0..<count).map { _ in [97, 98, 120, 233, 0x1F600][Int(stream.uniform() * 5)] }
    }
    for other in [0, 1, 40, 64, 90, 150] {
      let (a, b) = (text(length), text(other))
      #expect(EditDistance.between(a, b) == distanceByTable(a, b))
      #expect(EditDistance.between(b, a) == distanceByTable(a, b))
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
