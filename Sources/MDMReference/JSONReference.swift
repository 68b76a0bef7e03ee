import MDMDeclarations
import MDMJSON

extension Reference {
  /// The reference as one JSON object, indented, for tools.
  public var json: String {
    let sections = sections.map { section in
      Self.object(
        [
          ("title", JSONNode.quoted(section.title)),
          ("entries", Self.list(section.entries.map { Self.json($0) }, indent: 4)),
        ], indent: 3)
    }
    return Self.object(
      [
        ("title", JSONNode.quoted(title)), ("introduction", JSONNode.quoted(introduction)),
        ("sections", Self.list(sections, indent: 2)),
      ], indent: 1) + "\n"
  }

  private static func json(_ entry: Entry) -> String {
    let parameters = entry.parameters.map { parameter in
      line([
        ("name", JSONNode.quoted(parameter.name)),
        ("type", JSONNode.quoted(parameter.type.description)),
        ("default", parameter.defaultText.map(JSONNode.quoted) ?? "null"),
        ("rest", parameter.isRest ? "true" : "false"), ("help", JSONNode.quoted(parameter.help)),
      ])
    }
    let examples = entry.examples.map { example in
      line([
        ("code", JSONNode.quoted(example.code)),
        ("prints", example.prints.map(JSONNode.quoted) ?? "null"),
      ])
    }
    return object(
      [
        ("kind", JSONNode.quoted(entry.kind.rawValue)), ("name", JSONNode.quoted(entry.name)),
        ("usage", JSONNode.quoted(entry.usage)), ("summary", JSONNode.quoted(entry.summary)),
        ("details", JSONNode.quoted(entry.details)),
        ("parameters", list(parameters, indent: 6)),
        ("returns", entry.result.map(JSONNode.quoted) ?? "null"),
        ("examples", list(examples, indent: 6)),
        ("source", entry.source.map(JSONNode.quoted) ?? "null"),
      ], indent: 5)
  }

  private static func line(_ fields: [(String, String)]) -> String {
    "{\(fields.map { "\(JSONNode.quoted($0.0)): \($0.1)" }.joined(separator: ", "))}"
  }

  private static func object(_ fields: [(String, String)], indent: Int) -> String {
    wrapped(fields.map { "\(JSONNode.quoted($0.0)): \($0.1)" }, "{", "}", indent)
  }

  private static func list(_ items: [String], indent: Int) -> String {
    items.isEmpty ? "[]" : wrapped(items, "[", "]", indent)
  }

  private static func wrapped(
    _ items: [String], _ open: String, _ close: String, _ indent: Int
  ) -> String {
    let inner = String(repeating: "  ", count: indent)
    let outer = String(repeating: "  ", count: indent - 1)
    return "\(open)\n\(inner)" + items.joined(separator: ",\n\(inner)") + "\n\(outer)\(close)"
  }
}
