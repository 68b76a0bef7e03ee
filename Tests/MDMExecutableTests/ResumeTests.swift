import Foundation
import Testing

/// A training that is killed at any moment goes on, and ends with the bits of one that never was.
@Suite struct ResumeTests {
  /// A training in a process of its own; its output is told once it ends.
  private final class Training {
    let process = Process()
    let folder: URL
    private let output: URL
    private let errors: URL

    init(_ script: String, in folder: URL) throws {
      self.folder = folder
      output = folder.appending(path: "out")
      errors = folder.appending(path: "err")
      for file in [output, errors] { try Data().write(to: file) }
      process.executableURL = Executable.root.appending(path: ".build/release/mdm")
      process.arguments = ["-e", script]
      process.environment = ProcessInfo.processInfo.environment.merging(
        ["MDM_RUNS": folder.appending(path: "runs").path]
      ) { $1 }
      process.standardOutput = try FileHandle(forWritingTo: output)
      process.standardError = try FileHandle(forWritingTo: errors)
      try process.run()
    }

    var text: (output: String, errors: String) {
      (
        (try? String(contentsOf: output, encoding: .utf8)) ?? "",
        (try? String(contentsOf: errors, encoding: .utf8)) ?? ""
      )
    }

    /// Waits until something holds or the process ends; false where it ended.
    func wait(until isTime: () -> Bool) -> Bool {
      let deadline = Date(timeIntervalSinceNow: 100)
      while process.isRunning, Date() < deadline {
        if isTime() { return true }
        usleep(200)
      }
      process.waitUntilExit()
      return false
    }

    func kill(_ signal: Int32 = SIGKILL) {
      Foundation.kill(process.processIdentifier, signal)
      process.waitUntilExit()
    }
  }

  private func script(base: String, steps: Int, every: Int) -> String {
    """
    # Something that any policy can learn.
    reward fn brief(c, e) -> 0..1 { if len(c.text) < 40 { 1 } else { 0 } }
    let r = train(\(base), uniform(load("mini")), steps: \(steps), seed: 3, evaluate: 0,
      checkpoint: \(every), reward: brief, algorithm: grpo(prompts: 2, group: 4))
    print(r.status, r.steps, r.policy.fingerprint, r.drawn)
    for key, values in r.metrics { print(key, values) }
    """
  }

  private static let small = "policy({hidden: 32, layers: 1})"

  /// What a training that nobody kills gives.
  private func whole(_ script: String) throws -> String {
    let result = try Executable.run(["-e", script])
    #expect(result.status == 0, "\(result.errors)")
    return result.output
  }

  private func runs(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "runs").path)
      .filter { !$0.hasPrefix("runs.sqlite") }
  }

  @Test func aRunThatIsKilledAtAnyStepEndsWithTheSameBits() throws {
    let script = script(base: Self.small, steps: 200, every: 4)
    let expected = try whole(script)
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var generator = SystemRandomNumberGenerator()
    var ended: Training?
    var goneOn = 0
    for attempt in 0..<60 where ended == nil {
      let training = try Training(script, in: folder)
      // Anywhere: before the first step, within one, between two.
      let moment = Date(
        timeIntervalSinceNow: .random(in: 0.02...0.25, using: &generator)
          * (attempt > 8 ? 4 : 1))
      if training.wait(until: { Date() >= moment }) { training.kill() } else { ended = training }
      goneOn += training.text.errors.contains("goes on after step") ? 1 : 0
    }
    let text = try #require(ended?.text)
    #expect(text.output == expected)
    #expect(goneOn > 0)
    #expect(try runs(in: folder).count <= 60 - goneOn)
    // The store has each step once.
    let list = try Executable.run(["runs"], in: folder).output
    #expect(list.contains("200/200") && list.contains("complete"), "\(list)")
  }

  @Test func aKillWhileACheckpointIsWrittenLeavesTheOneBefore() throws {
    let script = script(base: "policy(\"mini\")", steps: 8, every: 1)
    let expected = try whole(script)
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var torn = 0
    for _ in 0..<3 {
      let training = try Training(script, in: folder)
      let isTorn = training.wait {
        let id = try? runs(in: folder).last
        let place = folder.appending(path: "runs/\(id ?? "none")").path
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
        return names.contains { $0.hasSuffix("\(training.process.processIdentifier).part") }
      }
      if isTorn {
        training.kill()
        torn += 1
      }
    }
    let training = try Training(script, in: folder)
    _ = training.wait { false }
    #expect(training.text.output == expected, "\(training.text.errors)")
    #expect(torn > 0)
  }

  @Test func aWarmUpThatIsKilledEndsWithTheSameBits() throws {
    let script = "print(warmup(\(Self.small), load(\"mini\"), steps: 900).fingerprint)"
    let expected = try whole(script)
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let training = try Training(script, in: folder)
    // The clock has the first checkpoint written some seconds after the start.
    let isKept = training.wait {
      let id = try? runs(in: folder).last
      return FileManager.default.fileExists(
        atPath: folder.appending(path: "runs/\(id ?? "none")/run.safetensors").path)
    }
    try #require(isKept)
    training.kill()
    let next = try Training(script, in: folder)
    _ = next.wait { false }
    #expect(next.text.output == expected)
    #expect(next.text.errors.contains("goes on after step"), "\(next.text.errors)")
  }

  @Test func aRunThatSIGTERMEndedGoesOn() throws {
    let script = script(base: Self.small, steps: 400, every: 0)
    let expected = try whole(script)
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let training = try Training(script, in: folder)
    _ = training.wait { (try? runs(in: folder).isEmpty) == false }
    usleep(50_000)
    training.kill(SIGTERM)
    let next = try Training(script, in: folder)
    _ = next.wait { false }
    #expect(next.text.output == expected)
    #expect(next.text.errors.contains("goes on after step"), "\(training.text.output)")
    #expect(try runs(in: folder).count == 1)
  }

  @Test func twoRunsAtOnceAreTheRunsOneByOne() throws {
    func script(_ train: String) -> String {
      """
      let base = \(Self.small)
      let suite = load("mini")
      fn one(seed) train(base, uniform(suite), steps: 10, seed: seed, evaluate: 0,
        algorithm: grpo(prompts: 2, group: 4))
      \(train)
      print(runs |> map(fn(r) r.policy.fingerprint))
      """
    }
    let together = try whole(
      script("let jobs = [spawn one(1), spawn one(2)]\nlet runs = jobs |> map(fn(j) j.wait())"))
    #expect(try whole(script("let runs = [one(1), one(2)]")) == together)
  }

  @Test func aSweepThatIsKilledRepeatsNoFinishedRun() throws {
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let script = """
      let base = \(Self.small)
      let suite = load("mini")
      let runs = [uniform(suite), mix {coco: 100%}] |> sweep(
        fn(m, seed) train(base, m, data: suite, steps: 30, seed: seed, evaluate: 0, checkpoint: 5,
          algorithm: grpo(prompts: 2, group: 4)), seeds: 2)
      print(runs |> map(fn(r) r.policy.fingerprint))
      """
    let expected = try whole(script)
    let killed = try Training(script, in: folder)
    #expect(killed.wait { killed.text.errors.contains("2/4") })
    killed.kill()
    let next = try Training(script, in: folder)
    _ = next.wait { false }
    #expect(next.text.output == expected)
    let lines = next.text.errors.split(separator: "\n").filter { $0.contains("/4  ") }
    #expect(lines.count == 4 && lines.prefix(2).allSatisfy { $0.hasSuffix("kept") }, "\(lines)")
    #expect(lines.suffix(2).allSatisfy { !$0.hasSuffix("kept") })
  }
}
