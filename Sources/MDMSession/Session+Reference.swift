import MDMDeclarations
import MDMRuntime

extension Session {
  /// The reference of all functions and methods as one Markdown page, by family.
  public var referencePage: String {
    var page = """
      # Functions

      Made by `mdm doc` from the declarations that the checker, the REPL's help and the doctests use.

      """
    let groups = Dictionary(grouping: machine.signatures, by: \.family)
    for family in groups.keys.sorted() {
      page += "\n## \(family)\n"
      for signature in groups[family, default: []].sorted(by: { $0.name < $1.name }) {
        page += Self.entry(signature)
      }
    }
    for module in standardModules {
      page += "\n## use \(module.name)\n"
      for signature in module.functions { page += Self.entry(signature) }
    }
    return page
  }

  private static func entry(_ signature: FunctionSignature) -> String {
    var text = "\n### `\(signature.usage)`\n\n\(signature.summary)\n"
    if !signature.details.isEmpty { text += "\n\(signature.details)\n" }
    let explained = signature.parameters.filter { !$0.help.isEmpty }
    if !explained.isEmpty { text += "\n" }
    for parameter in explained { text += "- `\(parameter.name)`: \(parameter.help)\n" }
    for example in signature.examples {
      text += "\n```mdm\n\(example.code)\n"
      if let prints = example.prints {
        text += prints.split(separator: "\n").map { "# \($0)\n" }.joined()
      }
      text += "```\n"
    }
    if let source = signature.source { text += "\nSource: \(source)\n" }
    return text
  }
}
