import Foundation

/// The diagnostic codes that the sources of the module write.
enum SourceCodes {
  static func inModule() throws -> Set<String> {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let folder = root.appendingPathComponent("Sources/MDMSyntax")
    var codes: Set<String> = []
    for file in try FileManager.default.contentsOfDirectory(atPath: folder.path)
    where file.hasSuffix(".swift") {
      let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
      for match in text.matches(of: /"([EW]0[0-9]{3})"/) { codes.insert(String(match.1)) }
    }
    return codes
  }
}
