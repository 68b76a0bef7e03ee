import GRDB
import MDMJSON

/// Runs as mdm kept them before there was a database: a folder each, with `run.json` and a line a step in
/// `metrics.jsonl`. They are read once and their files stay as they are.
enum LegacyRuns {
  static func areThere(in folder: String) -> Bool {
    Disk.names(in: folder).contains { isOne($0, in: folder) }
  }

  private static func isOne(_ name: String, in folder: String) -> Bool {
    RunIdentifier.isPlausible(name)
      && (Disk.exists("\(folder)/\(name)/run.json")
        || Disk.exists("\(folder)/\(name)/metrics.jsonl"))
  }

  /// Takes in those that the database does not have yet.
  static func take(from folder: String, into queue: DatabaseQueue) throws {
    let names = Disk.names(in: folder).filter { isOne($0, in: folder) }.sorted()
    if names.isEmpty { return }
    let known = try queue.read { Set(try String.fetchAll($0, sql: "SELECT id FROM run")) }
    for name in names where !known.contains(name) {
      try queue.inTransaction(.immediate) { db in
        try take(name, in: "\(folder)/\(name)", db)
        return .commit
      }
    }
  }

  private static func take(_ id: String, in folder: String, _ db: Database) throws {
    let written = Disk.read(folder + "/run.json").flatMap { try? JSONNode(parsing: $0) }
    let node = written?.members == nil ? .object([]) : written ?? .object([])
    var row = RunRow(id: id, kind: node["kind"]?.text ?? "train")
    row.label = node["label"]?.text ?? (node.members == [] ? "run.json cannot be read" : "")
    row.status = node["status"]?.text ?? "lost"
    row.job = node["job"]?.text
    row.inputs = node["inputs"]?.text ?? ""
    row.steps = node["steps"]?.integer ?? 0
    row.started = node["started_seconds"]?.number ?? 0
    row.process =
      ProcessIdentity(node)
      ?? ProcessIdentity(
        number: 0, start: 0, boot: "-", host: ProcessIdentity.current.host)
    let kept = node.members?.filter { ["seed", "mixture", "options"].contains($0.name) } ?? []
    row.details = JSONNode.object(kept)
    let file = folder + "/metrics.jsonl"
    row.changed = node["ended_seconds"]?.number ?? Disk.changed(file) ?? row.started
    guard try row.insert(db) else { return }
    var table = SeriesTable()
    for line in (Disk.read(file) ?? []).split(separator: 0x0A) {
      // Lines that were cut short are left out, and steps out of order too.
      guard let line = try? JSONNode(parsing: Array(line)), let members = line.members,
        let step = line["step"]?.integer, step > row.step
      else { continue }
      row.step = step
      let values = members.filter { $0.name != "step" }.map {
        (key: $0.name, value: $0.value.number ?? .nan)
      }
      try table.insert(run: row.number, step: step, values.prefix(10_000), db)
    }
    try db.execute(
      sql: "UPDATE run SET step = ? WHERE number = ?", arguments: [row.step, row.number])
    for member in node["scores"]?.members ?? [] {
      try db.execute(
        sql: "INSERT INTO score VALUES (?, ?, ?)",
        arguments: [row.number, member.name, member.value.number])
    }
  }
}
