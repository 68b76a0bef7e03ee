import MDMDeclarations

extension Reference {
  /// The reference as a Markdown page.
  public var markdown: String {
    var page = "# \(title)\n"
    if !introduction.isEmpty { page += "\n\(introduction)\n" }
    for section in sections {
      page += "\n## \(section.title)\n"
      for entry in section.entries { page += Self.markdown(entry) }
    }
    return page
  }

  private static func markdown(_ entry: Entry) -> String {
    var text = "\n### `\(entry.usage)`\n"
    if !entry.summary.isEmpty { text += "\n\(entry.summary)\n" }
    if !entry.details.isEmpty { text += "\n\(entry.details)\n" }
    let explained = entry.parameters.filter { !$0.help.isEmpty }
    if !explained.isEmpty { text += "\n" }
    for parameter in explained { text += "- `\(parameter.name)`: \(parameter.help)\n" }
    for example in entry.examples {
      text += "\n```mdm\n\(example.code)\n"
      if let prints = example.prints {
        text += prints.split(separator: "\n").map { "# \($0)\n" }.joined()
      }
      text += "```\n"
    }
    if let source = entry.source { text += "\nSource: \(source)\n" }
    return text
  }
}
