import Foundation
import Testing

/// `mdm serve` and its Python client on loopback: python/mdm-rewards/tests.
@Suite struct ServeTests {
  @Test(
    .enabled(
      if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3"), "python3 is missing"))
  func theClientAndTheServerUnderstandEachOther() throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = [
      "-k", "5", "120", "/usr/bin/python3", "-m", "unittest", "discover", "-s",
      "python/mdm-rewards/tests",
    ]
    process.currentDirectoryURL = Executable.root
    process.environment = ProcessInfo.processInfo.environment.merging(
      [
        "PYTHONDONTWRITEBYTECODE": "1",
        "MDM": Executable.root.appending(path: ".build/release/mdm").path,
      ]
    ) { $1 }
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let text = String(decoding: try pipe.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
  }

  @Test func theVerbSaysWhatItTakes() throws {
    let help = try Executable.run(["serve", "--help"])
    #expect(
      help.status == 0 && help.output.contains("--token-file"), "\(help.output)\(help.errors)")
    let open = try Executable.run(["serve", "--host", "0.0.0.0"])
    #expect(open.status != 0 && open.errors.contains("token"), "\(open.errors)")
  }
}
