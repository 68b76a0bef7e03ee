import Foundation
import Testing

@Suite struct LanguageServerCommandTests {
  private func message(_ json: String) -> String {
    "Content-Length: \(json.utf8.count)\r\n\r\n\(json)"
  }

  private static let initialize =
    #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{}}}"#

  @Test func itAnswersOnStandardStreamsAndExits() throws {
    let result = try Executable.run(
      ["lsp"],
      input: [
        Self.initialize, #"{"jsonrpc":"2.0","method":"initialized","params":{}}"#,
        #"{"jsonrpc":"2.0","method":"textDocument/didOpen","params":{"textDocument":{"uri":"file:///t/x.mdm","languageId":"mdm","version":1,"text":"prnt(1)"}}}"#,
        #"{"jsonrpc":"2.0","id":2,"method":"shutdown"}"#, #"{"jsonrpc":"2.0","method":"exit"}"#,
      ].map(message).joined())
    #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
    #expect(result.output.hasPrefix("Content-Length: "))
    #expect(result.output.contains("\"serverInfo\":{\"name\":\"mdm\""))
    // All came as one batch that ends with `shutdown`, after which nothing is published.
    #expect(result.output.hasSuffix(#"{"jsonrpc":"2.0","id":2,"result":null}"#))
  }

  @Test func itEndsWithItsInput() throws {
    let result = try Executable.run(["lsp", "--stdio"], input: message(Self.initialize))
    #expect(result.status == 1 && !result.wasSignalled, "nobody asked it to shut down")
    #expect(result.output.contains("\"id\":1"))
  }

  @Test func noiseIsAnsweredWithErrors() throws {
    let result = try Executable.run(
      ["lsp"], input: "Content-Length: 3\r\n\r\n{x}" + message(Self.initialize))
    #expect(result.output.contains("-32700") && result.output.contains("\"id\":1"))
  }
}
