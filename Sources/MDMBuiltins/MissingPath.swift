import Glibc
import MDMSyntax

/// What was probably meant by a path where nothing lies.
enum MissingPath {
  /// The nearest name in the folder where the path stops to exist, or what relative paths are
  /// relative to.
  static func hint(_ path: String) -> String? {
    var existing = path.hasPrefix("/") ? "/" : ""
    let parts = path.split(separator: "/").map(String.init)
    for (index, part) in parts.enumerated() {
      let next = Paths.joined([existing, part])
      if Folders.status(next) != nil {
        existing = next
        continue
      }
      let names = Folders.names(existing.isEmpty ? "." : existing) ?? []
      // A folder of a million files is not searched for one sentence.
      if let near = SpellingSuggestion.nearest(to: part, among: names.prefix(10_000)) {
        return "did you mean `\(Paths.joined([existing, near] + parts[(index + 1)...]))`?"
      }
      if index < parts.count - 1 { return "there is no folder \(next)" }
      break
    }
    return path.hasPrefix("/") ? nil : "paths are relative to the folder where mdm was started"
  }
}
