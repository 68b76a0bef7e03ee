import MDMFormatter
import MDMSyntax
import Testing

/// What holds for every script: `Formatter` itself compares trees and comments, and says `refused`.
@Suite struct CorpusTests {
  @Test func thereAreScriptsAndExamples() {
    #expect(Corpus.scripts.count > 200)
    #expect(Corpus.examples.count > 3)
  }

  @Test func everyScriptKeepsItsMeaningAndFormatsToAFixedPoint() {
    for (path, text) in Corpus.scripts + Corpus.examples {
      guard let once = Corpus.format(text) else {
        Issue.record("\(path) is refused")
        continue
      }
      #expect(Corpus.format(once) == once, "\(path)")
    }
  }

  @Test func noLineOfAShippedScriptIsTooLongButForItsText() {
    for (path, text) in Corpus.scripts where !path.hasPrefix("Tests") {
      for line in text.split(separator: "\n") where line.count > 100 {
        #expect(line.contains("#") || line.contains("\""), "\(path): \(line)")
      }
    }
  }

  @Test(arguments: ["stdlib", "notebooks"])
  func shippedScriptsAreFormatted(_ folder: String) {
    for (path, text) in Corpus.scripts where path.hasPrefix(folder + "/") {
      #expect(Corpus.format(text) == text, "\(path): run mdm fmt \(path)")
    }
  }

  @Test func commentsBehindAnyTokenAreKept() { insertEverywhere(" # c\n") }

  @Test func commentsOnLinesOfTheirOwnAreKept() { insertEverywhere("\n# c\n") }

  @Test func lineEndsAnywhereComeToTheSameFixedPoint() { insertEverywhere("\n\n\n") }

  /// Puts a text behind every fifth token of every script, one at a time; where the result is still a
  /// script, it formats to a fixed point.
  private func insertEverywhere(_ inserted: String) {
    var count = 0
    for (path, text) in Corpus.scripts where text.utf8.count < 3000 {
      let source = SourceText(name: path, text: text)
      let bytes = source.bytes
      for (index, token) in Lexer.lex(source).tokens.enumerated() where index % 5 == 0 {
        let end = Int(token.span.end)
        let changed =
          String(decoding: bytes[..<end], as: UTF8.self) + inserted
          + String(decoding: bytes[end...], as: UTF8.self)
        guard Corpus.isCorrect(changed) else { continue }
        count += 1
        guard let once = Corpus.format(changed) else {
          Issue.record("\(path): refused with an insertion at byte \(end)")
          continue
        }
        if Corpus.format(once) != once {
          Issue.record("\(path): no fixed point with an insertion at byte \(end)")
        }
      }
    }
    #expect(count > 1000)
  }
}
