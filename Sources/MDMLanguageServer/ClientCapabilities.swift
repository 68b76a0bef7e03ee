import MDMJSON

/// What the client says that it can do, as far as the server cares.
struct ClientCapabilities {
  let encoding: PositionEncoding
  let hoverIsMarkdown: Bool
  let documentationIsMarkdown: Bool
  let showsRelatedInformation: Bool
  let linksCodes: Bool
  let takesCodeActions: Bool
  let nestsSymbols: Bool
  let asksBeforeRename: Bool
  let registersWatchers: Bool

  /// - Parameter params: those of `initialize`.
  init(_ params: JSONNode) {
    let offered = params.at("capabilities", "general", "positionEncodings")?.elements ?? []
    encoding = offered.contains("utf-8") ? .utf8 : .utf16
    let text = params.at("capabilities", "textDocument") ?? .null
    hoverIsMarkdown = text.at("hover", "contentFormat")?.elements?.first == "markdown"
    documentationIsMarkdown =
      text.at("completion", "completionItem", "documentationFormat")?.elements?.first == "markdown"
    showsRelatedInformation = text.at("publishDiagnostics", "relatedInformation")?.isTrue ?? false
    linksCodes = text.at("publishDiagnostics", "codeDescriptionSupport")?.isTrue ?? false
    takesCodeActions = text.at("codeAction", "codeActionLiteralSupport") != nil
    nestsSymbols =
      text.at("documentSymbol", "hierarchicalDocumentSymbolSupport")?.isTrue ?? false
    asksBeforeRename = text.at("rename", "prepareSupport")?.isTrue ?? false
    registersWatchers =
      params.at("capabilities", "workspace", "didChangeWatchedFiles", "dynamicRegistration")?.isTrue
      ?? false
  }
}
