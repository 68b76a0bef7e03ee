import Glibc
import MDMRuntime

/// Finds the scripts that paths stand for.
public enum ScriptFiles {
  /// The files as they are, and the .mdm files of the folders and the folders below, sorted; hidden
  /// ones are left out.
  ///
  /// - Throws: `ScriptError` where there is no such path or a folder cannot be read.
  public static func find(_ paths: [String]) throws(ScriptError) -> [String] {
    var found: [String] = []
    for path in paths {
      guard path != "-", let isFolder = isFolder(path), isFolder else {
        found.append(path)
        continue
      }
      var folder = path
      while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
      found += try scripts(below: folder == "." ? "" : folder + (folder == "/" ? "" : "/"))
    }
    // A file that is named twice, or named and in a named folder, counts once.
    var seen: Set<String> = []
    return found.filter { seen.insert($0).inserted }
  }

  /// Whether a path is a folder; nil where there is nothing.
  private static func isFolder(_ path: String) -> Bool? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return status.st_mode & S_IFMT == S_IFDIR
  }

  /// Links to folders are not followed: they may lead in circles.
  private static func isRealFolder(_ path: String) -> Bool {
    var status = stat()
    return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  private static func scripts(below prefix: String) throws(ScriptError) -> [String] {
    guard let stream = opendir(prefix.isEmpty ? "." : prefix) else {
      throw ScriptError(
        "E0801", "cannot read the folder \(prefix): \(String(cString: strerror(errno)))")
    }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    closedir(stream)
    var found: [String] = []
    for name in names.sorted() {
      let path = prefix + name
      if isRealFolder(path) {
        found += try scripts(below: path + "/")
      } else if name.hasSuffix(".mdm") {
        found.append(path)
      }
    }
    return found
  }
}
