import GRDB
import MDMJSON

/// A row of the table `run`.
struct RunRow {
  var number: Int64 = 0
  var id: String
  var kind: String
  var job: String?
  var label = ""
  var status = "running"
  var reason: String?
  var key: String?
  var engine: String?
  var inputs = ""
  var details = JSONNode.object([])
  var steps = 0
  var step = 0
  var started = 0.0
  var changed = 0.0
  var process = ProcessIdentity.current

  init(id: String, kind: String) {
    self.id = id
    self.kind = kind
  }

  init(_ row: Row) {
    number = row["number"]
    id = row["id"]
    kind = row["kind"]
    job = row["job"]
    label = row["label"]
    status = row["status"]
    reason = row["reason"]
    key = row["key"]
    engine = row["engine"]
    inputs = row["inputs"]
    let text: String = row["details"]
    details = (try? JSONNode(parsing: Array(text.utf8))) ?? .object([])
    steps = row["steps"]
    step = row["step"]
    started = row["started"]
    changed = row["changed"]
    process = ProcessIdentity(
      number: row["pid"], start: row["pid_start"], boot: row["boot_id"], host: row["host"])
  }

  /// Adds the row and takes its number; false where the id is taken.
  mutating func insert(_ db: Database) throws -> Bool {
    try db.execute(
      sql: """
        INSERT OR IGNORE INTO run (id, job, kind, label, status, reason, key, engine, inputs, details,
          steps, step, started, changed, pid, pid_start, boot_id, host)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        id, job, kind, label, status, reason, key, engine, inputs,
        String(decoding: details.compact, as: UTF8.self), steps, step, started, changed,
        process.number, process.start, process.boot, process.host,
      ])
    number = db.lastInsertedRowID
    return db.changesCount > 0
  }

  static func fetch(_ db: Database, id: String) throws -> RunRow? {
    try Row.fetchOne(db, sql: "SELECT * FROM run WHERE id = ?", arguments: [id]).map(RunRow.init)
  }
}

/// The numbers that names of metrics have in the database.
struct SeriesTable {
  private var numbers: [String: Int64] = [:]
  /// The statement for so many values: steps have the same number of them.
  private var statement = (count: 0, sql: "")

  /// Adds a step's values by one statement; those that are no numbers become NULL.
  mutating func insert(
    run: Int64, step: Int, _ values: some Collection<(key: String, value: Double)>, _ db: Database
  ) throws {
    if values.isEmpty { return }
    if statement.count != values.count {
      let rows = (0..<values.count).map { "(?1,?2,?\(2 * $0 + 3),?\(2 * $0 + 4))" }
      statement = (
        values.count, "INSERT OR REPLACE INTO metric VALUES " + rows.joined(separator: ",")
      )
    }
    var arguments = [run.databaseValue, step.databaseValue]
    arguments.reserveCapacity(2 + 2 * values.count)
    for (key, value) in values {
      arguments.append(try number(of: key, db).databaseValue)
      arguments.append(value.isNaN ? .null : value.databaseValue)
    }
    try db.cachedStatement(sql: statement.sql).execute(arguments: StatementArguments(arguments))
  }

  private mutating func number(of name: String, _ db: Database) throws -> Int64 {
    if let known = numbers[name] { return known }
    // group/name/domain
    let parts = name.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: false)
    let metric = parts.prefix(2).joined(separator: "/")
    try db.execute(
      sql: "INSERT OR IGNORE INTO series (name, metric, domain) VALUES (?, ?, ?)",
      arguments: [name, metric, parts.count > 2 ? String(parts[2]) : ""])
    let number =
      try Int64.fetchOne(db, sql: "SELECT number FROM series WHERE name = ?", arguments: [name])
      ?? 0
    numbers[name] = number
    return number
  }
}
