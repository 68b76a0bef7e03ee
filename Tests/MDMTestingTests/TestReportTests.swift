import Foundation
import FoundationXML
import MDMSyntax
import MDMTesting
import Testing

@Suite struct TestReportTests {
  private let found = outcomes(
    "test \"fine\" { }\ntest \"1 < 2 & # \\\"two\\\"\" { print(\"a<b>\\e[0m\")\n  assert 1 == 2 }\n",
    name: "a/b.mdm")

  private func text(_ report: any TestReport) -> String {
    var report = report
    var text = report.begin()
    var summary = TestSummary()
    for outcome in found {
      summary.add(outcome)
      text += report.add(outcome)
    }
    // Times differ from run to run.
    return (text + report.end(summary)).replacing(/[0-9]+(\.[0-9]+)? m?s\b/, with: "T")
  }

  @Test func peopleSeeWhatAFailingTestPrinted() {
    let expected = """
      a/b.mdm
      ✔ fine  T
      ✘ 1 < 2 & # "two"  T
        printed:
        | a<b>\u{1B}[0m
      error[E0450]: the assertion does not hold: 1 == 2
       --> a/b.mdm:3:10
        |
      3 |   assert 1 == 2 }
        |          ^^^^^^
      """
    #expect(text(TextTestReport()).hasPrefix(expected), "\(text(TextTestReport()))")
    #expect(text(TextTestReport()).hasSuffix("\n1 passed, 1 failed in T\n"))
  }

  @Test func harnessesReadTAP() {
    let lines = text(TAPTestReport()).split(separator: "\n").map(String.init)
    #expect(lines.first == "TAP version 14" && lines.last == "1..2")
    #expect(lines.contains("ok 1 - a/b.mdm: fine"))
    #expect(lines.contains("not ok 2 - a/b.mdm: 1 < 2 & \\# \"two\""))
    #expect(lines.contains("  code: E0450"))
    #expect(lines.contains("  output: \"a<b>\\u001b[0m\\n\""))
  }

  /// What a strict parser reads is what the tests said.
  @Test func serversReadJUnit() throws {
    let reader = XMLReader()
    let parser = XMLParser(data: Data(text(JUnitTestReport()).utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(parser.parserError?.localizedDescription ?? "")")
    #expect(reader.attributes["testsuites"]?["tests"] == "2")
    #expect(reader.attributes["testsuite"]?["name"] == "a/b.mdm")
    #expect(reader.attributes["testsuite"]?["failures"] == "1")
    #expect(reader.attributes["testcase"]?["name"] == "1 < 2 & # \"two\"")
    #expect(reader.attributes["testcase"]?["classname"] == "a.b")
    #expect(reader.attributes["failure"]?["message"] == "the assertion does not hold: 1 == 2")
    #expect(reader.texts["system-out"] == "a<b>\u{FFFD}[0m\n")
    #expect(reader.texts["failure"]?.contains("3 |   assert 1 == 2 }\n") ?? false)
  }

  @Test(arguments: [
    (0.0004, "0.4 ms"), (0.00996, "10 ms"), (0.0123, "12 ms"), (1.25, "1.25 s"), (12.34, "12.3 s"),
    (99.96, "100 s"), (2.005, "2.01 s"), (0, "0.0 ms"),
  ])
  func timesAreShort(_ seconds: Double, _ text: String) {
    #expect(TestSummary.duration(seconds) == text)
  }
}

/// The attributes and texts of the last element of each name.
private final class XMLReader: NSObject, XMLParserDelegate {
  var attributes: [String: [String: String]] = [:]
  var texts: [String: String] = [:]
  private var element = ""

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    element = name
    self.attributes[name] = attributes
    texts[name] = ""
  }

  func parser(_ parser: XMLParser, foundCharacters text: String) {
    texts[element, default: ""] += text
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    element = ""
  }
}
