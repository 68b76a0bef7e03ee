import Foundation
import MDMJSON
import MDMLanguageServer
import Testing

/// The client's side of a server that runs in the same process: JSON in, JSON out.
final class Client {
  let server: LanguageServer
  /// What the server has sent besides answers.
  private(set) var received: [JSONNode] = []
  private var count = 0

  /// A client that is initialized, with these capabilities as JSON.
  init(
    _ capabilities: String = Client.capabilities, folder: String? = nil,
    environment: LanguageServer.Environment = LanguageServer.Environment(version: "test")
  ) throws {
    server = LanguageServer(environment)
    let folders = folder.map { #"[{"uri": "file://\#($0)", "name": "f"}]"# } ?? "null"
    try request(
      "initialize",
      #"{"processId": null, "rootUri": null, "workspaceFolders": \#(folders), "capabilities": \#(capabilities)}"#
    )
    try notify("initialized", "{}")
  }

  /// What a capable editor says.
  static let capabilities = """
    {"textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]},
      "completion": {"completionItem": {"documentationFormat": ["markdown"]}},
      "publishDiagnostics": {"relatedInformation": true, "codeDescriptionSupport": true},
      "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
      "documentSymbol": {"hierarchicalDocumentSymbolSupport": true},
      "rename": {"prepareSupport": true}}}
    """

  /// Sends messages as one batch and gives all that comes back.
  @discardableResult
  func send(_ messages: String...) throws -> [JSONNode] {
    let replies = server.receive(
      try messages.map { .message(try JSONNode(parsing: Array($0.utf8))) })
    received += replies.filter { $0["method"] != nil }
    return replies
  }

  func notify(_ method: String, _ params: String) throws {
    try send(#"{"jsonrpc": "2.0", "method": "\#(method)", "params": \#(params)}"#)
  }

  /// The whole answer to a request.
  @discardableResult
  func answer(_ method: String, _ params: String) throws -> JSONNode {
    count += 1
    let id = count
    let replies = try send(
      #"{"jsonrpc": "2.0", "id": \#(id), "method": "\#(method)", "params": \#(params)}"#)
    return try #require(replies.first { $0["method"] == nil && $0["id"]?.integer == id })
  }

  /// The result of a request that must not fail.
  @discardableResult
  func request(_ method: String, _ params: String) throws -> JSONNode {
    let answer = try answer(method, params)
    return try #require(answer["result"], "\(answer)")
  }

  /// The message of the error that a request ends with.
  func error(_ method: String, _ params: String) throws -> String {
    try #require(try answer(method, params)["error"]?["message"]?.text)
  }
}

/// A text with marks `¦` at the places that a test asks about.
struct Marked {
  let text: String
  /// In UTF-16 units, as the protocol counts where nothing else is agreed.
  let places: [(line: Int, character: Int)]

  init(_ marked: String) {
    var places: [(line: Int, character: Int)] = []
    var (line, character) = (0, 0)
    for scalar in marked.unicodeScalars {
      switch scalar {
      case "¦": places.append((line, character))
      case "\n": (line, character) = (line + 1, 0)
      default: character += scalar.utf16.count
      }
    }
    self.places = places
    text = marked.replacingOccurrences(of: "¦", with: "")
  }
}

/// A document of a client with marked places.
struct OpenDocument {
  let client: Client
  let uri: String
  let marked: Marked

  init(_ client: Client, _ marked: String, uri: String = "file:///t/main.mdm") throws {
    self.client = client
    self.uri = uri
    self.marked = Marked(marked)
    try client.notify(
      "textDocument/didOpen",
      #"{"textDocument": {"uri": "\#(uri)", "languageId": "mdm", "version": 1, "text": \#(JSONNode.quoted(self.marked.text))}}"#
    )
  }

  /// The parameters of a request about a marked place.
  func params(_ index: Int = 0, _ more: String = "") -> String {
    let place = marked.places[index]
    return
      #"{"textDocument": {"uri": "\#(uri)"}, "position": {"line": \#(place.line), "character": \#(place.character)}\#(more.isEmpty ? "" : ", " + more)}"#
  }

  func request(_ method: String, at index: Int = 0, _ more: String = "") throws -> JSONNode {
    try client.request("textDocument/\(method)", params(index, more))
  }

  func error(_ method: String, at index: Int = 0, _ more: String = "") throws -> String {
    try client.error("textDocument/\(method)", params(index, more))
  }

  /// The diagnostics that the client was told last.
  var diagnostics: [JSONNode] {
    let sent = client.received.last {
      $0["method"]?.text == "textDocument/publishDiagnostics" && $0["params"]?["uri"]?.text == uri
    }
    return sent?["params"]?["diagnostics"]?.elements ?? []
  }

  var codes: [String] { diagnostics.compactMap { $0["code"]?.text } }
}

extension JSONNode {
  /// `line:character-line:character` of a range.
  var rangeText: String {
    func place(_ node: JSONNode?) -> String {
      "\(node?["line"]?.integer ?? -1):\(node?["character"]?.integer ?? -1)"
    }
    return "\(place(self["start"]))-\(place(self["end"]))"
  }

  /// The labels of completion items.
  var labels: [String] { elements?.compactMap { $0["label"]?.text } ?? [] }

  /// The text of a hover.
  var hoverText: String { self["contents"]?["value"]?.text ?? "" }
}

/// A new folder with scripts, gone after the test.
final class ScriptFolder {
  let path: String

  init(_ files: [String: String]) throws {
    let url = FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    // Links on the way, as on macOS, would give one file two names.
    path = url.resolvingSymlinksInPath().path
    for (name, text) in files { try write(name, text) }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
  }

  func uri(_ name: String) -> String { "file://\(path)/\(name)" }
}
