import Foundation
import MDMKernel
import Testing

/// The built executable as a kernel, in a folder of its own, ended with its test.
final class KernelProcess {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let executable = root.appending(path: ".build/release/mdm").path

  /// The folder of connection file, history and log.
  let folder: URL
  let process = Process()
  private let ownsFolder: Bool

  var connectionFile: String { folder.path + "/connection.json" }
  var log: String { (try? String(contentsOfFile: folder.path + "/log", encoding: .utf8)) ?? "" }

  /// - Parameters:
  ///   - connection: what the client asks for; nil: the kernel makes one.
  ///   - folder: that of an earlier kernel, for its history.
  init(
    _ connection: Connection? = nil, arguments: [String] = [], folder: URL? = nil,
    environment: [String: String] = [:]
  ) throws {
    self.folder =
      folder
      ?? FileManager.default.temporaryDirectory.appending(path: "mdm-kernel-\(UUID().uuidString)")
    ownsFolder = folder == nil
    try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
    try? FileManager.default.removeItem(atPath: connectionFile)
    if let connection { try Data(connection.bytes).write(to: URL(filePath: connectionFile)) }
    let log = self.folder.path + "/log"
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    process.executableURL = URL(filePath: Self.executable)
    process.arguments = ["kernel", "run", "--connection-file", connectionFile] + arguments
    process.currentDirectoryURL = self.folder
    process.environment = ProcessInfo.processInfo.environment
      .merging(["XDG_STATE_HOME": self.folder.path, "NO_COLOR": "1"]) { $1 }
      .merging(environment) { $1 }
    process.environment?["JPY_PARENT_PID"] = environment["JPY_PARENT_PID"]
    process.standardError = FileHandle(forWritingAtPath: log)
    process.standardOutput = FileHandle(forWritingAtPath: log)
    process.standardInput = FileHandle.nullDevice
    try process.run()
  }

  /// Where it listens, once it has said so.
  func connection() throws -> Connection {
    let deadline = Date(timeIntervalSinceNow: 30)
    while Date() < deadline {
      if let bytes = FileManager.default.contents(atPath: connectionFile), bytes.last == 0x0A {
        return try Connection(Array(bytes), path: connectionFile)
      }
      Thread.sleep(forTimeInterval: 0.002)
    }
    throw TestTimeout("the kernel has written no connection file: \(log)")
  }

  /// Waits for the end of the process; its exit status, nil where it goes on.
  func exitStatus(within seconds: Double = 20) -> Int32? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.005) }
    return process.isRunning ? nil : process.terminationStatus
  }

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    if ownsFolder { try? FileManager.default.removeItem(at: folder) }
  }
}

/// Something that a test waits for did not come.
struct TestTimeout: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
