/// All declarations of a script and what each name in it stands for.
///
/// The checker makes it in the walk that checks names, so that editors and messages agree.
public struct SymbolIndex: Sendable {
  /// A stretch of text with names of its own.
  public struct Scope: Sendable {
    public let span: Span
    /// The scope around it; nil for the file.
    public let parent: Int?
  }

  public let source: SourceText
  /// In the order in which the checker meets them.
  public let declarations: [Declaration]
  /// In the order of the text.
  public let references: [SymbolReference]
  public let scopes: [Scope]
  /// The starts of record patterns' fields that bind a name by the key alone: `{a}` for `{a: a}`.
  public let shorthands: Set<Int32>
  /// The named declarations in the order of the text.
  private let inOrder: [Int]
  /// The fields of records by the declaration of the record.
  private let fields: [Int: [Int]]

  init(
    source: SourceText, declarations: [Declaration], references: [SymbolReference], scopes: [Scope],
    shorthands: Set<Int32>, fields: [Int: [Int]]
  ) {
    self.source = source
    self.declarations = declarations
    self.references = references.sorted { $0.span.start < $1.span.start }
    self.scopes = scopes
    self.shorthands = shorthands
    self.fields = fields
    inOrder = declarations.indices.filter { declarations[$0].isNamed }
      .sorted { declarations[$0].span.start < declarations[$1].span.start }
  }

  /// A name at a place and what it stands for.
  public struct Occurrence: Sendable {
    public let span: Span
    public let target: SymbolReference.Target
    /// Whether the name is declared here.
    public let isDeclaration: Bool
  }

  /// The name at a byte offset, or ending there.
  public func occurrence(at offset: Int) -> Occurrence? {
    let found = candidates(at: offset)
    return found.first { Int($0.span.end) > offset } ?? found.first
  }

  private func candidates(at offset: Int) -> [Occurrence] {
    var found: [Occurrence] = []
    // Names do not overlap, so the last that starts at or before the offset is at most two away.
    var low = Self.last(references.count, offset) { Int(references[$0].span.start) }
    while low >= 0, found.count < 2, Int(references[low].span.start) + 512 > offset {
      let reference = references[low]
      if Int(reference.span.start) <= offset, offset <= Int(reference.span.end) {
        found.append(
          Occurrence(span: reference.span, target: reference.target, isDeclaration: false))
      }
      low -= 1
    }
    let place = Self.last(inOrder.count, offset) {
      Int(declarations[inOrder[$0]].span.start)
    }
    for index in [place, place - 1] where index >= 0 {
      let declaration = declarations[inOrder[index]]
      if Int(declaration.span.start) <= offset, offset <= Int(declaration.span.end) {
        found.insert(
          Occurrence(
            span: declaration.span, target: .declaration(declaration.id), isDeclaration: true),
          at: 0)
      }
    }
    return found
  }

  /// The last of some sorted starts that is not behind an offset; -1 where there is none.
  private static func last(_ count: Int, _ offset: Int, _ start: (Int) -> Int) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if start(middle) <= offset { low = middle + 1 } else { high = middle }
    }
    return low - 1
  }

  /// The places of a declaration's name, itself included, in the order of the text.
  public func occurrences(of id: Int) -> [SymbolReference] {
    var list = references.filter { $0.target == .declaration(id) }
    if declarations[id].isNamed {
      let own = SymbolReference(
        span: declarations[id].span, target: .declaration(id), isWrite: true)
      let index = list.firstIndex { $0.span.start > own.span.start } ?? list.count
      list.insert(own, at: index)
    }
    return list
  }

  /// The fields that are known of the record that a declaration binds.
  public func fields(of id: Int) -> [Declaration] {
    fields[id, default: []].map { declarations[$0] }
  }

  /// The declarations of a scope's own, such as those of the file for scope 0.
  public func declarations(inScope scope: Int) -> [Declaration] {
    declarations.filter { $0.scope == scope }
  }

  /// The exported declaration of a name, for the files that use this one.
  public func exported(_ name: String) -> Declaration? {
    declarations.last { $0.scope == 0 && $0.isPublic && $0.name == name }
  }

  /// The names that can be used at a byte offset, innermost first; a hidden one is left out.
  public func visible(at offset: Int) -> [Declaration] {
    var scope: Int? = innermostScope(at: offset)
    var seen: Set<String> = []
    var found: [Declaration] = []
    while let current = scope {
      for declaration in declarations.reversed()
      where declaration.scope == current && declaration.kind != .test && declaration.kind != .field
        && declaration.visibleFrom <= offset
      {
        if seen.insert(declaration.name).inserted { found.append(declaration) }
      }
      scope = scopes[current].parent
    }
    return found
  }

  private func innermostScope(at offset: Int) -> Int {
    var best = 0
    for (index, scope) in scopes.enumerated().dropFirst() {
      let (start, end) = (Int(scope.span.start), Int(scope.span.end))
      guard start <= offset, offset <= end else { continue }
      if offset == end, end > 0, source.bytes[end - 1] == UInt8(ascii: "}") { continue }
      // Inner scopes come after those around them.
      if start >= Int(scopes[best].span.start) { best = index }
    }
    return best
  }
}
