import Glibc
import Testing

/// A folder with links to a reference model's files and the given ones, removed at the end.
func withFolder(
  linking models: [String], leavingOut absent: [String] = [],
  _ body: (String) throws -> Void
) throws {
  let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  var template = Array("\(base)/mdm-checkpoint-XXXXXX".utf8CString)
  let folder = String(cString: try #require(mkdtemp(&template)))
  defer {
    for name in names(of: folder) { unlink(folder + "/" + name) }
    rmdir(folder)
  }
  for model in models {
    for name in names(of: Golden.folder(model)) where !absent.contains(name) {
      symlink(Golden.folder(model) + "/" + name, folder + "/" + name)
    }
  }
  try body(folder)
}

func names(of folder: String) -> [String] {
  guard let directory = opendir(folder) else { return [] }
  defer { closedir(directory) }
  var result: [String] = []
  while let entry = readdir(directory) {
    let name = withUnsafePointer(to: entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
    }
    if name != "." && name != ".." { result.append(name) }
  }
  return result
}
