import MDMSyntax
import Testing

@Suite struct CatalogueTests {
  static let withExamples = DiagnosticCatalogue.syntax.filter { !$0.wrong.isEmpty }

  @Test(arguments: withExamples.map(\.code))
  func theWrongExampleHasTheError(code: String) throws {
    let entry = try #require(DiagnosticCatalogue.syntax.entry(code))
    #expect(TreeText.check(entry.wrong).map(\.code) == [code])
  }

  @Test(arguments: withExamples.map(\.code))
  func theRightExampleHasNone(code: String) throws {
    let entry = try #require(DiagnosticCatalogue.syntax.entry(code))
    #expect(TreeText.check(entry.right).isEmpty)
  }

  @Test func allCodesAreExplainedAndDifferent() {
    let codes = DiagnosticCatalogue.syntax.map(\.code)
    #expect(Set(codes).count == codes.count)
    for entry in DiagnosticCatalogue.syntax {
      #expect(!entry.title.isEmpty && !entry.title.hasSuffix("."))
      #expect(entry.explanation.count > 30 && entry.explanation.hasSuffix("."))
    }
  }

  @Test func everyCodeOfTheSourcesIsInTheCatalogue() throws {
    let known = Set(DiagnosticCatalogue.syntax.map(\.code))
    let used = try SourceCodes.inModule()
    #expect(!used.isEmpty)
    #expect(used == known)
  }

  @Test func codesAreFoundInAnyCase() {
    #expect(DiagnosticCatalogue.syntax.entry("e0301")?.code == "E0301")
    #expect(DiagnosticCatalogue.syntax.entry("0301")?.code == "E0301")
    #expect(DiagnosticCatalogue.syntax.entry("E9999") == nil)
  }

  @Test func thePageShowsBothExamples() {
    let page = DiagnosticCode("E1", "title", "Text.", wrong: "a b", right: "a\nb").page
    #expect(page == "E1: title\n\nText.\n\nWrong:\n\n    a b\n\nRight:\n\n    a\n    b\n")
  }
}
