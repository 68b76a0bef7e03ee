import Foundation
import Testing

/// Runs that one process trains and others find.
@Suite struct RunsTests {
  private static let training = """
    let base = policy("mini")
    let mix = uniform(load("mini"))
    let small = grpo(prompts: 1, group: 2)
    let run = train(base, mix, steps: 100k, evaluate: 0, algorithm: small)
    print(run.status, run.id)
    """

  /// A process that trains until somebody ends it, and the folder of its runs.
  private func trainer(_ body: (Process, URL) throws -> Void) throws {
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let process = Process()
    process.executableURL = Executable.root.appending(path: ".build/release/mdm")
    process.arguments = ["-e", Self.training]
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["MDM_RUNS": folder.appending(path: "runs").path]
    ) { $1 }
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    defer {
      if process.isRunning { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
    }
    let deadline = Date(timeIntervalSinceNow: 60)
    while Date() < deadline {
      if try Self.step(in: folder) > 2 {
        try body(process, folder)
        return
      }
    }
    Issue.record("nothing was trained")
  }

  /// The last step of the only run.
  private static func step(in folder: URL) throws -> Int {
    let list = try Executable.run(["runs"], in: folder).output
    return list.firstMatch(of: /(\d+)\/100000/).flatMap { Int($0.1) } ?? 0
  }

  private static func id(in folder: URL) throws -> String {
    let list = try Executable.run(["runs"], in: folder).output
    return try #require(
      list.split(separator: "\n").last?.split(separator: " ").first.map(String.init))
  }

  @Test func anotherProcessFollowsAndStopsARun() throws {
    try trainer { process, folder in
      let list = try Executable.run(["runs"], in: folder)
      #expect(list.output.contains("running"))
      let result = try Executable.run(
        [
          "-e",
          """
          let r = attach()
          print(r.status, r.steps, len(r.curves["reward/mean"]) >= 3)
          print(plot(r.curves), curves([r]))
          print(type(r.stop().wait()), r.status, r.step < 100k)
          """,
        ], in: folder)
      #expect(!result.errors.contains("error"), "\(result.errors)")
      #expect(
        result.output == """
          running 100000 true
          Plot "" Plot "reward/mean while training, by mixture"
          Job interrupted true

          """)
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
      #expect(try Executable.run(["runs"], in: folder).output.contains("interrupted"))
    }
  }

  @Test func aProcessThatIsKilledLosesNothingThatItHadDone() throws {
    try trainer { process, folder in
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let result = try Executable.run(
        [
          "-e",
          "let r = attach()\nprint(r.status, r.step == len(r.curves[\"reward/mean\"]), r.step >= 3)",
        ],
        in: folder)
      #expect(result.output == "interrupted true true\n", "\(result.errors)")
      #expect(try Executable.run(["runs"], in: folder).output.contains("lost"))
      let id = try Self.id(in: folder)
      let shown = try Executable.run(["runs", "show", id], in: folder).output
      #expect(shown.contains("lost after ") && shown.contains("data "), "\(shown)")
      let told = try Executable.run(["runs", "prune", "--days", "0", "--dry-run"], in: folder)
        .output
      #expect(told.hasPrefix(id) && told.contains("would remove 1 run and 0 remembered results"))
      #expect(
        try Executable.run(["runs", "prune", "--days", "1"], in: folder).output
          == "removed 0 runs and 0 remembered results, 0.0 MB\n")
      #expect(try Executable.run(["runs", "rm", String(id.prefix(9))], in: folder).status == 0)
      #expect(try Executable.run(["runs"], in: folder).output.hasPrefix("no runs in "))
    }
  }

  @Test func aFullDiskEndsNoTraining() throws {
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    // The system lets no file grow beyond 160 KiB: the database has room for a few steps.
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    let script =
      Self.training.replacing("100k", with: "40").replacing(
        "run.id", with: "attach(run.id).step < 40")
    process.arguments = [
      "-c", "ulimit -f 160; exec .build/release/mdm -e '\(script)'",
    ]
    process.currentDirectoryURL = Executable.root
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["MDM_RUNS": folder.appending(path: "runs").path]
    ) { $1 }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 100)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(text == "complete true\n")
    let report = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(report.components(separatedBy: "W0803").count == 2, "\(report)")
    #expect(report.contains("runs are not kept: ") && report.contains("MDM_RUNS names another"))
  }

  @Test func aScriptWaitsForItsJobsAndTellsTheirErrors() throws {
    let good = try Executable.run(
      ["-e", "fn late() { sleep(50ms)\nprint(\"from the job\") }\nspawn late()\nprint(\"end\")"])
    #expect(good.output == "end\nfrom the job\n")
    #expect(good.status == 0)
    let bad = try Executable.run(["-e", "fn bad() [1][3]\nspawn bad()\nprint(\"end\")"])
    #expect(bad.status == 1)
    #expect(bad.errors.contains("E0404"))
    #expect(bad.errors.contains("in job 1, bad()"))
  }

  @Test func ctrlCStopsTheJobsOfAScriptThatHasEnded() throws {
    let result = try Executable.run(
      ["-e", "fn forever() { while true { } }\nspawn forever()\nprint(\"end\")"],
      interruptAfter: "waiting for a job")
    #expect(result.wasSignalled)
    #expect(result.status == SIGINT)
  }

  @Test func leavingThePromptStopsJobs() throws {
    let result = try Executable.run(
      [], input: "fn forever() { while true { } }\nlet r = spawn forever()\nr.status\n")
    #expect(result.output.contains("running"))
    #expect(result.errors.contains("stopping job 1"))
    #expect(result.status == 0)
  }
}
