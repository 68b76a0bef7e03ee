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
    let types = Set(RewardCatalogue.all.map { String(describing: type(of: $0)) })
    #expect(types == files)
  }

  @Test func namesAreSortedAndUnique() {
    #expect(RewardCatalogue.names == Set(RewardCatalogue.names).sorted())
  }

  @Test func everyRewardDescribesItself() {
    for verifier in RewardCatalogue.all {
      #expect(!verifier.summary.isEmpty && verifier.summary.hasSuffix("."))
      #expect(verifier.range.lowerBound < verifier.range.upperBound && !verifier.kinds.isEmpty)
    }
  }
}
