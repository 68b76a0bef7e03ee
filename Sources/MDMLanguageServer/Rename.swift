import MDMJSON
import MDMSyntax

/// Giving a declaration another name, everywhere or not at all.
extension LanguageServer {
  func prepareRename(_ params: JSONNode) throws(RequestError) -> JSONNode {
    guard let (index, occurrence) = try occurrence(params) else { return .null }
    _ = try renamed(occurrence.target, in: index)
    return [
      "range": range(occurrence.span, in: lines(of: index.source)),
      "placeholder": .string(index.source.text(occurrence.span)),
    ]
  }

  func rename(_ params: JSONNode) throws(RequestError) -> JSONNode {
    guard let newName = params["newName"]?.text else {
      throw RequestError(.invalidParams, "there is no newName")
    }
    guard let (index, occurrence) = try occurrence(params) else {
      throw RequestError(.requestFailed, "no name stands here")
    }
    let definition = try renamed(occurrence.target, in: index)
    let oldName = definition.declaration.name
    guard newName != oldName else { return ["changes": [:]] }
    try checkName(newName)
    var changes: [JSONNode.Member] = []
    for (index, references) in uses(of: occurrence.target, in: index) {
      // A name in what could not be read would be missed.
      guard session.sketch(index.source).faults == 0 else {
        throw RequestError(
          .requestFailed, "\(index.source.name) has syntax errors: mend them before renaming")
      }
      let edit = RenameEdit(index, references.map(\.span), from: oldName, to: newName)
      if let fault = edit.fault(session.index(edit.result)) {
        throw RequestError(.requestFailed, fault)
      }
      guard let uri = workspace.uri(of: index.source.name) else {
        throw RequestError(.requestFailed, "\(index.source.name) cannot be changed by the editor")
      }
      let lines = lines(of: index.source)
      changes.append(
        JSONNode.Member(
          name: uri,
          value: .array(
            edit.replacements.map {
              ["range": range($0.span, in: lines), "newText": .string($0.text)]
            })))
    }
    return ["changes": .object(changes)]
  }

  /// What a name stands for, if that can have another name.
  private func renamed(
    _ target: SymbolReference.Target, in index: SymbolIndex
  ) throws(RequestError) -> Definition {
    switch target {
    case .builtIn(let name), .argument(of: .builtIn, let name):
      throw RequestError(.requestFailed, "`\(name)` is built in and keeps its name")
    case .field(let name, _):
      throw RequestError(
        .requestFailed, "`\(name)` is a field or method of a value that only a run knows")
    case .unknown(let name):
      throw RequestError(.requestFailed, "`\(name)` is declared nowhere")
    default: break
    }
    guard let found = definition(of: target, in: index) else {
      throw RequestError(.requestFailed, "the declaration of this name cannot be found")
    }
    let declaration = found.declaration
    if found.file.hasPrefix("stdlib/") {
      throw RequestError(
        .requestFailed, "`\(declaration.name)` belongs to the standard library and keeps its name")
    }
    switch declaration.kind {
    case .seed: throw RequestError(.requestFailed, "`seed` has no other name here")
    case .test: throw RequestError(.requestFailed, "a test has no name that others use")
    case .field:
      throw RequestError(
        .requestFailed, "`\(declaration.name)` is a field, which other code may reach unseen")
    case .module where declaration.origin?.moduleSpan == declaration.span:
      throw RequestError(
        .requestFailed,
        "`\(declaration.name)` is the module's own name: write use \(declaration.name) as …")
    case .importedMember:
      throw RequestError(
        .requestFailed, "the module of `\(declaration.name)` cannot be read")
    default: return found
    }
  }

  private func checkName(_ name: String) throws(RequestError) {
    let tokens = Lexer.lex(SourceText(name: "name", text: name)).tokens
    guard tokens.count == 2, tokens[0].span == Span(0, name.utf8.count), let word = tokens[0].word,
      word == name
    else { throw RequestError(.requestFailed, "`\(name)` is no name") }
    if case .keyword = tokens[0].kind {
      throw RequestError(.requestFailed, "`\(name)` is a reserved word")
    }
    if name == "_" { throw RequestError(.requestFailed, "`_` is no name") }
    if isBuiltIn(name) {
      throw RequestError(.requestFailed, "`\(name)` is built in already: choose another name")
    }
  }
}

/// The changes of one file for a new name.
struct RenameEdit {
  let index: SymbolIndex
  /// In the order of the text.
  let replacements: [(span: Span, text: String)]
  private let oldName: String
  private let newName: String

  init(_ index: SymbolIndex, _ spans: [Span], from oldName: String, to newName: String) {
    self.index = index
    self.oldName = oldName
    self.newName = newName
    var list: [(span: Span, text: String)] = []
    for span in spans.sorted(by: { $0.start < $1.start }) where list.last?.span != span {
      // `{a}` binds the field `a`, so its key stays: `{a: b}`.
      let isShorthand = index.shorthands.contains(span.start)
      list.append((span, isShorthand ? "\(oldName): \(newName)" : newName))
    }
    replacements = list
  }

  /// The text after the change.
  var result: SourceText {
    var bytes: [UInt8] = []
    var at = 0
    for (span, text) in replacements {
      bytes += index.source.bytes[at..<Int(span.start)]
      bytes += text.utf8
      at = Int(span.end)
    }
    bytes += index.source.bytes[at...]
    return SourceText(name: index.source.name, text: String(decoding: bytes, as: UTF8.self))
  }

  /// Why the change is none that keeps every name's meaning; nil where it is.
  ///
  /// - Parameter after: what the names of the changed text stand for.
  func fault(_ after: SymbolIndex) -> String? {
    let renamed = Set(replacements.map(\.span.start))
    for declaration in index.declarations
    where declaration.isNamed && declaration.kind != .field
      && renamed.contains(declaration.span.start)
    {
      let twin = index.declarations.first {
        $0.name == newName && $0.scope == declaration.scope && $0.isNamed && $0.kind != .field
      }
      if let twin {
        return "`\(newName)` is declared already on line \(line(twin.span))"
      }
    }
    guard after.declarations.count == index.declarations.count,
      after.references.count == index.references.count
    else { return "`\(newName)` would change how the file is read" }
    for (before, now) in zip(index.references, after.references)
    where !isSame(before.target, now.target) {
      return "`\(index.source.text(before.span))` on line \(line(before.span)) "
        + "would stand for another `\(newName)`"
    }
    return nil
  }

  private func line(_ span: Span) -> Int { index.source.position(of: Int(span.start)).line }

  private func isSame(_ before: SymbolReference.Target, _ now: SymbolReference.Target) -> Bool {
    switch (before, now) {
    case (.declaration(let left), .declaration(let right)): left == right
    case (.member(of: let left, let old), .member(of: let right, let new)):
      left == right && isSame(old, new)
    case (.argument(of: let left, let old), .argument(of: let right, let new)):
      isSame(left, right) && isSame(old, new)
    default: before == now
    }
  }

  private func isSame(_ old: String, _ new: String) -> Bool {
    old == new || old == oldName && new == newName
  }
}
