import MDMData
import MDMNumerics
import Testing

@Suite struct BoxTests {
  @Test func theOverlapIsSharedAreaOverUnion() {
    #expect(abs(Box(0, 0, 2, 2).overlap(with: Box(1, 1, 3, 3)) - 1.0 / 7) < 1e-12)
    #expect(Box(0, 0, 2, 2).overlap(with: Box(0, 0, 2, 2)) == 1)
    #expect(Box(0, 0, 1, 1).overlap(with: Box(1, 0, 2, 1)) == 0)
  }

  @Test(arguments: [
    Box(1, 1, 1, 5), Box(5, 1, 1, 5), Box(.nan, 0, 1, 1), Box(0, 0, .infinity, 1),
    Box(-1e200, -1e200, 1e200, 1e200),
  ])
  func unusableBoxesOverlapNothing(_ box: Box) {
    #expect(box.overlap(with: box) == 0)
    #expect(box.overlap(with: Box(0, 0, 4, 4)) == 0)
    #expect(Box(0, 0, 4, 4).overlap(with: box) == 0)
  }

  @Test func theOverlapIsSymmetricAndInRange() {
    var stream = RandomStream(seed: 1, purpose: "boxes")
    func coordinate() -> Double { Double(stream.integer(in: -2...9)) }
    for _ in 0..<2000 {
      let a = Box(coordinate(), coordinate(), coordinate(), coordinate())
      let b = Box(coordinate(), coordinate(), coordinate(), coordinate())
      #expect(a.overlap(with: b) == b.overlap(with: a))
      #expect((0...1).contains(a.overlap(with: b)))
    }
  }
}
