import Glibc

/// Finds the scripts of a folder.
enum FolderScripts {
  /// More files than this are not looked at.
  static let maximumCount = 2000
  private static let maximumDepth = 12

  /// The paths of all `.mdm` files below a folder, hidden folders and links left out.
  static func below(_ folder: String) -> [String] {
    var found: [String] = []
    var visited = 0
    collect(folder, depth: 0, &visited, &found)
    return found
  }

  private static func collect(
    _ folder: String, depth: Int, _ visited: inout Int, _ found: inout [String]
  ) {
    guard depth < maximumDepth, let stream = opendir(folder) else { return }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      visited += 1
      guard found.count < maximumCount, visited < 100 * maximumCount else { return }
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard !name.hasPrefix("."), name != "node_modules" else { continue }
      let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
      var status = stat()
      guard lstat(path, &status) == 0 else { continue }
      switch status.st_mode & S_IFMT {
      case S_IFDIR: collect(path, depth: depth + 1, &visited, &found)
      case S_IFREG where name.hasSuffix(".mdm"): found.append(path)
      default: break
      }
    }
  }
}
