import Foundation
import MDMStore
import Testing

/// What goes wrong with the store is told in words, ends no training and takes nothing that was there.
@Suite struct StoreFaultTests {
  private let place = StorePlace()
  private var store: RunStore { place.store }

  @Test func aFolderThatCannotBeMadeIsAnError() throws {
    let store = RunStore(path: "/dev/null/runs")
    let error = #expect(throws: StoreError.self) {
      try RunWriter(store, id: "1a", RunWriter.Description()) { _ in }
    }
    #expect(error?.description == "/dev/null/runs: Not a directory")
    #expect(try store.ids().isEmpty)
  }

  @Test func aStoreThatVanishesIsToldOnce() throws {
    let writer = try place.writer()
    try FileManager.default.removeItem(at: place.folder)
    writer.add(step: 1, metrics: ["loss": 1])
    writer.end(status: "complete")
    writer.end(status: "complete")
    #expect(place.complaints.count == 1)
    #expect(place.complaints.first?.reason == "it has vanished")
  }

  @Test(arguments: ["this is no database, but a text that is longer than its header would be", ""])
  func aDamagedDatabaseIsNamedAndLeftAlone(_ text: String) throws {
    let writer = try place.writer("1fan")
    for step in 1...50 { writer.add(step: step, metrics: ["loss": 1]) }
    try place.sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
    // Other content under the same name: pages of nonsense, or a text from the start.
    let whole = try Data(contentsOf: URL(filePath: place.database))
    let damaged =
      text.isEmpty
      ? whole.prefix(100) + Data(repeating: 0xA5, count: whole.count - 100) : Data(text.utf8)
    let other = StorePlace()
    try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: true)
    try damaged.write(to: URL(filePath: other.database))
    let error = #expect(throws: StoreError.self) { try other.store.ids() }
    #expect(error?.reason == "it is damaged")
    #expect(error?.hint?.contains(".recover") == true)
    #expect(throws: StoreError.self) { try other.writer() }
    #expect(try Data(contentsOf: URL(filePath: other.database)) == damaged)
  }

  @Test func aStoreOfANewerVersionIsLeftAlone() throws {
    _ = try place.writer("1fan")
    let other = StorePlace()
    try FileManager.default.createDirectory(atPath: other.path, withIntermediateDirectories: true)
    try place.sqlite("PRAGMA wal_checkpoint(TRUNCATE)")
    try FileManager.default.copyItem(atPath: place.database, toPath: other.database)
    try other.sqlite("PRAGMA user_version = 99")
    let error = #expect(throws: StoreError.self) { try other.store.ids() }
    #expect(error?.reason.hasPrefix("it is of a newer mdm (version 99") == true)
  }

  /// What another process locks for too long is written later.
  @Test func stepsThatCannotBeWrittenAreWrittenLater() throws {
    let writer = try place.writer("1fan")
    writer.add(step: 1, metrics: ["loss": 1])
    // A disk that is full, for this connection: the file may not grow any more.
    try place.sqlite("CREATE TABLE big (bytes BLOB)")
    try place.sqlite(
      "CREATE TRIGGER full BEFORE INSERT ON metric BEGIN SELECT raise(ABORT, 'no room'); END")
    writer.add(step: 2, metrics: ["loss": 2])
    writer.add(step: 3, metrics: ["loss": 3])
    #expect(try store.run("1fan")?.series == ["loss": [1]])
    #expect(place.complaints.count == 1 && place.complaints[0].reason == "no room")
    try place.sqlite("DROP TRIGGER full")
    writer.add(step: 4, metrics: ["loss": 4])
    #expect(try store.run("1fan")?.series == ["loss": [1, 2, 3, 4]])
    #expect(place.complaints.count == 1)
  }

  /// Two writers of one store, each in a process of its own, lose nothing of each other.
  @Test func anotherProcessWritesMeanwhile() throws {
    let writer = try place.writer("1fan")
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sqlite3, sys
      db = sqlite3.connect(sys.argv[1], timeout=30)
      db.execute("INSERT OR IGNORE INTO series (name, metric, domain) VALUES ('other', 'other', '')")
      db.execute("INSERT INTO run (id, kind, label, status) VALUES ('2b', 'train', '', 'failed')")
      db.commit()
      for step in range(1, 301):
        db.execute("INSERT INTO metric SELECT run.number, ?, series.number, 1 FROM run, series "
          "WHERE run.id = '2b' AND series.name = 'other'", (step,))
        db.commit()
      """, place.database,
    ]
    try process.run()
    for step in 1...300 { writer.add(step: step, metrics: ["loss": Double(step)]) }
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(try store.run("1fan")?.series["loss"]?.count == 300)
    #expect(try store.run("2b")?.series["other"]?.count == 300)
    #expect(place.complaints.isEmpty)
  }

  /// Runs of before there was a database are taken in once, damaged ones as far as they can be read.
  @Test func foldersOfAnOlderVersionAreTakenIn() throws {
    func write(_ id: String, _ description: String?, _ metrics: String?) throws {
      let folder = place.path + "/" + id
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try description?.write(toFile: folder + "/run.json", atomically: true, encoding: .utf8)
      try metrics?.write(toFile: folder + "/metrics.jsonl", atomically: true, encoding: .utf8)
    }
    try write(
      "1aw",
      """
      {"format":1,"id":"1aw","status":"complete","started_seconds":5.0,"ended_seconds":7.5,
      "pid":1,"pid_start":1,"boot_id":"x","host":"h","kind":"train","label":"uniform","job":null,
      "steps":3,"seed":7,"mixture":{"coco":1.0},"options":{},"inputs":"base 1","scores":{"out":0.5}}
      """, "{\"step\":1,\"loss\":1.0}\n{\"step\":2,\"loss\":null}\n{\"step\":3,\"lo")
    try write("2at", "{", "{\"step\":1,\"loss\":2.0}\n7\n{\"step\":1,\"loss\":3.0}\n")
    try write("3ab", "{\"status\":\"running\"}", nil)
    try write("4an", nil, nil)
    #expect(try store.ids() == ["1aw", "2at", "3ab"])
    let whole = try #require(try store.run("1aw"))
    #expect(whole.status == .complete && whole.label == "uniform" && whole.lastStep == 2)
    #expect(whole.seconds == 2.5 && whole.details["seed"]?.integer == 7)
    #expect(try whole.series["loss"]?.first == 1 && whole.scores == ["out": 0.5])
    let torn = try #require(try store.run("2at"))
    #expect(torn.status == .lost && torn.label == "run.json cannot be read")
    #expect(try torn.series == ["loss": [2]])
    #expect(try store.run("3ab")?.status == .lost)
    // The files stay, and are read once.
    #expect(FileManager.default.fileExists(atPath: place.path + "/1aw/metrics.jsonl"))
    try write("1aw", nil, "{\"step\":1,\"loss\":9.0}\n")
    #expect(try store.run("1aw")?.series["loss"]?.first == 1)
    try store.remove("2at")
    #expect(try store.ids() == ["1aw", "3ab"])
  }
}
