import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// Finds what `use` names: the embedded standard library by name, files by path.
enum ModuleLoader {
  static func load(
    _ request: MachineOptions.ModuleRequest
  ) throws(ScriptError) -> SourceText? {
    if !request.isPath {
      return EmbeddedFiles.text("\(request.name).mdm").map {
        SourceText(name: "stdlib/\(request.name).mdm", text: $0)
      }
    }
    let path = resolve(request.name, against: request.importer)
    return try FileText.read(path).map { SourceText(name: path, text: $0) }
  }

  /// What to say where no module has a name.
  static func hint(_ name: String) -> String {
    let names = EmbeddedFiles.paths.filter { $0.hasSuffix(".mdm") && !$0.contains("/") }
      .map { String($0.dropLast(4)) }
    if let nearest = SpellingSuggestion.nearest(to: name, among: names) {
      return "did you mean `\(nearest)`?"
    }
    return "the standard library has \(names.joined(separator: ", ")); "
      + "a file is used by its path: use \"./\(name).mdm\" as \(name)"
  }

  /// The path of a module, relative to the file that uses it, without `.` and needless `..`, so that
  /// one file has one name.
  private static func resolve(_ path: String, against importer: String) -> String {
    let folder = importer.lastIndex(of: "/").map { String(importer[...$0]) } ?? ""
    let whole = path.hasPrefix("/") ? path : folder + path
    var parts: [Substring] = []
    for part in whole.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (whole.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }
}
