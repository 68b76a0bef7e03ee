import MDMBuiltins
import MDMDeclarations
import MDMRuntime
import MDMSyntax

extension SessionView {
  /// The names of all functions by family, both sorted.
  public var families: [(name: String, functions: [String])] {
    let groups = Dictionary(grouping: catalogue.functions, by: \.family)
    return groups.keys.sorted().map { ($0, groups[$0, default: []].map(\.name)) }
  }

  /// What stands at a cursor, or the function whose arguments are being written; nil where nothing
  /// is known of it.
  ///
  /// - Parameters:
  ///   - cursor: in Unicode scalars.
  ///   - isDetailed: adds the source.
  public func inspect(_ text: String, at cursor: Int, isDetailed: Bool = false) -> Presentation? {
    let before = String(text.unicodeScalars.prefix(max(0, cursor)))
    let source = SourceText(name: "input", text: text)
    var end = before.utf8.count
    while end < source.bytes.count, Self.isWordByte(source.bytes[end]) { end += 1 }
    let chain = Self.chain(source, before: end)
    if !chain.isEmpty, let page = help(chain.joined(separator: "."), isDetailed: isDetailed) {
      return page
    }
    let context = CursorContext(source, at: before.utf8.count)
    guard let call = context.call else { return nil }
    let meanings = callees(call, nil).map(\.signature)
    return meanings.isEmpty ? nil : Self.page(meanings, source: nil)
  }

  /// Help on a function, a module, `module.function`, a bound value or a field of one; nil where
  /// nothing has the name.
  ///
  /// - Parameter isDetailed: adds the source, where there is one.
  public func help(_ name: String, isDetailed: Bool = false) -> Presentation? {
    let chain = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard chain.allSatisfy({ !$0.isEmpty }), let first = chain.first else { return nil }
    if known(first) != nil { return help(onValue: chain, isDetailed: isDetailed) }
    if chain.count == 1 {
      let meanings = catalogue.meanings(of: name)
      if !meanings.isEmpty { return Self.page(meanings, source: nil) }
      if let functions = StandardModules.functions(of: name) {
        return module(name, functions, isDetailed: isDetailed)
      }
      return method(name)
    }
    guard chain.count == 2,
      let function = StandardModules.functions(of: first)?.first(where: { $0.name == chain[1] })
    else { return nil }
    let source = EmbeddedFiles.text("\(first).mdm").map {
      SourceText(name: "stdlib/\(first).mdm", text: $0)
    }
    return Self.page(
      [function], source: isDetailed ? source.flatMap { Self.declaration(of: chain[1], $0) } : nil)
  }

  /// Functions whose help has all of some words, those with a word in their name first.
  public func search(_ words: String) -> Presentation? {
    let wanted = words.lowercased().split { !$0.isLetter && !$0.isNumber && $0 != "_" }
    guard !wanted.isEmpty else { return nil }
    var found: [(rank: Int, name: String, summary: String)] = []
    func look(_ signature: FunctionSignature, _ name: String) {
      let title = name.lowercased()
      let parameters = signature.parameters.map { $0.name + " " + $0.help }
      let text =
        ([title, signature.summary, signature.details, signature.family] + parameters)
        .joined(separator: " ").lowercased()
      guard wanted.allSatisfy({ text.contains($0) }) else { return }
      let isNamed = wanted.contains { title.contains($0) }
      let isSummed = wanted.allSatisfy { signature.summary.lowercased().contains($0) }
      found.append((isNamed ? 0 : isSummed ? 1 : 2, name, signature.summary))
    }
    for signature in catalogue.functions { look(signature, signature.name) }
    for (module, functions) in StandardModules.all {
      for signature in functions { look(signature, "\(module).\(signature.name)") }
    }
    for (name, known) in bound {
      if case .function(let signature) = known.value { look(signature, name) }
    }
    guard !found.isEmpty else { return nil }
    let best = found.sorted { ($0.rank, $0.name) < ($1.rank, $1.name) }.prefix(Self.foundLimit)
    let rest = found.count - best.count
    return Self.list(
      best.map { ($0.name, $0.summary) }, foot: rest > 0 ? "… and \(rest) more" : nil)
  }

  private static let foundLimit = 30

  /// What inputs have bound, with types.
  func boundNames() -> Presentation {
    let bound = bound
    guard !bound.isEmpty else { return Presentation(text: "nothing is bound yet") }
    return Self.list(bound.map { ($0.name, $0.known.brief) }, foot: nil)
  }

  // MARK: Pages

  private func help(onValue chain: [String], isDetailed: Bool) -> Presentation? {
    let name = chain.joined(separator: ".")
    let bound = known(chain[0])
    guard let value = value(of: chain) else {
      // A method of the value that the chain leads to but for its last name.
      guard chain.count > 1, let owner = self.value(of: chain.dropLast()),
        let signature = catalogue.method(chain[chain.count - 1], ofType: owner.typeName)
      else { return nil }
      return Self.page([signature], source: nil)
    }
    let declared =
      isDetailed && chain.count == 1
      ? bound?.source.flatMap { Self.declaration(of: chain[0], $0) } : nil
    if case .function(let signature) = value { return Self.page([signature], source: declared) }
    var lines = ["\(name): \(value.typeName)"]
    switch value {
    case .domain(let object): lines.append(object.display(80))
    default:
      if chain.count == 1, let brief = bound?.brief { lines.append(brief) }
    }
    if !value.fieldNames.isEmpty {
      let names = value.fieldNames.prefix(40).joined(separator: "  ")
      lines.append("fields: " + names + (value.fieldNames.count > 40 ? "  …" : ""))
    }
    let methods = catalogue.methods(ofType: value.typeName).map(\.name)
    if !methods.isEmpty { lines.append("methods: " + methods.joined(separator: "  ")) }
    if let declared { lines += ["", declared] }
    return Presentation(text: lines.joined(separator: "\n"))
  }

  /// A method that no function is called like; of several types the first in the alphabet.
  private func method(_ name: String) -> Presentation? {
    let found = catalogue.types.compactMap { catalogue.method(name, ofType: $0) }
    return found.first.map { Self.page([$0], source: nil) }
  }

  private func module(
    _ name: String, _ functions: [FunctionSignature], isDetailed: Bool
  ) -> Presentation {
    if isDetailed, let text = EmbeddedFiles.text("\(name).mdm") {
      return Presentation(text: text, markdown: Self.fenced(text))
    }
    return Self.list(functions.map { ("\(name).\($0.name)", $0.summary) }, foot: nil)
  }

  /// Names and what they are, in two columns.
  private static func list(_ rows: [(String, String)], foot: String?) -> Presentation {
    let width = rows.map(\.0.count).max() ?? 0
    var lines = rows.map { name, summary in
      name + String(repeating: " ", count: width - name.count + 2) + line(summary)
    }
    var markdown = rows.map { "- `\($0)` — \(line($1))" }
    if let foot {
      lines.append(foot)
      markdown.append("\n" + foot)
    }
    return Presentation(
      text: lines.joined(separator: "\n"), markdown: markdown.joined(separator: "\n"))
  }

  /// The page of a function, with its overloads and its source.
  private static func page(_ signatures: [FunctionSignature], source: String?) -> Presentation {
    var text = signatures.map(Self.text).joined(separator: "\n\n")
    var markdown = signatures.map(Self.markdown).joined(separator: "\n\n---\n\n")
    if let source {
      text += "\n\n" + source
      markdown += "\n\n" + fenced(source)
    }
    return Presentation(text: text, markdown: markdown)
  }

  private static func fenced(_ code: String) -> String { "```mdm\n\(code)\n```" }

  /// The page of one function as text.
  static func text(_ signature: FunctionSignature) -> String {
    var lines = [signature.usage]
    if !signature.summary.isEmpty { lines.append(signature.summary) }
    if !signature.details.isEmpty { lines.append(signature.details) }
    let explained = signature.parameters.filter { !$0.help.isEmpty }
    let width = explained.map(\.name.count).max() ?? 0
    for parameter in explained {
      let pad = String(repeating: " ", count: width - parameter.name.count)
      lines.append("  \(parameter.name)\(pad)  \(parameter.help)")
    }
    for example in signature.examples {
      lines += example.code.split(separator: "\n").map { "    \($0)" }
      if let prints = example.prints { lines.append("    # \(prints)") }
    }
    if let source = signature.source { lines.append("Source: \(source)") }
    return lines.joined(separator: "\n")
  }

  private static func markdown(_ signature: FunctionSignature) -> String {
    var parts = [fenced(signature.usage)]
    if !signature.summary.isEmpty { parts.append(signature.summary) }
    if !signature.details.isEmpty { parts.append(signature.details) }
    let explained = signature.parameters.filter { !$0.help.isEmpty }
    if !explained.isEmpty {
      parts.append(explained.map { "- `\($0.name)`: \($0.help)" }.joined(separator: "\n"))
    }
    for example in signature.examples {
      parts.append(fenced(example.code + (example.prints.map { "\n# \($0)" } ?? "")))
    }
    if let source = signature.source { parts.append("*Source: \(source)*") }
    return parts.joined(separator: "\n\n")
  }

  /// The text of the declaration of a name, as an input wrote it.
  private static func declaration(of name: String, _ source: SourceText) -> String? {
    let tree = Parser.parse(source, options: Parser.Options(lastValueName: "_")).tree
    let index = Checker(signatures: [:], globals: [], options: Checker.Options()).examine(tree)
      .index
    guard let found = index.declarations.last(where: { $0.scope == 0 && $0.name == name }) else {
      return nil
    }
    return source.text(Int(found.extent.start)..<Int(found.extent.end))
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }
}
