import Foundation
import Testing

/// What the pages say about the house is true.
@Suite struct HouseTests {
  @Test func theMapNamesEveryTarget() throws {
    let package = try read("Package.swift")
    let readme = try read("README.md")
    let names = package.matches(of: /\.(?:executableTarget|target)\(\s*name: "(\w+)"/).map(\.1)
    #expect(names.count > 30)
    // Measuring, fuzzing and the files of tests have rooms of their own.
    for name in names where !["policy-step", "Fuzzing", "fuzz", "Fixtures"].contains(name) {
      #expect(readme.contains("`\(name)`"), "\(name) is missing in the map of README.md")
    }
  }

  @Test func everyLinkOfAPageLeadsSomewhere() throws {
    let root = Executable.root
    var pages = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "notebooks/README.md"]
    let found = FileManager.default.enumerator(
      at: root.appending(path: "docs"), includingPropertiesForKeys: nil)
    for case let file as URL in found ?? .init() where file.pathExtension == "md" {
      pages.append("docs/" + file.path.dropFirst(root.appending(path: "docs/").path.count))
    }
    #expect(pages.count > 20)
    for page in pages where FileManager.default.fileExists(atPath: root.appending(path: page).path)
    {
      let folder = root.appending(path: page).deletingLastPathComponent()
      // Code between backticks has brackets of its own.
      let text = try read(page).replacing(/```[\s\S]*?```|`[^`\n]*`/, with: "")
      for match in text.matches(of: /\]\(([^)#\s]+)(?:#[^)]*)?\)/) {
        let target = String(match.1)
        guard !target.contains("://"), !target.hasPrefix("mailto:") else { continue }
        let isThere = FileManager.default.fileExists(atPath: folder.appending(path: target).path)
        #expect(isThere, "\(page) leads to \(target)")
      }
    }
  }

  private func read(_ path: String) throws -> String {
    try String(contentsOf: Executable.root.appending(path: path), encoding: .utf8)
  }
}
