import MDMJSON
import MDMSession
import MDMSyntax

/// What `mdm check` says, sent to the editor.
extension LanguageServer {
  /// Tells the client about each document whose diagnostics have changed.
  func publishDiagnostics() {
    for document in workspace.documents.values.sorted(by: { $0.uri < $1.uri }) {
      let list = diagnostics(document)
      guard published[document.uri] != list else { continue }
      published[document.uri] = list
      let params: JSONNode = ["uri": .string(document.uri), "diagnostics": list]
      notify(
        "textDocument/publishDiagnostics",
        params.adding("version", document.version.map(JSONNode.int)))
    }
  }

  private func diagnostics(_ document: Document) -> JSONNode {
    guard document.source.bytes.count <= Self.maximumText else {
      return [
        [
          "range": range(Span(0, 0), in: document.lines), "severity": 3, "source": "mdm",
          "message": .string("longer than \(Self.maximumText >> 20) MB: the file is not checked"),
        ]
      ]
    }
    let analysis = workspace.analysis(document)
    return .array(analysis.diagnostics.map { node($0, document, analysis.tree) })
  }

  private func node(_ diagnostic: Diagnostic, _ document: Document, _ tree: SyntaxTree) -> JSONNode
  {
    var related: [(place: JSONNode?, message: String)] = []
    var message = diagnostic.message
    var span = Span(0, 0)
    if let place = diagnostic.place {
      if place.source === document.source {
        span = place.span
      } else {
        // The fault lies in a module: it shows where the module is used.
        span = use(of: place.source.name, tree, document)
        let position = place.source.position(of: Int(place.span.start))
        message = "\(place.source.name):\(position.line):\(position.column): \(message)"
        related.append((location(place.span, in: place.source), diagnostic.message))
      }
      for span in diagnostic.related {
        related.append((location(span, in: place.source), "it is declared here"))
      }
    }
    for note in diagnostic.notes { message += "\n\(note)" }
    if let hint = diagnostic.hint { message += "\nhint: \(hint)" }
    var node: JSONNode = [
      "range": range(span, in: document.lines),
      "severity": .int(Self.severity(diagnostic.severity)), "code": .string(diagnostic.code),
      "source": "mdm", "message": .string(message),
    ]
    if client.linksCodes, let page = Self.page(diagnostic.code),
      let path = environment.embeddedFile("explanations/\(diagnostic.code).md", page)
    {
      node = node.adding("codeDescription", ["href": .string(FileURI.uri(path))])
    }
    if Self.unnecessary.contains(diagnostic.code) { node = node.adding("tags", [1]) }
    let places = related.compactMap { entry -> JSONNode? in
      entry.place.map { ["location": $0, "message": .string(entry.message)] }
    }
    if client.showsRelatedInformation, !places.isEmpty {
      node = node.adding("relatedInformation", .array(places))
    }
    return node
  }

  /// What `mdm explain` says about a code, in Markdown.
  private static func page(_ code: String) -> String? {
    guard let entry = Explanations.entry(code) else { return nil }
    var text = "# \(entry.code): \(entry.title)\n\n\(entry.explanation)\n"
    for (label, example) in [("Wrong", entry.wrong), ("Right", entry.right)] where !example.isEmpty
    {
      text += "\n\(label):\n\n```mdm\n\(example)\n```\n"
    }
    return text
  }

  // MARK: Fixes

  /// The fixes of the diagnostics in a range.
  func codeActions(_ params: JSONNode) throws(RequestError) -> JSONNode {
    let document = try document(params)
    guard let start = params.at("range", "start").flatMap({ document.offset($0, client.encoding) }),
      let end = params.at("range", "end").flatMap({ document.offset($0, client.encoding) })
    else { throw RequestError(.invalidParams, "there is no valid range") }
    if let kinds = params.at("context", "only")?.elements,
      !kinds.contains(where: { $0 == "quickfix" || $0 == "" })
    {
      return []
    }
    let analysis = workspace.analysis(document)
    var actions: [JSONNode] = []
    for diagnostic in analysis.diagnostics {
      guard let place = diagnostic.place, place.source === document.source,
        Int(place.span.start) <= end, start <= Int(place.span.end)
      else { continue }
      for fix in diagnostic.fixes {
        let edit: JSONNode = [
          "range": range(fix.span, in: document.lines), "newText": .string(fix.replacement),
        ]
        let changes = JSONNode.object([.init(name: document.uri, value: [edit])])
        actions.append([
          "title": .string(fix.title), "kind": "quickfix",
          "diagnostics": [node(diagnostic, document, analysis.tree)],
          "isPreferred": .bool(diagnostic.fixes.count == 1), "edit": ["changes": changes],
        ])
      }
    }
    return .array(actions)
  }

  // MARK: Places

  /// Codes about what could be left out; editors show it faded.
  private static let unnecessary: Set<String> = ["W0302", "W0303", "W0305"]

  private static func severity(_ severity: Diagnostic.Severity) -> Int {
    switch severity {
    case .error: 1
    case .warning: 2
    case .note: 3
    }
  }

  /// Where a document uses a module, or else the first one that may lead to it.
  private func use(of name: String, _ tree: SyntaxTree, _ document: Document) -> Span {
    let uses = tree.uses
    let direct = uses.first {
      session.moduleName($0.module.text, isPath: $0.isPath, usedBy: document.name) == name
    }
    return (direct ?? uses.first { $0.isPath } ?? uses.first)?.module.span ?? Span(0, 0)
  }
}
