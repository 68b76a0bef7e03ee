import Glibc
import MDMTraining
import Testing

@Suite struct CatalogueTests {
  /// The files of the module whose names end so, without the type that they share.
  private func files(
    in room: String, ending: String, but shared: String
  ) throws -> [String] {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let folder = try #require(opendir("/" + root + "/Sources/MDMTraining/" + room))
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name.hasSuffix(ending + ".swift"), name != shared + ".swift" { names.append(name) }
    }
    return names
  }

  @Test func everyLossFileIsInTheCatalogue() throws {
    #expect(
      try files(in: "Losses", ending: "Loss", but: "PolicyLoss").count == PolicyLoss.all.count)
    let names = PolicyLoss.all.map(\.name)
    #expect(names == names.sorted() && Set(names).count == names.count)
  }

  @Test func everyAdvantageFileIsInTheCatalogue() throws {
    #expect(
      try files(in: "Advantages", ending: "Advantage", but: "Advantage").count
        == Advantage.all.count)
    let names = Advantage.all.map(\.name)
    #expect(names == names.sorted() && Set(names).count == names.count)
  }

  @Test func everyMixerFileIsInTheCatalogue() throws {
    #expect(try files(in: "Mixers", ending: "Mixer", but: "Mixer").count == Mixer.all.count)
    let names = Mixer.all.map(\.name)
    #expect(names == names.sorted() && Set(names).count == names.count)
  }

  @Test func everyEntryDescribesItself() {
    #expect(Mixer.all.allSatisfy { $0.summary.hasSuffix(".") && !$0.source.isEmpty })
    for loss in PolicyLoss.all {
      #expect(loss.summary.hasSuffix(".") && !loss.formula.isEmpty && !loss.source.isEmpty)
    }
    for advantage in Advantage.all {
      #expect(advantage.summary.hasSuffix(".") && !advantage.source.isEmpty)
    }
    #expect(MetricKey.allCases.allSatisfy { $0.rawValue.split(separator: "/").count == 2 })
  }
}
