import StandardLibrary

/// The files of stdlib/ inside the executable.
public enum EmbeddedFiles {
  /// The paths below stdlib/, sorted.
  public static var paths: [String] { all.map { String(cString: $0.path) } }

  /// The bytes of a file; they live as long as the process.
  public static func bytes(_ path: String) -> UnsafeBufferPointer<UInt8>? {
    all.first { String(cString: $0.path) == path }.map {
      UnsafeBufferPointer(start: $0.bytes, count: $0.size)
    }
  }

  /// A text file.
  public static func text(_ path: String) -> String? {
    bytes(path).map { String(decoding: $0, as: UTF8.self) }
  }

  private static var all: UnsafeBufferPointer<standard_library_file> {
    var count = 0
    let first = standard_library_files(&count)
    return UnsafeBufferPointer(start: first, count: count)
  }
}
