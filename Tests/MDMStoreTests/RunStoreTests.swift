import Foundation
import MDMJSON
import MDMStore
import Testing

/// A run can be read by anybody while it is written, and whatever becomes of who writes it.
@Suite struct RunStoreTests {
  private let place = StorePlace()
  private var store: RunStore { place.store }

  @Test func aRunIsReadWhileItIsWritten() throws {
    let writer = try place.writer()
    writer.add(step: 1, metrics: ["loss": 0.5, "kl": .nan])
    writer.add(step: 2, metrics: ["loss": 0.25, "kl": 1])
    let run = try #require(try store.run(writer.id))
    #expect(run.status == .running)
    #expect((run.label, run.plannedSteps, run.lastStep) == ("uniform", 9, 2))
    #expect(try run.series["loss"] == [0.5, 0.25])
    #expect(try run.series["kl"]?.map(\.isNaN) == [true, false])
    writer.end(status: "complete", scores: [("out", 0.5)], artefacts: [("policy", "abc")])
    writer.end(status: "failed")
    let ended = try #require(try store.run(writer.id))
    #expect(ended.status == .complete)
    #expect(try ended.scores == ["out": 0.5])
    #expect(try store.maker(of: "abc")?.id == writer.id)
    #expect(try store.maker(of: "abd") == nil)
  }

  /// Quick steps share a transaction: a reader sees the first, and the others once they are written.
  @Test func stepsWaitForTheNextTransaction() throws {
    let writer = try place.writer("1fan", pause: 3600)
    for step in 1...3 {
      writer.add(step: step, metrics: ["loss": 1], completions: [place.completion(step)])
    }
    #expect(try store.run("1fan")?.lastStep == 1)
    writer.flush()
    #expect(try store.run("1fan")?.lastStep == 3)
    writer.add(step: 4, metrics: ["loss": 1, "kl": 2])
    writer.end(status: "complete")
    let run = try #require(try store.run("1fan"))
    #expect(try run.series == ["loss": [1, 1, 1, 1], "kl": [2]])
    #expect(try run.completions().map(\.step) == [1, 2, 3])
  }

  /// The bits of every value come back, but for the sign of zero, which SQLite does not keep.
  @Test func valuesAreKeptExactly() throws {
    let writer = try place.writer()
    let values = [0.1, 1 / 3.0, .leastNonzeroMagnitude, 0.0, .infinity, -1e308, 2]
    for (step, value) in values.enumerated() { writer.add(step: step + 1, metrics: ["a/b": value]) }
    let read = try #require(try store.run(writer.id)?.series["a/b"])
    #expect(read.map(\.bitPattern) == values.map(\.bitPattern))
  }

  @Test func aRunWhoseProcessIsGoneIsLost() throws {
    let writer = try place.writer()
    for change in ["pid = 4194305", "pid_start = pid_start + 1", "boot_id = 'x'"] {
      try place.sqlite("UPDATE run SET \(change)")
      #expect(try store.run(writer.id)?.status == .lost, "\(change)")
      try place.sqlite("UPDATE run SET pid = \(getpid())")
    }
    // Of another host nothing is known.
    try place.sqlite("UPDATE run SET host = 'other'")
    #expect(try store.run(writer.id)?.status == .running)
  }

  @Test func aRunThatIsLostGoesOn() throws {
    let writer = try place.writer("1fan")
    for step in 1...5 {
      writer.add(step: step, metrics: ["loss": Double(step)], completions: [place.completion(step)])
    }
    try place.sqlite("UPDATE run SET pid = 4194305")
    let lost = try #require(try store.run("1fan"))
    #expect(lost.status == .lost && lost.lastStep == 5)
    let next = try #require(
      try RunWriter.resume(lost, in: store, after: 3, job: "2jab") { _ in })
    // Somebody who saw it lost too comes late.
    #expect(try RunWriter.resume(lost, in: store, after: 3, job: nil) { _ in } == nil)
    next.add(step: 4, metrics: ["loss": 40])
    let run = try #require(try store.run("1fan"))
    #expect(run.status == .running && run.lastStep == 4)
    #expect(try run.series["loss"] == [1, 2, 3, 40])
    #expect(try run.completions().map(\.step) == [1, 2, 3])
    #expect(try store.find("2jab") == ["1fan"])
  }

  @Test func aRequestToStopIsSeen() throws {
    let writer = try place.writer()
    #expect(!writer.isStopRequested)
    try #require(try store.run(writer.id)).requestStop()
    // It looks now and then only.
    let deadline = Date(timeIntervalSinceNow: 30)
    while !writer.isStopRequested, Date() < deadline { Thread.sleep(forTimeInterval: 0.01) }
    #expect(writer.isStopRequested)
  }

  @Test func idsAreInTheOrderOfTimeAndFoundByTheirBeginning() throws {
    #expect(try store.ids().isEmpty)
    let ids = try ["1aaa", "1aab", "2aaa"].map { try place.writer($0).id }
    #expect(try store.ids() == ids)
    #expect(try store.ids(newest: 2) == ["1aab", "2aaa"])
    #expect(try store.find("2") == ["2aaa"])
    #expect(try store.find("1aa") == ["1aaa", "1aab"])
    #expect(try store.find("1aaa") == ["1aaa"])
    for text in ["", "../x", "..", "/", "1aaa/..", "3"] { #expect(try store.find(text).isEmpty) }
    #expect(try store.run("../runs") == nil)
    let made = (0..<50).map { _ in RunIdentifier.make() }
    #expect(Set(made).count == 50)
    #expect(made.allSatisfy { RunIdentifier.isPlausible($0) && $0.utf8.count == 11 })
    let (first, last) = (try #require(made.first), try #require(made.last))
    #expect(first.prefix(6) <= last.prefix(6))
  }

  @Test func twoRunsNeverShareAnId() async throws {
    let place = place
    let ids = try await withThrowingTaskGroup(of: String.self) { group in
      for _ in 0..<16 { group.addTask { try place.writer("1same").id } }
      return try await group.reduce(into: [String]()) { $0.append($1) }
    }
    #expect(Set(ids).count == 16)
    #expect(ids.contains("1same") && ids.contains("1same-2"))
  }

  @Test func onlyRunsThatHaveEndedAreRemoved() throws {
    let writer = try place.writer()
    writer.add(step: 1, metrics: ["loss": 1], completions: [place.completion(1)])
    #expect(throws: StoreError.self) { try store.remove(writer.id) }
    writer.end(status: "interrupted")
    try store.remove(writer.id)
    #expect(try store.ids().isEmpty)
    #expect(!FileManager.default.fileExists(atPath: writer.folder))
    for table in ["metric", "completion", "image"] {
      #expect(try place.sqlite("SELECT count(*) FROM \(table)") == "0\n")
    }
    #expect(throws: StoreError.self) { try store.remove(writer.id) }
  }

  @Test func whatIsOldIsRemoved() throws {
    let ended = try place.writer("1fan")
    ended.add(step: 1, metrics: ["loss": 1], completions: [place.completion(1, 1 << 20)])
    ended.end(status: "complete")
    let going = try place.writer("2fan")
    going.add(step: 1, metrics: ["loss": 1])
    try store.remember("key", kind: "evaluation", value: [1, 2, 3])
    #expect(try store.old(seconds: 3600).runs.isEmpty)
    try place.sqlite("UPDATE run SET changed = changed - 7200")
    try place.sqlite("UPDATE memory SET stored = stored - 7200")
    try store.remember("new", kind: "evaluation", value: [4])
    let old = try store.old(seconds: 3600)
    // A run that goes on is not old.
    #expect(old.runs.map(\.id) == ["1fan"] && old.results == ["key"] && old.bytes > 3)
    try store.remove(old)
    #expect(try store.ids() == ["2fan"])
    #expect(try store.recall("key") == nil && store.recall("new") == [4])
    let after = try FileManager.default.attributesOfItem(atPath: place.database)[.size] as? Int
    #expect(try #require(after) < 200_000)
  }

  @Test func resultsAreKeptByTheirKey() throws {
    #expect(try store.recall("a") == nil)
    try store.remember("a", kind: "evaluation", value: [1, 2])
    try store.remember("a", kind: "evaluation", value: [3, 0, 255])
    #expect(try store.recall("a") == [3, 0, 255])
    #expect(try store.recall("b") == nil)
  }

  @Test func runsOfOneKeyAreFoundTheNewestFirst() throws {
    for (id, key) in [("1a", "k"), ("1b", "other"), ("1c", "k")] {
      _ = try place.writer(id) { $0.key = key }
    }
    #expect(try store.runs(ofKey: "k").map(\.id) == ["1c", "1a"])
  }

  /// A view gives what each domain became, step by step.
  @Test func theLedgerHasAColumnAKind() throws {
    let writer = try place.writer("1fan")
    writer.add(
      step: 1,
      metrics: [
        "ledger/drawn": 3, "ledger/drawn/a": 1, "ledger/pull/a": 0.5, "ledger/drawn/b/c": 2,
      ])
    #expect(
      try place.sqlite("SELECT run, step, domain, drawn, pull FROM ledger ORDER BY domain")
        == "1fan|1|a|1.0|0.5\n1fan|1|b/c|2.0|\n")
  }

  @Test func completionsAreBoundedAndCoverTheRun() throws {
    let writer = try place.writer("1fan")
    // An image of one MiB a step, each its own.
    for step in 1...80 {
      writer.add(step: step, metrics: ["loss": 1], completions: [place.completion(step, 1 << 20)])
    }
    let steps = try #require(try store.run("1fan")?.completions().map(\.step))
    #expect(steps == Array(stride(from: 1, through: 80, by: 4)))
    #expect(try place.sqlite("SELECT count(*) FROM image") == "\(steps.count)\n")
    #expect(writer.keepsCompletions(ofStep: 81) && !writer.keepsCompletions(ofStep: 82))
    // One that goes on keeps the distance.
    writer.end(status: "interrupted")
    let next = try RunWriter.resume(
      try #require(try store.run("1fan")), in: store, after: 80, job: nil
    ) { _ in }
    #expect(next?.keepsCompletions(ofStep: 82) == false)
  }

  @Test func aCompletionIsReadAsItWasWritten() throws {
    let writer = try place.writer()
    let completion = place.completion(1)
    writer.add(step: 1, metrics: ["loss": 1], completions: [completion, completion])
    #expect(try store.run(writer.id)?.completions() == [completion, completion])
    #expect(try place.sqlite("SELECT count(*) FROM image") == "1\n")
  }
}
