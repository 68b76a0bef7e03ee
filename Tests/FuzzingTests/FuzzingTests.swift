import Foundation
import Fuzzing
import Testing

/// A few seconds of what scripts/fuzz does for hours; the cases are the same every time.
@Suite struct FuzzingTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Cases for about a second each.
  private static let counts = [
    "lexer": 1500, "parser": 600, "checker": 400, "vm": 600, "calls": 600, "regex": 1500,
    "json": 3000, "kernel": 1500, "checkpoint": 1500, "answers": 300, "image": 2000,
    "parquet": 400, "loader": 800, "run": 60,
  ]

  @Test(arguments: FuzzTargets.all.map { $0.name }) func noInputBreaks(_ name: String) throws {
    let type = try #require(FuzzTargets.all.first { $0.name == name })
    let target = type.init(root: Self.root)
    for index in 0..<UInt64(Self.counts[name] ?? 500) {
      var random = RandomNumbers(seed: 1, index: index)
      let input = target.input(&random)
      do { try target.run(input) } catch {
        Issue.record("\(name), case \(index): \(error)\n\(String(decoding: input, as: UTF8.self))")
      }
    }
  }

  /// Odd paths in odd places must not become files.
  @Test func callsLeaveTheFolderAsItWas() throws {
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: ".").sorted()
    }
    let before = try names()
    let target = CallsTarget(root: Self.root)
    for index in 0..<300 as Range<UInt64> {
      var random = RandomNumbers(seed: 4, index: index)
      try target.run(target.input(&random))
    }
    #expect(try names() == before)
  }

  /// Mutants that nothing runs would test little.
  @Test func manyMutantsRun() throws {
    let target = MachineTarget(root: Self.root)
    var ran = 0
    for index in 0..<300 {
      var random = RandomNumbers(seed: 2, index: UInt64(index))
      if try target.outcome(of: target.input(&random)) != nil { ran += 1 }
    }
    #expect(ran > 60)
  }

  @Test func manyCheckpointsAreReadAndManyRefused() {
    let target = CheckpointTarget(root: Self.root)
    let read = (0..<300 as Range<UInt64>).filter { index in
      var random = RandomNumbers(seed: 2, index: index)
      return target.isRead(target.input(&random))
    }
    #expect(60...240 ~= read.count)
  }

  @Test func aCaseIsMadeAgainFromItsNumber() {
    let target = ParserTarget(root: Self.root)
    for index in 0..<20 as Range<UInt64> {
      var (first, second) = (
        RandomNumbers(seed: 3, index: index), RandomNumbers(seed: 3, index: index)
      )
      #expect(target.input(&first) == target.input(&second))
    }
  }

  @Test func aBrokenLawIsFound() {
    struct Odd: FuzzTarget {
      static let name = "odd"
      init(root: String) {}
      func input(_ random: inout RandomNumbers) -> [UInt8] { [UInt8(random.next(256))] }
      func run(_ input: [UInt8]) throws {
        if input[0] == 77 { throw BrokenLaw("77") }
      }
    }
    let target = Odd(root: "")
    let broken = (0..<2000 as Range<UInt64>).count { index in
      var random = RandomNumbers(seed: 1, index: index)
      return (try? target.run(target.input(&random))) == nil
    }
    #expect(broken > 0)
  }
}
