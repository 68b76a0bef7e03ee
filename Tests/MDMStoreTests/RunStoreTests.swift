import Foundation
import MDMJSON
import MDMStore
import Testing

/// A run can be read by anybody while it is written, and whatever becomes of who writes it.
@Suite struct RunStoreTests {
  /// A store in a folder of its own.
  private func store() -> RunStore {
    let path = FileManager.default.temporaryDirectory.appending(path: "mdm-\(UUID().uuidString)")
    return RunStore(path: path.appending(path: "deep/runs").path)
  }

  /// What a writer complained about.
  private final class Complaints: @unchecked Sendable {
    private let lock = NSLock()
    private var list: [String] = []
    var texts: [String] { lock.withLock { list } }
    func add(_ text: String) { lock.withLock { list.append(text) } }
  }

  private func writer(
    _ store: RunStore, _ id: String = RunIdentifier.make(), _ complaints: Complaints = Complaints()
  ) throws -> RunWriter {
    try RunWriter(
      store, id: id,
      description: [
        .init(name: "label", value: .string("uniform")), .init(name: "steps", value: .integer(9)),
      ]
    ) { complaints.add($0) }
  }

  @Test func aRunIsReadWhileItIsWritten() throws {
    let store = store()
    let writer = try writer(store)
    writer.add(step: 1, metrics: ["loss": 0.5, "kl": .nan])
    writer.add(step: 2, metrics: ["loss": 0.25, "kl": 1])
    let run = try #require(store.run(writer.id))
    #expect(run.status == .running)
    #expect((run.label, run.plannedSteps, run.lastStep) == ("uniform", 9, 2))
    #expect(run.series["loss"] == [0.5, 0.25])
    #expect(run.series["kl"]?.map(\.isNaN) == [true, false])
    writer.end(status: "complete", more: [.init(name: "scores", value: .null)])
    writer.end(status: "failed", more: [])
    let ended = try #require(store.run(writer.id))
    #expect(ended.status == .complete)
    #expect(ended.description["steps_done"]?.integer == 2)
    #expect(ended.description["scores"] == .null)
  }

  @Test func aLineThatWasCutShortIsLeftOut() throws {
    let store = store()
    let writer = try writer(store)
    writer.add(step: 1, metrics: ["loss": 1])
    let path = writer.folder + "/metrics.jsonl"
    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data("{\"step\":2,\"lo".utf8))
    let run = try #require(store.run(writer.id))
    #expect(run.lastStep == 1)
    #expect(run.series == ["loss": [1]])
    try file.write(contentsOf: Data("\n{\"step\":3,\"loss\":3}\n{\"step\":3,\"loss\":4}\n7\n".utf8))
    #expect(run.series == ["loss": [1, 3]])
  }

  @Test func aRunWhoseProcessIsGoneIsLost() throws {
    let store = store()
    let writer = try writer(store)
    let path = writer.folder + "/run.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for (old, new) in [
      ("\"pid\":\(getpid())", "\"pid\":4194305"),
      // The number is in use, by a process that started at another time.
      ("\"pid_start\":", "\"pid_start\":9"), ("\"boot_id\":\"", "\"boot_id\":\"x"),
      ("\"host\":", "\"hast\":"),
    ] {
      #expect(text.contains(old))
      try text.replacing(old, with: new).write(toFile: path, atomically: true, encoding: .utf8)
      #expect(store.run(writer.id)?.status == .lost, "\(old)")
    }
    // Of another host nothing is known.
    try text.replacing("\"host\":\"", with: "\"host\":\"other-").write(
      toFile: path, atomically: true, encoding: .utf8)
    #expect(store.run(writer.id)?.status == .running)
  }

  /// What was measured is there, and the folder can be removed.
  @Test func aRunOutlivesItsDescription() throws {
    let store = store()
    let writer = try writer(store)
    writer.add(step: 1, metrics: ["loss": 2])
    for text in ["", "{", "[1]", "\u{0}"] {
      try text.write(toFile: writer.folder + "/run.json", atomically: true, encoding: .utf8)
      let run = try #require(store.run(writer.id))
      #expect(run.status == .lost && run.series == ["loss": [2]] && run.plannedSteps == 0)
      #expect(run.label == "run.json cannot be read" && store.find(writer.id) == [writer.id])
    }
    try FileManager.default.removeItem(atPath: writer.folder + "/run.json")
    #expect(store.runs.map(\.id) == [writer.id])
    try store.remove(writer.id)
    #expect(store.ids.isEmpty)
  }

  @Test func aFolderWithoutFilesOfARunIsNone() throws {
    let store = store()
    let writer = try writer(store)
    try FileManager.default.removeItem(atPath: writer.folder + "/metrics.jsonl")
    try "{".write(toFile: writer.folder + "/run.json", atomically: true, encoding: .utf8)
    #expect(store.run(writer.id) == nil)
    try "{}".write(toFile: writer.folder + "/run.json", atomically: true, encoding: .utf8)
    #expect(store.run(writer.id)?.status == .lost)
  }

  @Test func aRequestToStopIsSeen() throws {
    let store = store()
    let writer = try writer(store)
    #expect(!writer.isStopRequested)
    try #require(store.run(writer.id)).requestStop()
    // It looks now and then only.
    let deadline = Date(timeIntervalSinceNow: 30)
    while !writer.isStopRequested, Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
    #expect(writer.isStopRequested)
  }

  @Test func idsAreInTheOrderOfTimeAndFoundByTheirBeginning() throws {
    let store = store()
    #expect(store.ids.isEmpty)
    let ids = try ["1aaa", "1aab", "2aaa"].map { try writer(store, $0).id }
    #expect(store.ids == ids)
    #expect(store.find("2") == ["2aaa"])
    #expect(store.find("1aa") == ["1aaa", "1aab"])
    #expect(store.find("1aaa") == ["1aaa"])
    for text in ["", "../x", "..", "/", "1aaa/..", "3"] { #expect(store.find(text).isEmpty) }
    #expect(store.run("../runs") == nil)
    let made = (0..<50).map { _ in RunIdentifier.make() }
    #expect(Set(made).count == 50)
    #expect(made.allSatisfy { RunIdentifier.isPlausible($0) && $0.utf8.count == 11 })
    let (first, last) = (try #require(made.first), try #require(made.last))
    #expect(first.prefix(6) <= last.prefix(6))
  }

  @Test func twoRunsNeverShareAFolder() async throws {
    let store = store()
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try store.create("1same").id } }
      return try await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(Set(ids).count == 16)
    #expect(ids.contains("1same") && ids.contains("1same-2"))
  }

  @Test func onlyRunsThatHaveEndedAreRemoved() throws {
    let store = store()
    let writer = try writer(store)
    #expect(throws: StoreError.self) { try store.remove(writer.id) }
    writer.end(status: "interrupted", more: [])
    try store.remove(writer.id)
    #expect(store.ids.isEmpty)
    #expect(throws: StoreError.self) { try store.remove(writer.id) }
  }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    let store = RunStore(path: "/dev/null/runs")
    let error = #expect(throws: StoreError.self) { try writer(store) }
    #expect(error?.description == "/dev/null/runs: Not a directory")
    #expect(store.ids.isEmpty)
  }

  @Test func aFolderThatVanishesIsToldOnce() throws {
    let store = store()
    let complaints = Complaints()
    let writer = try writer(store, RunIdentifier.make(), complaints)
    try FileManager.default.removeItem(atPath: writer.folder)
    writer.add(step: 1, metrics: ["loss": 1])
    writer.end(status: "complete", more: [])
    writer.end(status: "complete", more: [])
    #expect(complaints.texts.count == 1)
    #expect(complaints.texts.first?.contains("run.json cannot be written: No such file") == true)
  }
}
