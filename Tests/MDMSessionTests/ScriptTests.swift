import Foundation
import MDMSession
import MDMSyntax
import Testing

/// Runs each script under Tests/Scripts and compares what it prints with its comments:
/// `# expect: text` for a printed line, in order, and `# expect error CODE at LINE:COLUMN`.
@Suite struct ScriptTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let scripts: [String] = {
    let folder = root.appending(path: "Tests/Scripts").path
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".mdm") }.sorted()
  }()

  @Test func thereAreScripts() { #expect(Self.scripts.count >= 20) }

  @Test(arguments: scripts) func script(_ name: String) throws {
    let text = try String(
      contentsOf: Self.root.appending(path: "Tests/Scripts/\(name)"), encoding: .utf8)
    var lines: [String] = []
    var error: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let mark = line.range(of: "# expect: ") { lines.append(String(line[mark.upperBound...])) }
      if let mark = line.range(of: "# expect error ") { error = String(line[mark.upperBound...]) }
    }
    let capture = Capture()
    capture.run(text)
    let printed = capture.output.value.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init).dropLast()
    #expect(Array(printed) == lines)
    guard let error else {
      #expect(capture.errors.value.isEmpty)
      return
    }
    let parts = error.components(separatedBy: " at ")
    #expect(capture.errors.value.contains("[\(parts[0])]"), "\(capture.errors.value)")
    if parts.count == 2 {
      #expect(capture.errors.value.contains("test.mdm:\(parts[1])\n"), "\(capture.errors.value)")
    }
  }
}
