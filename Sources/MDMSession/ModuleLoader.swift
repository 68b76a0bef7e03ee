import Glibc
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

/// Reads text files.
public enum FileText {
  /// The text of a file; nil where there is none.
  ///
  /// - Throws: `ScriptError` where it cannot be read or is no UTF-8.
  public static func read(_ path: String) throws(ScriptError) -> String? {
    guard let file = fopen(path, "rb") else {
      if errno == ENOENT { return nil }
      throw ScriptError("E0801", "cannot read \(path): \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      bytes += buffer[..<count]
    }
    guard ferror(file) == 0 else {
      throw ScriptError("E0801", "cannot read \(path): \(String(cString: strerror(errno)))")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ScriptError("E0801", "\(path) is not UTF-8 text", hint: "save it as UTF-8")
    }
    return text
  }
}
