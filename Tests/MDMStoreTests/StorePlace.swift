import Foundation
import MDMStore

/// A store in a folder of its own, and what a writer complained about.
final class StorePlace: @unchecked Sendable {
  let folder = FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString)")
  var store: RunStore { RunStore(path: path) }
  var path: String { folder.appending(path: "deep/runs").path }
  var database: String { path + "/runs.sqlite" }
  private let lock = NSLock()
  private var list: [StoreError] = []

  deinit { try? FileManager.default.removeItem(at: folder) }

  var complaints: [StoreError] { lock.withLock { list } }

  func writer(
    _ id: String = RunIdentifier.make(), pause: Double = 0,
    _ change: (inout RunWriter.Description) -> Void = { _ in }
  ) throws -> RunWriter {
    var description = RunWriter.Description()
    description.label = "uniform"
    description.steps = 9
    change(&description)
    return try RunWriter(store, id: id, description, pause: pause) { error in
      self.lock.withLock { self.list.append(error) }
    }
  }

  func completion(_ step: Int, _ size: Int = 8) -> KeptCompletion {
    KeptCompletion(
      step: step, domain: "coco", example: "coco/\(step)", prompt: "where is it", text: "1 2 3 4",
      reward: 0.5, advantage: -1.25, isFinished: true, image: "image \(step)",
      png: [UInt8](repeating: UInt8(step % 256), count: size))
  }

  /// What SQLite's own program says to a statement: the file is no secret of mdm.
  @discardableResult
  func sqlite(_ statement: String) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", Self.script, database, statement]
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  private static let script = """
    import sqlite3, sys
    db = sqlite3.connect(sys.argv[1], timeout=10)
    for row in db.execute(sys.argv[2]):
      print("|".join("" if x is None else str(x) for x in row))
    db.commit()
    """
}
