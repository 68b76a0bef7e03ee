import Foundation
import MDMJSON
import MDMLanguageServer
import MDMSyntax
import Testing

@Suite struct EditorFileTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test(arguments: EditorFiles.all.map(\.path)) func committedFilesAreCurrent(_ path: String) throws
  {
    let file = Self.root.appending(path: path)
    let expected = EditorFiles.all.first { $0.path == path }?.text
    #expect(
      try String(contentsOf: file, encoding: .utf8) == expected, "run mdm editors .")
  }

  @Test func theGrammarIsJSONWithPatternsThatCompile() throws {
    let text = try #require(EditorFiles.all.first { $0.path.hasSuffix(".json") }?.text)
    let grammar = try JSONNode(parsing: Array(text.utf8))
    var patterns: [String] = []
    func collect(_ node: JSONNode) {
      for member in node.members ?? [] {
        if ["match", "begin", "end", "firstLineMatch"].contains(member.name),
          let pattern = member.value.text
        {
          patterns.append(pattern)
        }
        collect(member.value)
      }
      for element in node.elements ?? [] { collect(element) }
    }
    collect(grammar)
    #expect(patterns.count > 30)
    for pattern in patterns {
      #expect(throws: Never.self) { try NSRegularExpression(pattern: pattern) }
    }
  }

  @Test func everyReservedWordHasOnePlace() {
    let groups = [
      Vocabulary.constants, Vocabulary.wordOperators, Vocabulary.declarations, Vocabulary.control,
    ]
    #expect(groups.joined().count == Keyword.allCases.count)
    #expect(Set(groups.joined()) == Set(Keyword.allCases))
  }
}
