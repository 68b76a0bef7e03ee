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
        page += "\n### `\(signature.usage)`\n\n\(signature.summary)\n"
        let explained = signature.parameters.filter { !$0.help.isEmpty }
        if !explained.isEmpty { page += "\n" }
        for parameter in explained { page += "- `\(parameter.name)`: \(parameter.help)\n" }
        for example in signature.examples {
          page += "\n```mdm\n\(example.code)\n"
          if let prints = example.prints {
            page += prints.split(separator: "\n").map { "# \($0)\n" }.joined()
          }
          page += "```\n"
        }
        if let source = signature.source { page += "\nSource: \(source)\n" }
      }
    }
    return page
  }
}
