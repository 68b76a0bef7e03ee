import MDMJSON

/// A notebook: cells in order, and what else its file says.
public struct Notebook: Sendable, Equatable {
  public var cells: [NotebookCell]
  /// The notebook's own metadata, unknown members included.
  public var metadata: [JSONNode.Member]

  public init(cells: [NotebookCell] = [], metadata: [JSONNode.Member] = Self.languageMetadata) {
    self.cells = cells
    self.metadata = metadata
  }

  /// What a notebook in this language says of itself: kernel and language.
  public static let languageMetadata: [JSONNode.Member] = [
    .init(
      name: "kernelspec",
      value: .object([
        .init(name: "display_name", value: .string("mdm")),
        .init(name: "language", value: .string("mdm")), .init(name: "name", value: .string("mdm")),
      ])),
    .init(
      name: "language_info",
      value: .object([
        .init(name: "file_extension", value: .string(".mdm")),
        .init(name: "mimetype", value: .string("text/x-mdm")),
        .init(name: "name", value: .string("mdm")),
        .init(name: "pygments_lexer", value: .string("mdm")),
      ])),
  ]

  /// The language that the metadata names; nil where they name none.
  public var language: String? {
    metadata["language_info"]?["name"]?.text ?? metadata["kernelspec"]?["language"]?.text
  }

  /// The notebook without what running it has added.
  public var withoutOutputs: Notebook {
    var notebook = self
    for index in notebook.cells.indices {
      notebook.cells[index].outputs = []
      notebook.cells[index].executionCount = nil
    }
    return notebook
  }
}

/// One cell.
public struct NotebookCell: Sendable, Equatable {
  public enum Kind: String, Sendable { case code, markdown, raw }

  /// A name that is unique in its notebook: 1 to 64 letters, digits, `-` and `_`.
  public var id: String
  public var kind: Kind
  /// Without a line break at the end.
  public var source: String
  public var metadata: [JSONNode.Member]
  /// Files of a Markdown cell by name; null where there are none.
  public var attachments: JSONNode?
  /// What running a code cell has shown, in order.
  public var outputs: [NotebookOutput] = []
  public var executionCount: Int?

  public init(
    _ kind: Kind = .code, id: String, source: String, metadata: [JSONNode.Member] = [],
    attachments: JSONNode? = nil
  ) {
    self.kind = kind
    self.id = id
    self.source = source
    self.metadata = metadata
    self.attachments = attachments
  }

  /// The tags that front ends and tools act on, such as `raises-exception`.
  public var tags: [String] { (metadata["tags"]?.elements ?? []).compactMap(\.text) }

  /// What a `# %%` line of a script says beside the kind.
  public var title: String? { metadata["title"]?.text }
}

/// What a code cell has shown.
public enum NotebookOutput: Sendable, Equatable {
  /// Text for the standard output (`stdout`) or the error output (`stderr`).
  case stream(name: String, text: String)
  /// What `display` showed: contents by media type. Pictures are base64, `+json` types JSON, all
  /// others text.
  case display(data: [JSONNode.Member], metadata: [JSONNode.Member])
  /// The value of the cell's last expression.
  case result(count: Int?, data: [JSONNode.Member], metadata: [JSONNode.Member])
  case error(name: String, value: String, traceback: [String])

  /// The contents by media type of a display or a result.
  public var data: [JSONNode.Member]? {
    switch self {
    case .display(let data, _), .result(_, let data, _): data
    case .stream, .error: nil
    }
  }
}

extension [JSONNode.Member] {
  /// The member of a name; setting nil takes it away.
  public subscript(name: String) -> JSONNode? {
    get { first { $0.name == name }?.value }
    set {
      let position = firstIndex { $0.name == name }
      switch (position, newValue) {
      case (let position?, let value?): self[position] = .init(name: name, value: value)
      case (let position?, nil): remove(at: position)
      case (nil, let value?): append(.init(name: name, value: value))
      case (nil, nil): break
      }
    }
  }
}
