import MDMDeclarations

/// What a reference tells, whatever the form: sections of functions and values.
public struct Reference: Sendable {
  /// A family of built-in functions, a module, or a kind of declaration.
  public struct Section: Sendable {
    public let title: String
    public let entries: [Entry]

    public init(_ title: String, _ entries: [Entry]) {
      self.title = title
      self.entries = entries
    }
  }

  /// A function, or a value of a module.
  public struct Entry: Sendable {
    public enum Kind: String, Sendable { case function, reward, value, parameter }

    public let kind: Kind
    public let name: String
    /// How it is called or what it is: `mean(xs: List) -> Float`.
    public let usage: String
    public let summary: String
    /// Further paragraphs, with an empty line between them.
    public let details: String
    public let parameters: [ParameterDeclaration]
    /// What a call gives; nil for what is no function.
    public let result: String?
    public let examples: [Example]
    public let source: String?

    /// A function as it declares itself.
    public init(_ signature: FunctionSignature) {
      kind = .function
      name = signature.name
      usage = signature.usage
      summary = signature.summary
      details = signature.details
      parameters = signature.parameters
      result = signature.result.description
      examples = signature.examples
      source = signature.source
    }

    init(
      _ kind: Kind, _ name: String, usage: String, parameters: [ParameterDeclaration] = [],
      result: String? = nil, _ text: DocumentationText
    ) {
      self.kind = kind
      self.name = name
      self.usage = usage
      self.parameters = parameters
      self.result = result
      summary = text.summary
      details = text.details
      examples = text.examples
      source = nil
    }
  }

  public let title: String
  /// What stands before the sections.
  public let introduction: String
  public let sections: [Section]

  public init(title: String, introduction: String, sections: [Section]) {
    self.title = title
    self.introduction = introduction
    self.sections = sections
  }

  /// Only the entries of a name, or of a section's title; nil where there are none.
  public func only(_ name: String) -> Reference? {
    let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
    let found = sections.compactMap { section -> Section? in
      let own = section.title.hasPrefix("use ") ? String(section.title.dropFirst(4)) : section.title
      if own == name { return section }
      let isQualified = parts.count == 2 && own == parts[0]
      let entries = section.entries.filter { $0.name == (isQualified ? parts[1] : name) }
      return entries.isEmpty ? nil : Section(section.title, entries)
    }
    guard !found.isEmpty else { return nil }
    return Reference(title: name, introduction: "", sections: found)
  }

  /// All names that `only` finds.
  public var names: [String] {
    sections.flatMap { section in
      section.title.hasPrefix("use ")
        ? [String(section.title.dropFirst(4))]
          + section.entries.map { "\(section.title.dropFirst(4)).\($0.name)" }
        : [section.title] + section.entries.map(\.name)
    }
  }
}
