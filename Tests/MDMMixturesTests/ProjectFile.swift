import Glibc
import MDMNumerics
import Testing

/// Files beside the tests, found from the place of this source.
enum ProjectFile {
  static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    .dropLast(3).joined(separator: "/")

  /// Whether RegMix's public runs lie beside the project.
  static let hasRegMix = access(root + "/../shared/data/regmix/train_mixture_1m.csv", R_OK) == 0

  /// A table under the package's root.
  static func table(_ path: String) throws -> CSVTable { try CSVTable(path: root + "/" + path) }

  /// The texts of the Swift sources of a folder.
  static func sources(_ folder: String) throws -> [String] {
    let directory = try #require(opendir(folder))
    defer { closedir(directory) }
    var texts: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      guard name.hasSuffix(".swift") else { continue }
      let file = try #require(fopen(folder + "/" + name, "rb"))
      defer { fclose(file) }
      var buffer = [UInt8](repeating: 0, count: 1 << 16)
      let count = fread(&buffer, 1, buffer.count, file)
      texts.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
    return texts
  }
}
