import MDMRuntime
import MDMSession
import MDMSyntax

/// The open documents, the files around them, and what is known of each.
final class Workspace {
  let session: Session
  /// The folders that the editor has open.
  var folders: [String] = []
  private(set) var documents: [String: Document] = [:]
  private let environment: LanguageServer.Environment
  /// Counts all changes of all files.
  private var generation = 0
  private var analyses: [String: (generation: Int, revision: Int, analysis: Analysis)] = [:]
  private var indexes: [String: (text: [UInt8], index: SymbolIndex)] = [:]

  init(_ session: Session, _ environment: LanguageServer.Environment) {
    self.session = session
    self.environment = environment
  }

  // MARK: Documents

  /// The name of a document: the path of a file, the URI of anything else.
  static func name(_ uri: String) -> String { FileURI.path(uri) ?? uri }

  func document(_ uri: String) -> Document? { documents[Self.name(uri)] }

  func open(_ document: Document) {
    generation += 1
    documents[document.name] = document
    analyses[document.name] = nil
  }

  func close(_ uri: String) -> Document? {
    generation += 1
    let name = Self.name(uri)
    analyses[name] = nil
    return documents.removeValue(forKey: name)
  }

  func change(_ name: String, _ body: (inout Document) throws(RequestError) -> Void)
    throws(RequestError)
  {
    guard var document = documents[name] else { return }
    generation += 1
    defer { documents[name] = document }
    try body(&document)
  }

  /// Files may have changed on the disk.
  func invalidate() { generation += 1 }

  // MARK: What is known

  /// What is known of an open document; found out when it is asked for.
  func analysis(_ document: Document) -> Analysis {
    if let known = analyses[document.name], known.revision == document.revision,
      known.generation == generation || known.analysis.tree.uses.allSatisfy({ !$0.isPath })
    {
      return known.analysis
    }
    // A text that is too long counts as empty.
    let isTooLong = document.source.bytes.count > LanguageServer.maximumText
    let source = isTooLong ? SourceText(name: document.name, text: "") : document.source
    let analysis = session.analyse(source) { [self] name throws(ScriptError) in
      if let open = documents[name] { return String(decoding: open.source.bytes, as: UTF8.self) }
      return try FileText.read(name)
    }
    analyses[document.name] = (generation, document.revision, analysis)
    return analysis
  }

  /// What the names of a file stand for, open or not; nil where there is no such file.
  func index(of name: String) -> SymbolIndex? {
    if let document = documents[name] { return analysis(document).index }
    let text: String
    if let standard = session.standardModule(name) {
      text = standard
    } else if let read = try? FileText.read(name), read.utf8.count <= LanguageServer.maximumText {
      text = read
    } else {
      return nil
    }
    let source = SourceText(name: name, text: text)
    if let known = indexes[name], known.text == source.bytes { return known.index }
    let index = session.index(source)
    indexes[name] = (source.bytes, index)
    return index
  }

  /// The name of the module that a declaration of a file comes from.
  func moduleName(_ origin: Declaration.Origin, usedBy file: String) -> String {
    session.moduleName(origin.module, isPath: origin.isPath, usedBy: file)
  }

  /// The declaration that an imported name, or a member of a module, stands for in its own file.
  func exported(_ member: String, _ origin: Declaration.Origin, usedBy file: String) -> Definition?
  {
    guard let index = index(of: moduleName(origin, usedBy: file)),
      let declaration = index.exported(member)
    else { return nil }
    return Definition(index: index, declaration: declaration)
  }

  /// Whether a word occurs anywhere in a file.
  func text(of name: String, contains word: String) -> Bool {
    if let document = documents[name] { return Self.contains(document.source.bytes, word) }
    guard let text = try? FileText.read(name) else { return false }
    return Self.contains(Array(text.utf8), word)
  }

  private static func contains(_ bytes: [UInt8], _ word: String) -> Bool {
    let wanted = Array(word.utf8)
    guard let first = wanted.first, bytes.count >= wanted.count else { return false }
    for start in 0...(bytes.count - wanted.count) where bytes[start] == first {
      if bytes[start..<(start + wanted.count)].elementsEqual(wanted) { return true }
    }
    return false
  }

  // MARK: Places

  /// The URI of a file by its name; nil for what the editor cannot open.
  func uri(of name: String) -> String? {
    if let document = documents[name] { return document.uri }
    if let text = session.standardModule(name) {
      return environment.embeddedFile(name, text).map(FileURI.uri)
    }
    return name.hasPrefix("/") ? FileURI.uri(name) : nil
  }

  /// The names of all scripts that are open or lie in the folders.
  func scripts() -> [String] {
    var names = Set(documents.keys)
    for folder in folders { names.formUnion(FolderScripts.below(folder)) }
    return names.sorted()
  }
}

/// A declaration and the file that it stands in.
struct Definition {
  let index: SymbolIndex
  let declaration: Declaration

  var file: String { index.source.name }
}
