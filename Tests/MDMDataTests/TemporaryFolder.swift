import Glibc
import MDMImages

/// A folder of its own for one test, removed afterwards.
final class TemporaryFolder {
  let path: String
  nonisolated(unsafe) private var files: Set<String> = []
  nonisolated(unsafe) private var folders: Set<String> = []

  init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(base)/mdm-data-XXXXXX".utf8CString)
    let made = template.withUnsafeMutableBufferPointer { buffer in
      buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
    }
    struct NoFolder: Error {}
    guard let made else { throw NoFolder() }
    path = made
  }

  deinit {
    for file in files { unlink("\(path)/\(file)") }
    for folder in folders.sorted().reversed() { rmdir("\(path)/\(folder)") }
    rmdir(path)
  }

  func write(_ name: String, _ bytes: [UInt8]) {
    var folder = ""
    for part in name.split(separator: "/").dropLast() {
      folder += (folder.isEmpty ? "" : "/") + part
      if folders.insert(folder).inserted { mkdir("\(path)/\(folder)", 0o700) }
    }
    files.insert(name)
    guard let file = fopen("\(path)/\(name)", "wb") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func write(_ name: String, _ text: String) { write(name, Array(text.utf8)) }

  func image(_ name: String, width: Int = 100, height: Int = 50) throws {
    write(name, try RGBImage(width: width, height: height, fill: .black).encodedPNG())
  }
}
