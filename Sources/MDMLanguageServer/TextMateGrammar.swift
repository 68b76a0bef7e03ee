import MDMJSON
import MDMSyntax

/// The colours of scripts for editors that read TextMate grammars.
enum TextMateGrammar {
  /// The grammar as JSON.
  static let text: String = {
    let sections = rules.map { name, patterns in
      let lines = patterns.map { "        " + $0.json }.joined(separator: ",\n")
      return "    \(quoted(name)): {\n      \"patterns\": [\n\(lines)\n      ]\n    }"
    }
    let top = ["comments", "strings", "numbers", "declarations", "words", "calls", "operators"]
    let includes = top.map { "    " + Rule.include($0).json }.joined(separator: ",\n")
    return """
      {
        "name": "mdm",
        "scopeName": "source.mdm",
        "fileTypes": ["mdm"],
        "firstLineMatch": "^#!.*\\\\bmdm\\\\b",
        "patterns": [
      \(includes)
        ],
        "repository": {
      \(sections.joined(separator: ",\n"))
        }
      }

      """
  }()

  private enum Rule {
    case include(String)
    case match(String, String)
    /// Scopes of the groups 1, 2, …
    case groups(String, [String])
    case range(String, begin: String, end: String, inside: [String])

    var json: String {
      switch self {
      case .include(let name): "{\"include\": \(quoted("#" + name))}"
      case .match(let scope, let pattern):
        "{\"name\": \(quoted(scope + ".mdm")), \"match\": \(quoted(pattern))}"
      case .groups(let pattern, let scopes):
        "{\"match\": \(quoted(pattern)), \"captures\": {"
          + scopes.enumerated().map { "\"\($0 + 1)\": {\"name\": \(quoted($1 + ".mdm"))}" }
          .joined(separator: ", ") + "}}"
      case .range(let scope, let begin, let end, let inside):
        "{\"name\": \(quoted(scope + ".mdm")), \"begin\": \(quoted(begin)), \"end\": \(quoted(end))"
          + ", \"patterns\": [" + inside.map { Rule.include($0).json }.joined(separator: ", ")
          + "]}"
      }
    }
  }

  private static func quoted(_ text: String) -> String { JSONNode.quoted(text) }

  private static func words(_ words: [String]) -> String {
    "(?<![.\\w])(?:" + words.joined(separator: "|") + ")\\b(?!\\s*:(?!=))"
  }

  private static func words(_ words: [Keyword]) -> String { self.words(words.map(\.rawValue)) }

  private static let name = "[A-Za-z_]\\w*"

  private static let rules: [(String, [Rule])] = [
    (
      "comments",
      [
        .match("markup.heading.cell", "^# %%.*$"),
        .match("comment.line.documentation", "^\\s*##(?!#).*$"),
        .match("comment.line.number-sign", "#.*$"),
      ]
    ),
    (
      "strings",
      [
        .range(
          "string.interpolated.raw", begin: "\\b(?:fr|rf)\"\"\"", end: "\"\"\"", inside: ["values"]
        ),
        .range("string.interpolated.raw", begin: "\\b(?:fr|rf)\"", end: "\"|$", inside: ["values"]),
        .range(
          "string.interpolated", begin: "\\bf\"\"\"", end: "\"\"\"", inside: ["escapes", "values"]),
        .range(
          "string.interpolated", begin: "\\bf\"", end: "\"|$", inside: ["escapes", "values"]),
        .range("string.quoted.raw", begin: "\\br\"\"\"", end: "\"\"\"", inside: []),
        .range("string.quoted.raw", begin: "\\br\"", end: "\"|$", inside: []),
        .range("string.quoted.triple", begin: "\"\"\"", end: "\"\"\"", inside: ["escapes"]),
        .range("string.quoted.double", begin: "\"", end: "\"|$", inside: ["escapes"]),
      ]
    ),
    ("escapes", [.match("constant.character.escape", "\\\\(?:u\\{[0-9A-Fa-f]+\\}|.)")]),
    (
      "values",
      [
        .match("constant.character.escape", "\\{\\{|\\}\\}"),
        .range(
          "meta.interpolation", begin: "\\{", end: "\\}",
          inside: ["formats", "braces", "strings", "numbers", "words", "calls", "operators"]),
      ]
    ),
    ("formats", [.match("constant.other.format", ":[^{}\"]*(?=\\})")]),
    (
      "braces",
      [
        .range(
          "meta.braces", begin: "\\{", end: "\\}",
          inside: ["braces", "strings", "numbers", "words", "calls", "operators"])
      ]
    ),
    (
      "numbers",
      [
        .match("constant.numeric.hex", "\\b0[xX][0-9A-Fa-f_]+\\b"),
        .match("constant.numeric.octal", "\\b0[oO][0-7_]+\\b"),
        .match("constant.numeric.binary", "\\b0b[01_]+\\b"),
        .match(
          "constant.numeric",
          "\\b[0-9][0-9_]*(?:\\.[0-9][0-9_]*)?(?:[eE][+-]?[0-9]+)?"
            + "(?:(?:" + Vocabulary.numberSuffixes.joined(separator: "|")
            + ")\\b|%(?![\\w(\\[{\"]))?"),
      ]
    ),
    (
      "declarations",
      [
        .groups(
          "\\b(fn)\\s+(\(name))", ["keyword.declaration", "entity.name.function"]),
        .groups(
          "\\b(param)\\s+(\(name))", ["keyword.declaration", "variable.other.parameter"]),
        .groups("\\b(use)\\s+(\(name))", ["keyword.declaration", "entity.name.namespace"]),
        .groups("(?:->|:)\\s*([A-Z]\\w*(?:\\s*\\|\\s*[A-Z]\\w*)*)", ["storage.type"]),
      ]
    ),
    (
      "words",
      [
        .match("constant.language", words(Vocabulary.constants)),
        .match("keyword.operator.word", words(Vocabulary.wordOperators)),
        .match("keyword.declaration", words(Vocabulary.declarations)),
        .match("keyword.control", words(Vocabulary.control)),
      ] + contextual
    ),
    (
      "calls",
      [
        .groups("\\b(\(name))(?=\\()", ["entity.name.function.call"]),
        .groups("\\b(\(name))(?=\\s*:(?!=))", ["variable.parameter"]),
      ]
    ),
    (
      "operators",
      [
        .match(
          "keyword.operator",
          Vocabulary.operators.map { escaped($0.rawValue) }.joined(separator: "|"))
      ]
    ),
  ]

  /// The words that are names elsewhere, with what must follow them.
  static let contextualWords: [(word: String, following: String)] = {
    let following = [
      "across": "\\s+seeds\\b", "seeds": "\\(", "as": "\\s+\(name)", "budget": "\\(",
      "by": "\\s+[\\w(-]", "catch": "\\s+(?:\(name)\\s*)?\\{", "mix": "\\s*\\{",
      "param": "\\s+\(name)", "pub": "\\s+(?:fn|let|var|reward)\\b", "reward": "\\s+fn\\b",
      "spawn": "\\s+\(name)", "test": "\\s+\"", "use": "\\s+[\\w\"]",
    ]
    return Vocabulary.contextualWords.map { ($0, following[$0] ?? "\\b") }
  }()

  private static let contextual: [Rule] = contextualWords.map { word, following in
    .match("keyword.other", "(?<![.\\w])\(word)(?=\(following))")
  }

  private static func escaped(_ sign: String) -> String {
    sign.map { "\\" + String($0) }.joined().replacing("\\<", with: "<").replacing("\\>", with: ">")
      .replacing("\\=", with: "=").replacing("\\-", with: "-").replacing("\\/", with: "/")
      .replacing("\\%", with: "%").replacing("\\~", with: "~")
  }
}
