/// Where the files of a checkpoint are: in a folder, or in memory.
package enum CheckpointSource: Sendable {
  case folder(String)
  case memory([String: [UInt8]])

  /// The name of a file for errors.
  private func path(_ name: String) -> String {
    if case .folder(let folder) = self { folder + "/" + name } else { name }
  }

  /// The bytes of a file that has to be there; `instead` says in the error what else could be.
  func read(_ name: String, or instead: String = "no such file") throws(ModelError) -> [UInt8] {
    guard let bytes = try readIfPresent(name) else {
      throw .unreadableFile(path: path(name), reason: instead)
    }
    return bytes
  }

  /// The bytes of a file, or nil where there is none.
  func readIfPresent(_ name: String) throws(ModelError) -> [UInt8]? {
    switch self {
    case .folder: try File.readIfPresent(path(name))
    case .memory(let files): files[name]
    }
  }

  /// The bytes of a file, mapped where it is one.
  func map(_ name: String) throws(ModelError) -> FileBytes {
    switch self {
    case .folder: try FileBytes(mapping: path(name))
    case .memory: FileBytes(try read(name))
    }
  }
}
