import Glibc

/// The files of a folder dataset: the only place of this module that touches the disk.
enum FileSystem {
  /// A file's bytes, at most `limit` of them.
  static func read(_ path: String, limit: Int = 1 << 30) throws(DataError) -> [UInt8] {
    guard let file = fopen(path, "rb") else {
      throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    defer { fclose(file) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { break }
      result += buffer[0..<count]
      if result.count > limit {
        throw .cannotRead(path: path, reason: "it has more than \(limit) bytes")
      }
    }
    if ferror(file) != 0 {
      throw .cannotRead(path: path, reason: String(cString: strerror(errno)))
    }
    return result
  }

  /// Whether something exists at a path.
  static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

  /// Whether a path is a folder.
  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The sorted paths of all files below a folder, at most a million, without hidden ones.
  static func files(below folder: String, depth: Int = 0) throws(DataError) -> [String] {
    var result: [String] = []
    for name in try names(in: folder, ending: "") {
      if isFolder("\(folder)/\(name)") {
        // Deeper than published sets are, and than a circle of links could go.
        guard depth < 8 else { continue }
        let inner = try files(below: "\(folder)/\(name)", depth: depth + 1)
        result += inner.map { "\(name)/\($0)" }
      } else {
        result.append(name)
      }
      guard result.count < 1_000_000 else {
        throw .cannotRead(path: folder, reason: "it has more than a million files")
      }
    }
    return result
  }

  /// The sorted names in a folder that end in a suffix.
  static func names(in folder: String, ending: String) throws(DataError) -> [String] {
    guard let directory = opendir(folder) else {
      throw .cannotRead(path: folder, reason: String(cString: strerror(errno)))
    }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name.hasSuffix(ending), !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }
}
