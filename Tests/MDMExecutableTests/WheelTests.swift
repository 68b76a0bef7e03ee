import Foundation
import Testing

/// The Python packages, built as a release builds them. `scripts/wheel` checks what is in the wheel.
@Suite struct WheelTests {
  @Test(.enabled(if: canBuild, "python3 with setuptools and wheel is missing; see scripts/setup"))
  func theWheelsBuildWithoutNetworkAndHoldWhatTheyShould() throws {
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let (status, text) = try Self.run("scripts/wheel", [folder.path])
    #expect(status == 0, "\(text)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(
      files.sorted() == [
        "mdm_jupyter-0.1.0-py3-none-any.whl", "mdm_rewards-0.1.0-py3-none-any.whl",
      ], "\(text)")
  }

  private static let canBuild = ["python3", "/usr/bin/python3"].contains { python in
    (try? run("/usr/bin/env", [python, "-c", "import setuptools, wheel"]).status) == 0
  }

  /// Runs a program in the repository; what it writes on both outputs comes back.
  private static func run(
    _ program: String, _ arguments: [String]
  ) throws -> (status: Int32, text: String) {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/timeout")
    process.arguments = ["-k", "5", "120", program] + arguments
    process.currentDirectoryURL = Executable.root
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return (process.terminationStatus, String(decoding: data, as: UTF8.self))
  }
}
