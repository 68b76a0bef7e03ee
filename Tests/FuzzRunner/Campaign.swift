import Foundation
import Fuzzing

/// Keeps a worker going until the time is over, and keeps the cases that stop it.
final class Campaign {
  private let target: any FuzzTarget
  private let name: String
  private let seed: UInt64
  private let root: String
  private let output: URL
  private var failures: [(index: UInt64, reason: String)] = []

  /// So many failures say enough.
  static let maximumFailures = 50
  /// A worker that gets no further for so many seconds waits for something that never comes.
  static let stall = 180.0

  init(
    _ target: any FuzzTarget, target name: String, seed: UInt64, root: String, output: String
  ) throws {
    self.target = target
    self.name = name
    self.seed = seed
    self.root = root
    self.output = URL(filePath: output).appending(path: name)
    try FileManager.default.createDirectory(at: self.output, withIntermediateDirectories: true)
  }

  /// The number of failures.
  func run(seconds: Double) throws -> Int {
    let start = Date()
    let end = start.addingTimeInterval(seconds)
    let path = output.appending(path: "progress-\(getpid())").path
    let progress = try Progress(path: path)
    defer { unlink(path) }
    var next: UInt64 = 0
    while Date() < end, failures.count < Self.maximumFailures {
      guard let reason = try runWorker(from: next, progress, path: path, until: end) else {
        next = progress.index
        break
      }
      try keep(progress.index, reason)
      next = progress.index + 1
    }
    let rate = Double(next) / Date().timeIntervalSince(start)
    print(
      "\(name): \(next) inputs with seed \(seed), \(Int(rate)) a second, \(failures.count) failures"
    )
    fflush(nil)
    return failures.count
  }

  /// Runs a worker to its end: why it stopped, or nil where the time is over.
  private func runWorker(
    from index: UInt64, _ progress: Progress, path: String, until end: Date
  ) throws -> String? {
    let errors = output.appending(path: "stderr-\(getpid())")
    defer { try? FileManager.default.removeItem(at: errors) }
    try Data().write(to: errors)
    let process = Process()
    process.executableURL = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      name, "--worker", path, "--seed", "\(seed)", "--from", "\(index)", "--root", root,
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["SWIFT_BACKTRACE": "enable=no"]
    ) { $1 }
    process.standardError = try FileHandle(forWritingTo: errors)
    progress.index = index
    try process.run()
    var seen = (index: index, at: Date())
    while process.isRunning {
      Thread.sleep(forTimeInterval: 0.2)
      if progress.index != seen.index { seen = (progress.index, Date()) }
      let isStalled = Date().timeIntervalSince(seen.at) > Self.stall
      guard Date() >= end || isStalled else { continue }
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      return isStalled ? "it waits for something that never comes" : nil
    }
    let said = (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
    let text = said.split(separator: "\n").suffix(12).joined(separator: "\n")
    switch (process.terminationReason, process.terminationStatus) {
    case (.exit, Worker.brokenLaw): return text
    case (.uncaughtSignal, SIGPROF):
      return "it takes more than \(Worker.secondsPerCase) s of the processor"
    case (.uncaughtSignal, let signal): return "signal \(signal)\n\(text)"
    case (.exit, let status): return "exit status \(status)\n\(text)"
    }
  }

  private func keep(_ index: UInt64, _ reason: String) throws {
    failures.append((index, reason))
    var random = RandomNumbers(seed: seed, index: index)
    let file = output.appending(path: "seed\(seed)-\(index).case")
    try Data(target.input(&random)).write(to: file)
    print("\(name), case \(index): \(reason)\n  again: scripts/fuzz \(name) --file \(file.path)")
    fflush(nil)
  }
}
