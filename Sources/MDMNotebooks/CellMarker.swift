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
    var attempts = 0
    let bytes = text.utf8
    var start = bytes.startIndex
    while start < bytes.endIndex, attempts < Self.attemptLimit {
      if Self.beginsOption(bytes[start...]) {
        attempts += 1
        if let options = Self.options(text[start...]) {
          self.options = options
          text = text[..<start]
          break
        }
      }
      // The next word.
      start =
        bytes[start...].firstIndex(of: UInt8(ascii: " ")).map(bytes.index(after:))
        ?? bytes.endIndex
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

  /// How many words of a title may look like the first option without being it: a line of any
  /// length is read in time that grows with its length.
  private static let attemptLimit = 64

  /// Whether a text begins with a name and `=`.
  private static func beginsOption(_ text: Substring.UTF8View) -> Bool {
    let end = text.firstIndex { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: " ") }
    guard let end, text[end] == UInt8(ascii: "=") else { return false }
    let name = Substring(text[..<end])
    return name.first.map { $0.isLetter || $0 == "_" } == true
      && name.allSatisfy { $0.isLetter || $0.isNumber || "_-.".contains($0) }
  }

  /// Pairs such as `tags=["slow"] id="a"`; nil where the text is anything else.
  private static func options(_ text: Substring) -> [JSONNode.Member]? {
    var rest = text.utf8
    var options: [JSONNode.Member] = []
    var names: Set<String> = []
    while !rest.isEmpty {
      guard beginsOption(rest), let equals = rest.firstIndex(of: UInt8(ascii: "=")) else {
        return nil
      }
      let name = String(Substring(rest[..<equals]))
      let value = value(rest[rest.index(after: equals)...])
      guard names.insert(name).inserted, let node = try? JSONNode(parsing: Array(value)) else {
        return nil
      }
      options.append(.init(name: name, value: node))
      rest = rest[value.endIndex...].drop { $0 == UInt8(ascii: " ") }
    }
    return options.isEmpty ? nil : options
  }

  /// The text of the JSON value that a text begins with, up to a blank outside of brackets.
  private static func value(_ text: Substring.UTF8View) -> Substring.UTF8View {
    var (depth, isQuoted, isEscaped) = (0, false, false)
    for index in text.indices {
      let byte = text[index]
      if isQuoted {
        isQuoted = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isQuoted = true
      case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
      case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
      case UInt8(ascii: " ") where depth == 0: return text[..<index]
      default: break
      }
    }
    return text
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
  var isReadable: Bool {
    !text.utf8.contains { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
      && CellMarker(text) == self
  }
}
