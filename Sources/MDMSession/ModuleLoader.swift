import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// Finds what `use` names: the embedded standard library by name, files by path.
enum ModuleLoader {
  static func load(
    _ request: MachineOptions.ModuleRequest
  ) throws(ScriptError) -> SourceText? {
    try load(request) { path throws(ScriptError) in try FileText.read(path) }
  }

  /// Finds a module with one's own way to read files.
  static func load(
    _ request: MachineOptions.ModuleRequest,
    _ read: (String) throws(ScriptError) -> String?
  ) throws(ScriptError) -> SourceText? {
    let name = name(of: request)
    if !request.isPath {
      return EmbeddedFiles.text("\(request.name).mdm").map {
        SourceText(name: name, text: $0, isLibrary: true)
      }
    }
    return try read(name).map { SourceText(name: name, text: $0) }
  }

  /// What messages call a module: its path, or one below stdlib/.
  static func name(of request: MachineOptions.ModuleRequest) -> String {
    request.isPath
      ? resolve(request.name, against: request.importer) : "stdlib/\(request.name).mdm"
  }

  /// The names of the modules of the standard library, sorted.
  static var standardNames: [String] {
    EmbeddedFiles.paths.filter { $0.hasSuffix(".mdm") && !$0.contains("/") }
      .map { String($0.dropLast(4)) }
  }

  /// What to say where no module has a name.
  static func hint(_ name: String) -> String {
    let names = standardNames
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
