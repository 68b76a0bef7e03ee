import MDMJSON
import MDMSession
import MDMSyntax

/// The language server as a machine: messages in, messages out.
///
/// It reads and writes no streams; the executable does that. Messages are handled in their order,
/// one after the other; what a later message of the same batch cancels is not begun.
///
/// Source: Language Server Protocol 3.17.
public final class LanguageServer {
  /// What the server is given from outside.
  public struct Environment {
    /// The version that the client is told.
    public var version: String
    /// Gives the path of a file with a text that the executable holds, such as a module of the
    /// standard library, so that editors can open it; nil where that is not possible.
    public var embeddedFile: (_ name: String, _ text: String) -> String?
    /// The text of a file, formatted; nil where it cannot be. Without it formatting is not offered.
    public var format: ((SourceText) -> String?)?

    public init(
      version: String, embeddedFile: @escaping (String, String) -> String? = { _, _ in nil },
      format: ((SourceText) -> String?)? = nil
    ) {
      self.version = version
      self.embeddedFile = embeddedFile
      self.format = format
    }
  }

  private enum State { case created, running, shutDown }

  /// Longer texts, in bytes, are kept but not looked into.
  public static let maximumText = 4 << 20

  /// The status to end the process with, once the client has asked for that.
  public private(set) var exitStatus: Int32?
  /// Whether the client has asked the server to shut down.
  public var isShutDown: Bool { state == .shutDown }
  let environment: Environment
  let workspace: Workspace
  var client = ClientCapabilities(.null)
  private var state = State.created
  private var outgoing: [JSONNode] = []
  private var cancelled: [JSONNode] = []
  /// What the client was last told about each document.
  var published: [String: JSONNode] = [:]
  private var requestCount = 0

  public init(_ environment: Environment) {
    self.environment = environment
    workspace = Workspace(
      Session(SessionOptions(output: { _ in }, errorOutput: { _ in })), environment)
  }

  var session: Session { workspace.session }

  /// Handles what has arrived and gives what is to be sent.
  public func receive(_ items: [MessageDecoder.Item]) -> [JSONNode] {
    cancelled = items.compactMap {
      guard case .message(let message) = $0, message["method"]?.text == "$/cancelRequest" else {
        return nil
      }
      return message.at("params", "id")
    }
    for item in items where exitStatus == nil {
      switch item {
      case .message(let message): handle(message)
      case .unreadable(let reason):
        send(RequestError(.parseError, reason).response(to: .null))
      case .invalid(let reason):
        send(RequestError(.invalidRequest, reason).response(to: .null))
      }
    }
    if state == .running, exitStatus == nil { publishDiagnostics() }
    defer { outgoing = [] }
    return outgoing
  }

  // MARK: Sending

  func send(_ message: JSONNode) { outgoing.append(message) }

  func notify(_ method: String, _ params: JSONNode) {
    send(["jsonrpc": "2.0", "method": .string(method), "params": params])
  }

  private func request(_ method: String, _ params: JSONNode) {
    requestCount += 1
    send([
      "jsonrpc": "2.0", "id": .string("mdm-\(requestCount)"), "method": .string(method),
      "params": params,
    ])
  }

  // MARK: Dispatch

  private func handle(_ message: JSONNode) {
    guard case .object = message, message["jsonrpc"]?.text == "2.0" else {
      send(RequestError(.invalidRequest, "this is no JSON-RPC 2.0 message").response(to: .null))
      return
    }
    let id = message["id"]
    guard let method = message["method"]?.text else {
      // An answer to what the server has asked; none of its questions needs one.
      if id != nil, message["result"] != nil || message["error"] != nil { return }
      send(RequestError(.invalidRequest, "the message has no method").response(to: id ?? .null))
      return
    }
    let params = message["params"] ?? .null
    guard let id else {
      notification(method, params)
      return
    }
    guard id.text != nil || id.number != nil else {
      send(RequestError(.invalidRequest, "an id is a number or a string").response(to: .null))
      return
    }
    do throws(RequestError) {
      if cancelled.contains(id) { throw RequestError(.requestCancelled, "cancelled") }
      let result = try answer(method, params)
      send(["jsonrpc": "2.0", "id": id, "result": result])
    } catch {
      send(error.response(to: id))
    }
  }

  private func answer(_ method: String, _ params: JSONNode) throws(RequestError) -> JSONNode {
    switch state {
    case .created where method == "initialize": return initialize(params)
    case .created:
      throw RequestError(.serverNotInitialized, "the first request is `initialize`")
    case .running where method == "initialize":
      throw RequestError(.invalidRequest, "`initialize` is asked for once")
    case .running where method == "shutdown":
      state = .shutDown
      return .null
    case .running: break
    case .shutDown: throw RequestError(.invalidRequest, "the server is shut down")
    }
    switch method {
    case "textDocument/hover": return try hover(params)
    case "textDocument/definition": return try definition(params)
    case "textDocument/references": return try references(params)
    case "textDocument/documentHighlight": return try highlights(params)
    case "textDocument/documentSymbol": return try outline(params)
    case "textDocument/codeAction": return try codeActions(params)
    case "textDocument/foldingRange": return try folding(params)
    case "textDocument/completion": return try completion(params)
    case "textDocument/signatureHelp": return try signatureHelp(params)
    case "textDocument/prepareRename": return try prepareRename(params)
    case "textDocument/rename": return try rename(params)
    case "textDocument/formatting" where environment.format != nil:
      return try formatting(params)
    default: throw RequestError(.methodNotFound, "there is no method `\(method)`")
    }
  }

  private func notification(_ method: String, _ params: JSONNode) {
    if method == "exit" {
      exitStatus = state == .shutDown ? 0 : 1
      return
    }
    guard state == .running else { return }
    do throws(RequestError) {
      switch method {
      case "initialized": watchFiles()
      case "textDocument/didOpen": try didOpen(params)
      case "textDocument/didChange": try didChange(params)
      case "textDocument/didClose": try didClose(params)
      case "textDocument/didSave", "workspace/didChangeWatchedFiles": workspace.invalidate()
      case "workspace/didChangeWorkspaceFolders": changeFolders(params)
      // Others need not be known: the protocol lets a server pass over notifications.
      default: break
      }
    } catch {
      notify("window/logMessage", ["type": 1, "message": .string("\(method): \(error.message)")])
    }
  }

  // MARK: Lifecycle

  private func initialize(_ params: JSONNode) -> JSONNode {
    state = .running
    client = ClientCapabilities(params)
    let folders = params["workspaceFolders"]?.elements?.compactMap { $0["uri"]?.text }
    let root = params["rootUri"]?.text.map { [$0] }
    workspace.folders = (folders ?? root ?? []).compactMap(FileURI.path)
    var capabilities: JSONNode = [
      "positionEncoding": .string(client.encoding.rawValue),
      "textDocumentSync": ["openClose": true, "change": 2, "save": ["includeText": false]],
      "hoverProvider": true, "definitionProvider": true, "referencesProvider": true,
      "documentHighlightProvider": true, "documentSymbolProvider": true,
      "foldingRangeProvider": true,
      "completionProvider": ["triggerCharacters": ["."]],
      "signatureHelpProvider": [
        "triggerCharacters": ["(", ","], "retriggerCharacters": [":", ")"],
      ],
      "renameProvider": client.asksBeforeRename ? ["prepareProvider": true] : true,
      "workspace": ["workspaceFolders": ["supported": true, "changeNotifications": true]],
    ]
    if client.takesCodeActions {
      capabilities = capabilities.adding("codeActionProvider", ["codeActionKinds": ["quickfix"]])
    }
    if environment.format != nil {
      capabilities = capabilities.adding("documentFormattingProvider", true)
    }
    return [
      "capabilities": capabilities,
      "serverInfo": ["name": "mdm", "version": .string(environment.version)],
    ]
  }

  private func watchFiles() {
    guard client.registersWatchers else { return }
    request(
      "client/registerCapability",
      [
        "registrations": [
          [
            "id": "scripts", "method": "workspace/didChangeWatchedFiles",
            "registerOptions": ["watchers": [["globPattern": "**/*.mdm"]]],
          ]
        ]
      ])
  }

  private func changeFolders(_ params: JSONNode) {
    func paths(_ name: String) -> [String] {
      (params.at("event", name)?.elements ?? []).compactMap {
        $0["uri"]?.text.flatMap(FileURI.path)
      }
    }
    let removed = paths("removed")
    workspace.folders = workspace.folders.filter { !removed.contains($0) } + paths("added")
  }

  // MARK: Documents

  private func didOpen(_ params: JSONNode) throws(RequestError) {
    guard let item = params["textDocument"], let uri = item["uri"]?.text,
      let text = item["text"]?.text
    else { throw RequestError(.invalidParams, "there is no uri or no text") }
    workspace.open(
      Document(
        uri: uri, name: Workspace.name(uri), version: item["version"]?.integer, text: text))
  }

  private func didChange(_ params: JSONNode) throws(RequestError) {
    let document = try document(params)
    let changes = params["contentChanges"]?.elements ?? []
    let encoding = client.encoding
    let version = params.at("textDocument", "version")?.integer
    try workspace.change(document.name) { document throws(RequestError) in
      document.version = version ?? document.version
      try document.apply(changes, encoding)
    }
  }

  private func didClose(_ params: JSONNode) throws(RequestError) {
    let uri = try document(params).uri
    _ = workspace.close(uri)
    if published.removeValue(forKey: uri).map({ $0 != [] }) ?? false {
      notify("textDocument/publishDiagnostics", ["uri": .string(uri), "diagnostics": []])
    }
  }

  /// The open document that parameters are about.
  func document(_ params: JSONNode) throws(RequestError) -> Document {
    guard let uri = params.at("textDocument", "uri")?.text else {
      throw RequestError(.invalidParams, "there is no textDocument.uri")
    }
    guard let document = workspace.document(uri) else {
      throw RequestError(.invalidParams, "\(uri) is not open")
    }
    return document
  }

  /// The open document and the byte offset that parameters are about.
  func place(_ params: JSONNode) throws(RequestError) -> (document: Document, offset: Int) {
    let document = try document(params)
    guard let position = params["position"], let offset = document.offset(position, client.encoding)
    else { throw RequestError(.invalidParams, "there is no valid position") }
    return (document, offset)
  }
}
