import MDMJSON

/// The line that begins a cell in a script: `# %% Title [markdown] tags=["slow"]`.
///
/// Title, kind and metadata may all be missing. It is the percent form that editors know.
///
/// Source: https://jupytext.readthedocs.io/en/latest/formats-scripts.html#the-percent-format
struct CellMarker: Equatable {
  var title = ""
  var kind = NotebookCell.Kind.code
  /// In the order of the line; values are JSON.
  var options: [JSONNode.Member] = []

  init(title: String = "", kind: NotebookCell.Kind = .code, options: [JSONNode.Member] = []) {
    self.title = title
    self.kind = kind
    self.options = options
  }

  /// The marker that a line is; nil for any other line.
  init?(_ line: some StringProtocol) {
    guard let rest = Self.rest(of: line) else { return nil }
    var text = Substring(rest)
    while text.last?.isWhitespace == true { text.removeLast() }
    // The longest end of the line that reads as options.
    var words = text.startIndex
    while words < text.endIndex {
      if words == text.startIndex || text[text.index(before: words)] == " ",
        let options = Self.options(text[words...])
      {
        self.options = options
        text = text[..<words]
        break
      }
      words = text.index(after: words)
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    for (word, kind) in Self.kinds where text.hasSuffix(word) {
      let before = text.dropLast(word.count)
      guard before.isEmpty || before.last?.isWhitespace == true else { continue }
      self.kind = kind
      text = before
      break
    }
    while text.last?.isWhitespace == true { text.removeLast() }
    title = String(text.drop { $0.isWhitespace })
  }

  private static let kinds: [(String, NotebookCell.Kind)] = [
    ("[markdown]", .markdown), ("[md]", .markdown), ("[raw]", .raw), ("[code]", .code),
  ]

  /// What follows `# %%`; nil where a line begins otherwise.
  private static func rest(of line: some StringProtocol) -> String? {
    for head in ["# %%", "#%%"] where line.hasPrefix(head) {
      let rest = line.dropFirst(head.count)
      // `# %%%` begins a part of a cell, and magic commands such as `%%time` are none of ours.
      return rest.first.map { $0.isWhitespace } ?? true ? String(rest) : nil
    }
    return nil
  }

  /// Pairs such as `tags=["slow"] id="a"`; nil where the text is anything else.
  private static func options(_ text: Substring) -> [JSONNode.Member]? {
    var rest = text.drop { $0 == " " }
    var options: [JSONNode.Member] = []
    while !rest.isEmpty {
      guard let equals = rest.firstIndex(of: "=") else { return nil }
      let name = rest[..<equals]
      guard name.first.map({ $0.isLetter || $0 == "_" }) == true,
        name.allSatisfy({ $0.isLetter || $0.isNumber || "_-.".contains($0) }),
        options[String(name)] == nil
      else { return nil }
      let value = self.value(rest[rest.index(after: equals)...])
      guard let node = try? JSONNode(parsing: Array(value.utf8)) else { return nil }
      options.append(.init(name: String(name), value: node))
      rest = rest[value.endIndex...].drop { $0 == " " }
    }
    return options.isEmpty ? nil : options
  }

  /// The text of the JSON value that a text begins with, up to a blank outside of brackets.
  private static func value(_ text: Substring) -> Substring {
    var (depth, isQuoted, isEscaped) = (0, false, false)
    var index = text.startIndex
    while index < text.endIndex {
      let character = text[index]
      if isQuoted {
        isQuoted = isEscaped || character != "\""
        isEscaped = !isEscaped && character == "\\"
      } else if character == "\"" {
        isQuoted = true
      } else if "[{".contains(character) {
        depth += 1
      } else if "]}".contains(character) {
        depth -= 1
      } else if character == " ", depth == 0 {
        break
      }
      index = text.index(after: index)
    }
    return text[..<index]
  }

  /// The line.
  var text: String {
    var text = "# %%"
    if !title.isEmpty { text += " " + title }
    if kind != .code { text += " [\(kind.rawValue)]" }
    for option in options {
      text += " \(option.name)=" + String(decoding: option.value.compact, as: UTF8.self)
    }
    return text
  }

  /// Whether the line reads back as it is.
  var isReadable: Bool { !text.contains { $0.isNewline } && CellMarker(text) == self }
}
