import Foundation
import Glibc

/// Runs the built executable as a user's shell does.
struct Executable {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  struct Result {
    let status: Int32
    let wasSignalled: Bool
    let output: String
    let errors: String
  }

  /// A new folder that belongs to one test.
  static func temporaryFolder() throws -> URL {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }

  /// Runs `mdm` to its end; `interruptAfter` sends it SIGINT once its
  /// standard error holds that text.
  static func run(
    _ arguments: [String], in folder: URL? = nil, input: String = "",
    interruptAfter text: String? = nil
  ) throws -> Result {
    let scratch = try temporaryFolder()
    defer { try? FileManager.default.removeItem(at: scratch) }
    let files = ["in", "out", "err"].map { scratch.appending(path: $0) }
    try Data(input.utf8).write(to: files[0])
    for file in files.dropFirst() { try Data().write(to: file) }
    let process = Process()
    process.executableURL = root.appending(path: ".build/release/mdm")
    process.arguments = arguments
    process.currentDirectoryURL = folder ?? scratch
    // No test touches the runs of who runs it.
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["MDM_RUNS": (folder ?? scratch).appending(path: "runs").path]
    ) { $1 }
    process.standardInput = try FileHandle(forReadingFrom: files[0])
    process.standardOutput = try FileHandle(forWritingTo: files[1])
    process.standardError = try FileHandle(forWritingTo: files[2])
    try process.run()
    // A program that hangs is killed, so that its test fails instead of hanging too.
    let deadline = Date(timeIntervalSinceNow: 120)
    var awaited = text
    while process.isRunning, Date() < deadline {
      Thread.sleep(forTimeInterval: 0.005)
      if let text = awaited, try String(contentsOf: files[2], encoding: .utf8).contains(text) {
        process.interrupt()
        awaited = nil
      }
    }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return Result(
      status: process.terminationStatus, wasSignalled: process.terminationReason == .uncaughtSignal,
      output: try String(contentsOf: files[1], encoding: .utf8),
      errors: try String(contentsOf: files[2], encoding: .utf8))
  }
}
