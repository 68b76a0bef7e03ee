import Glibc
import MDMRewards
import Testing

@Suite struct CatalogueTests {
  @Test func everyRewardFileIsInTheCatalogue() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let folder = try #require(opendir("/\(root)/Sources/MDMRewards"))
    defer { closedir(folder) }
    var files: Set<String> = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix("Reward.swift") { files.insert(String(name.dropLast(6))) }
    }
    let types =
      RewardCatalogue.all.map { String(describing: type(of: $0)) }
      + RewardCatalogue.measures.map { String(describing: type(of: $0)) }
    #expect(Set(types) == files)
  }

  @Test func namesAreSortedAndUnique() {
    #expect(RewardCatalogue.names == Set(RewardCatalogue.names).sorted())
  }

  @Test func everyMeasureDescribesItself() {
    for measure in RewardCatalogue.measures {
      #expect(!measure.summary.isEmpty && measure.summary.hasSuffix("."))
      #expect(!measure.examples.isEmpty && measure.parameters.count >= 2, "\(measure.function)")
      #expect(measure.parameters.allSatisfy { !$0.help.isEmpty })
    }
    let names = RewardCatalogue.measures.map(\.function)
    #expect(names == Set(names).sorted())
  }

  @Test func everyRewardDescribesItself() {
    for verifier in RewardCatalogue.all {
      #expect(!verifier.summary.isEmpty && verifier.summary.hasSuffix("."))
      #expect(verifier.range.lowerBound < verifier.range.upperBound && !verifier.kinds.isEmpty)
    }
  }
}
