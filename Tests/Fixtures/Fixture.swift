import Glibc

/// Files that other programs wrote, beside the scripts that had them written.
public struct Fixture {
  /// There is no such file.
  public struct Missing: Error { public let path: String }

  /// Its place on this machine.
  public let path: String

  /// A file below Tests/Fixtures.
  public init(_ name: String) {
    path = #filePath.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/" + name
  }

  /// Its bytes.
  public func bytes() throws -> [UInt8] {
    guard let file = fopen(path, "rb") else { throw Missing(path: path) }
    defer { fclose(file) }
    fseek(file, 0, SEEK_END)
    let size = ftell(file)
    rewind(file)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      count = fread(buffer.baseAddress, 1, size, file)
    }
  }
}
