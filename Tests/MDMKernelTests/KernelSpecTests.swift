import Foundation
import MDMJSON
import MDMKernel
import Testing

@Suite struct KernelSpecTests {
  private func temporaryFolder() -> URL {
    FileManager.default.temporaryDirectory.appending(path: "mdm-spec-\(UUID().uuidString)")
  }

  @Test func anInstallationIsWhatJupyterReads() throws {
    let base = temporaryFolder()
    defer { try? FileManager.default.removeItem(at: base) }
    let spec = KernelSpec(executable: "/opt/mdm \"x\"/mdm")
    let folder = try #require(spec.folder(in: .prefix(base.path)) { _ in nil })
    #expect(folder == base.path + "/share/jupyter/kernels/mdm")
    try spec.install(in: folder)
    try spec.install(in: folder)
    let bytes = try #require(FileManager.default.contents(atPath: folder + "/kernel.json"))
    let node = try JSONNode(parsing: Array(bytes))
    #expect(
      node["argv"]?.elements?.compactMap(\.text) == [
        "/opt/mdm \"x\"/mdm", "kernel", "run", "--connection-file", "{connection_file}",
      ])
    #expect(node["language"]?.text == "mdm" && node["interrupt_mode"]?.text == "message")
    #expect(node["metadata"]?["supported_encryption"] == .array([.string("curve")]))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    #expect(names == ["kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg"])
    let image = try #require(FileManager.default.contents(atPath: folder + "/logo-64x64.png"))
    #expect(image.prefix(4) == Data([0x89, 0x50, 0x4E, 0x47]))
    #expect(try KernelSpec.uninstall(from: folder))
    #expect(!FileManager.default.fileExists(atPath: folder))
    #expect(try !KernelSpec.uninstall(from: folder))
  }

  @Test func theUsersFolderFollowsTheEnvironment() {
    let spec = KernelSpec(name: "mdm-1", executable: "/mdm")
    let home = ["HOME": "/home/a"]
    #expect(spec.folder(in: .user) { home[$0] } == "/home/a/.local/share/jupyter/kernels/mdm-1")
    let data = ["HOME": "/home/a", "XDG_DATA_HOME": "/data"]
    #expect(spec.folder(in: .user) { data[$0] } == "/data/jupyter/kernels/mdm-1")
    let jupyter = ["JUPYTER_DATA_DIR": "/j", "XDG_DATA_HOME": "/data"]
    #expect(spec.folder(in: .user) { jupyter[$0] } == "/j/kernels/mdm-1")
    #expect(spec.folder(in: .user) { _ in nil } == nil)
  }

  @Test(arguments: ["", "..", "a/b", "a b", "größe"])
  func namesThatJupyterDoesNotTake(name: String) { #expect(!KernelSpec.isName(name)) }

  @Test(arguments: ["mdm", "mdm-2.0_x", "9"])
  func namesThatJupyterTakes(name: String) { #expect(KernelSpec.isName(name)) }

  @Test func aFolderThatCannotBeMadeIsNamed() throws {
    let base = temporaryFolder()
    defer { try? FileManager.default.removeItem(at: base) }
    try Data().write(to: base)
    #expect {
      try KernelSpec(executable: "/mdm").install(in: base.path + "/kernels/mdm")
    } throws: { error in
      "\(error)".contains(base.path)
    }
  }
}
