import Foundation
import MDMFormatter
import MDMSyntax

/// The scripts of the repository, and a shortcut for formatting.
enum Corpus {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// All scripts of the standard library, the notebooks and the tests, by their paths.
  static let scripts: [(path: String, text: String)] = {
    var found: [(path: String, text: String)] = []
    for folder in ["stdlib", "notebooks", "Tests/Scripts"] {
      let base = root.appending(path: folder)
      let names = FileManager.default.enumerator(atPath: base.path)?.allObjects as? [String] ?? []
      for name in names.sorted() where name.hasSuffix(".mdm") {
        guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else {
          continue
        }
        found.append((folder + "/" + name, text))
      }
    }
    return found
  }()

  /// The examples of the documents: what stands between ```mdm and ```.
  static let examples: [(path: String, text: String)] = {
    var found: [(path: String, text: String)] = []
    let base = root.appending(path: "docs")
    let names = FileManager.default.enumerator(atPath: base.path)?.allObjects as? [String] ?? []
    for name in names.sorted() where name.hasSuffix(".md") {
      guard let text = try? String(contentsOf: base.appending(path: name), encoding: .utf8) else {
        continue
      }
      for part in text.components(separatedBy: "```mdm\n").dropFirst() {
        found.append(("docs/" + name, part.components(separatedBy: "```")[0]))
      }
    }
    return found
  }()

  /// The formatted text; nil where it was refused, the text itself where it has syntax errors.
  static func format(_ text: String) -> String? {
    switch Formatter.format(SourceText(name: "test.mdm", text: text)) {
    case .formatted(let result): result
    case .rejected: text
    case .refused: nil
    }
  }

  /// Whether a text has no syntax errors.
  static func isCorrect(_ text: String) -> Bool {
    Parser.parse(SourceText(name: "test.mdm", text: text)).diagnostics.isEmpty
  }
}
