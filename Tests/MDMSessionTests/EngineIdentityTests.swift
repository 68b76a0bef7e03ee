import Foundation
import MDMBuiltins
import Testing

/// Results are remembered for one engine: the executable's build id stands for it.
@Suite struct EngineIdentityTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test func theExecutableHasABuildID() throws {
    let program = Self.root.appending(path: ".build/release/mdm").path
    let id = try #require(EngineIdentity.buildID(ofFile: program))
    #expect(id.count == 40 && id.allSatisfy(\.isHexDigit))
  }

  @Test(arguments: [0, 60, 64, 100, 600, 5000]) func aFileWithoutOneHasNone(_ length: Int) throws {
    let file = try FileHandle(
      forReadingFrom: Self.root.appending(path: ".build/release/mdm"))
    let start = try file.read(upToCount: 5000) ?? Data()
    // The first bytes of a program whose notes are cut off, and then what is no program.
    for bytes in [start.prefix(min(length, 500)), Data(repeating: 0xff, count: length)] {
      let path = FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString)")
      try bytes.write(to: path)
      defer { try? FileManager.default.removeItem(at: path) }
      #expect(EngineIdentity.buildID(ofFile: path.path) == nil)
    }
  }
}
