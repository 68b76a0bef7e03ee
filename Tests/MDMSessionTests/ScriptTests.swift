import Foundation
import MDMSession
import MDMSyntax
import Testing

/// Runs each script under Tests/Scripts and compares what it prints and reports with its comments:
/// `# expect: text` for a printed line, in order, and `# expect error CODE at LINE:COLUMN` or
/// `# expect warning CODE at LINE:COLUMN` for each diagnostic, in order. There must be no others.
/// Files in a topic's folder `modules` are used by its scripts and not run themselves.
@Suite struct ScriptTests {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let scripts: [String] = {
    let folder = root.appending(path: "Tests/Scripts").path
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    return names.filter { $0.hasSuffix(".mdm") && !$0.contains("/modules/") }.sorted()
  }()

  @Test func thereAreScripts() { #expect(Self.scripts.count >= 20) }

  @Test(arguments: scripts) func script(_ name: String) throws {
    let path = Self.root.appending(path: "Tests/Scripts/\(name)").path
    let text = try String(contentsOfFile: path, encoding: .utf8)
    var lines: [String] = []
    var diagnostics: [String] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if let mark = line.range(of: "# expect: ") { lines.append(String(line[mark.upperBound...])) }
      for kind in ["error", "warning"] {
        guard let mark = line.range(of: "# expect \(kind) ") else { continue }
        let parts = line[mark.upperBound...].components(separatedBy: " at ")
        diagnostics.append("\(kind)[\(parts[0])] at \(parts.last ?? "")")
      }
    }
    let capture = Capture()
    capture.run(text, name: path)
    let printed = capture.output.value.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init).dropLast()
    #expect(Array(printed) == lines)
    #expect(Self.diagnostics(capture.errors.value) == diagnostics, "\(capture.errors.value)")
  }

  /// `error[E0101] at 1:2` for each diagnostic of a rendered report.
  static func diagnostics(_ report: String) -> [String] {
    var found: [String] = []
    for line in report.split(separator: "\n") {
      if line.hasPrefix("error[") || line.hasPrefix("warning["), let end = line.firstIndex(of: "]")
      {
        found.append(String(line[...end]))
      } else if let arrow = line.range(of: "--> "), let last = found.last, !last.contains(" at ") {
        let place = line[arrow.upperBound...].split(separator: ":").suffix(2)
        found[found.count - 1] = "\(last) at \(place.joined(separator: ":"))"
      }
    }
    return found
  }
}
