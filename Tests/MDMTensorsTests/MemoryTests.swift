import MDMTensors
import Synchronization
import Testing

/// The arena, the threads and the choice of BLAS kernels.
@Suite struct MemoryTests {
  @Test func arenaHandsOutAlignedMemoryThatDoesNotOverlap() {
    let arena = Arena()
    let a = arena.floats(3)
    let b = arena.zeros(400_000)
    let c = arena.floats(5)
    for pointer in [a, b, c] { #expect(UInt(bitPattern: pointer) % 64 == 0) }
    c.update(repeating: 7, count: 5)
    a.update(repeating: 7, count: 3)
    #expect((0..<400_000).allSatisfy { b[$0] == 0 })
  }

  @Test func arenaHandsOutTheSameMemoryAfterAMarkIsReleased() {
    let arena = Arena()
    _ = arena.floats(10)
    let mark = arena.mark
    let first = arena.floats(10)
    arena.release(mark)
    #expect(arena.floats(10) == first)
  }

  @Test func workersDoEachPieceOnce() {
    let counts = (0..<100).map { _ in Counter() }
    for _ in 0..<50 { Workers.run(100) { piece in counts[piece].value.add(1, ordering: .relaxed) } }
    #expect(counts.allSatisfy { $0.value.load(ordering: .relaxed) == 50 })
  }

  @Test func workersCanBeNested() {
    let counter = Counter()
    Workers.run(4) { _ in Workers.run(4) { _ in counter.value.add(1, ordering: .relaxed) } }
    #expect(counter.value.load(ordering: .relaxed) == 16)
  }

  @Test func blasNamesItsCore() { #expect(!BLAS.coreName.isEmpty) }
}

private final class Counter: Sendable {
  let value = Atomic<Int>(0)
}
