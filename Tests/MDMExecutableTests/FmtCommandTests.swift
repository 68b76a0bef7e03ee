import Foundation
import Testing

@Suite struct FmtCommandTests {
  private let folder: URL

  init() throws {
    folder = try Executable.temporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.appending(path: "sub"), withIntermediateDirectories: true)
    let files = ["good.mdm": "a + b\n", "sub/bad.mdm": "a+b # c\n", "broken.mdm": "let\n"]
    for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
  }

  private func fmt(_ arguments: String..., input: String = "") throws -> Executable.Result {
    try Executable.run(["fmt"] + arguments, in: folder, input: input)
  }

  private func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test func filesOfFoldersAreFormattedAndNamed() throws {
    let result = try fmt("sub", "good.mdm")
    #expect(result.status == 0)
    #expect(result.output == "sub/bad.mdm\n")
    #expect(try text("sub/bad.mdm") == "a + b  # c\n")
    #expect(try fmt("sub", "good.mdm").output.isEmpty)
  }

  @Test func checkingChangesNothing() throws {
    let result = try fmt("sub", "good.mdm", "--check")
    #expect(result.status == 1)
    #expect(result.output == "sub/bad.mdm\n")
    #expect(try text("sub/bad.mdm") == "a+b # c\n")
    #expect(try fmt("good.mdm", "--check").status == 0)
  }

  @Test func aFileWithErrorsIsLeftAloneAndTheOthersAreFormatted() throws {
    let result = try fmt()
    #expect(result.status == 2)
    #expect(result.errors.contains("broken.mdm:1:"))
    #expect(try text("broken.mdm") == "let\n")
    #expect(try text("sub/bad.mdm") == "a + b  # c\n")
  }

  @Test func standardInputGoesToStandardOutput() throws {
    let result = try fmt("-", input: "f( a )")
    #expect(result.status == 0)
    #expect(result.output == "f(a)\n")
    #expect(try fmt("-", input: "f(").status == 2)
    #expect(try fmt("-", input: "f(").output.isEmpty)
    #expect(try fmt("-", "--check", input: "f( a )").status == 1)
  }

  @Test func permissionsAndLinksStay() throws {
    let script = folder.appending(path: "sub/bad.mdm")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script.path)
    let link = folder.appending(path: "link.mdm")
    try FileManager.default.createSymbolicLink(
      atPath: link.path, withDestinationPath: "sub/bad.mdm")
    #expect(try fmt("link.mdm").status == 0)
    #expect(try text("sub/bad.mdm") == "a + b  # c\n")
    let attributes = try FileManager.default.attributesOfItem(atPath: script.path)
    #expect((attributes[.posixPermissions] as? Int) == 0o755)
    #expect(
      try FileManager.default.destinationOfSymbolicLink(atPath: link.path) == "sub/bad.mdm")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 4)
  }
}
