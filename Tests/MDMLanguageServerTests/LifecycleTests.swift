import MDMJSON
import MDMLanguageServer
import Testing

@Suite struct LifecycleTests {
  private func code(_ replies: [JSONNode]) -> Int? { replies.first?["error"]?["code"]?.integer }

  private func raw(_ server: LanguageServer, _ messages: String...) throws -> [JSONNode] {
    server.receive(try messages.map { .message(try JSONNode(parsing: Array($0.utf8))) })
  }

  @Test func nothingIsAnsweredBeforeInitialize() throws {
    let server = LanguageServer(.init(version: "test"))
    let early = try raw(server, #"{"jsonrpc":"2.0","id":1,"method":"textDocument/hover"}"#)
    #expect(code(early) == -32002)
    #expect(try raw(server, #"{"jsonrpc":"2.0","method":"textDocument/didOpen"}"#).isEmpty)
  }

  @Test func initializeIsAskedForOnce() throws {
    let client = try Client()
    let answer = try client.answer("initialize", #"{"capabilities": {}}"#)
    #expect(answer["error"]?["code"]?.integer == -32600)
  }

  @Test func shutdownAndExitEndWithSuccess() throws {
    let client = try Client()
    #expect(try client.request("shutdown", "null") == .null)
    #expect(try client.answer("textDocument/hover", "{}")["error"]?["code"]?.integer == -32600)
    #expect(client.server.exitStatus == nil)
    try client.notify("exit", "null")
    #expect(client.server.exitStatus == 0)
  }

  @Test func exitWithoutShutdownIsAFailure() throws {
    let client = try Client()
    try client.notify("exit", "null")
    #expect(client.server.exitStatus == 1)
  }

  @Test func unknownRequestsAreRefusedAndUnknownNotificationsPassedOver() throws {
    let client = try Client()
    #expect(try client.answer("workspace/symbol", "{}")["error"]?["code"]?.integer == -32601)
    #expect(try client.answer("$/unknown", "{}")["error"]?["code"]?.integer == -32601)
    #expect(
      try client.send(#"{"jsonrpc":"2.0","method":"$/setTrace","params":{"value":"off"}}"#).isEmpty)
  }

  @Test(arguments: [
    "[]", "1", "{}", #"{"jsonrpc":"1.0","id":1,"method":"shutdown"}"#, #"{"jsonrpc":"2.0","id":1}"#,
    #"{"jsonrpc":"2.0","id":[1],"method":"shutdown"}"#,
  ])
  func whatIsNoMessageIsInvalid(_ text: String) throws {
    #expect(code(try Client().send(text)) == -32600)
  }

  @Test func whatIsNoJSONIsAParseError() throws {
    let client = try Client()
    let replies = client.server.receive([.unreadable("no")])
    #expect(code(replies) == -32700 && replies.first?["id"] == .null)
  }

  @Test func answersOfTheClientArePassedOver() throws {
    #expect(try Client().send(#"{"jsonrpc":"2.0","id":"mdm-1","result":null}"#).isEmpty)
  }

  @Test func whatIsCancelledInTheSameBatchIsNotBegun() throws {
    let client = try Client()
    let replies = try client.send(
      #"{"jsonrpc":"2.0","id":"a","method":"workspace/symbol"}"#,
      #"{"jsonrpc":"2.0","id":"b","method":"workspace/symbol"}"#,
      #"{"jsonrpc":"2.0","method":"$/cancelRequest","params":{"id":"a"}}"#)
    #expect(replies.map { $0["error"]?["code"]?.integer } == [-32800, -32601])
  }

  @Test func theEncodingIsUTF8OnlyWhereTheClientOffersIt() throws {
    let server = LanguageServer(.init(version: "test"))
    let replies = try raw(
      server,
      #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"capabilities":{"general":{"positionEncodings":["utf-16","utf-8"]}}}}"#
    )
    let capabilities = replies.first?["result"]?["capabilities"]
    #expect(capabilities?["positionEncoding"]?.text == "utf-8")
    #expect(capabilities?["documentFormattingProvider"] == nil, "there is no formatter here")
  }

  @Test func changesOfFilesAreWatchedWhereTheClientCan() throws {
    let client = try Client(
      #"{"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}}"#)
    #expect(client.received.map { $0["method"]?.text } == ["client/registerCapability"])
  }

  @Test(arguments: [
    "{}", #"{"textDocument": {"uri": "file:///nowhere.mdm"}}"#, "null", "[]",
    #"{"textDocument": {"uri": 3}, "position": {"line": -1}}"#,
  ])
  func badParametersAreRefused(_ params: String) throws {
    for method in [
      "hover", "definition", "references", "documentHighlight", "documentSymbol", "foldingRange",
      "completion", "signatureHelp", "prepareRename",
    ] {
      let answer = try Client().answer("textDocument/\(method)", params)
      #expect(answer["error"]?["code"]?.integer == -32602, "\(method)")
    }
  }
}
