import GRDB
import Glibc
import MDMJSON
import Synchronization

/// Writes one run while it goes on.
///
/// Each transaction has whole steps: those of the last fifth of a second, so that quick ones do not write the
/// same pages again and again. Whatever kills the process takes these and the step under way at most. What
/// cannot be written is kept until it can: a full disk does not end a training.
public final class RunWriter: Sendable {
  /// What a run is.
  public struct Description: Sendable {
    public var kind = "train"
    public var label = ""
    /// The job that it runs in.
    public var job: String?
    public var steps = 0
    /// What went in, as text.
    public var inputs = ""
    /// Runs of one key are made of the same.
    public var key: String?
    /// What trains it, for runs that are to be equal to the bit.
    public var engine: String?
    /// Anything else.
    public var details = JSONNode.object([])

    public init() {}
  }

  /// What a step leaves.
  private struct Step {
    let number: Int
    let metrics: [(key: String, value: Double)]
    let completions: [KeptCompletion]
  }

  private struct State {
    var pending: [Step] = []
    var table = SeriesTable()
    /// Bytes of completions so far, and the steps that keep some: every so many.
    var bytes: Int
    var stride: Int
    var hasWarned = false
    /// Completions of the step that is about to come.
    var held: [KeptCompletion] = []
    /// The images that the store has.
    var images: Set<String> = []
    var hasEnded = false
    var events: EventFile?
    /// Names of metrics in order, as the step before had them.
    var names: [String] = []
    var lastWrite = -Double.infinity

    /// A step's metrics in the order of their names, which steps have in common.
    mutating func inOrder(_ metrics: [String: Double]) -> [(key: String, value: Double)] {
      let found = names.compactMap { name in metrics[name].map { (key: name, value: $0) } }
      if found.count == metrics.count { return found }
      names = metrics.keys.sorted()
      return inOrder(metrics)
    }
  }

  static let checkpointName = "run.safetensors"
  /// The steps that are held while they cannot be written.
  static let pendingLimit = 10_000
  /// The bytes of completions and images of one run; then every second step's are dropped.
  static let completionLimit = 32 << 20

  public let id: String
  public let folder: String
  private let number: Int64
  private let database: RunDatabase
  private let warn: @Sendable (StoreError) -> Void
  private let state: Mutex<State>
  private let completionLimit: Int
  private let nextLook = Atomic<UInt64>(0)
  private let isStopping = Atomic<Bool>(false)
  private let pause: Double

  /// Seconds between two transactions of a run.
  public static let pause = 0.2

  /// Seconds between looks for a request to stop.
  private static let lookInterval = 0.05

  /// Begins a run.
  ///
  /// - Parameters:
  ///   - id: what it should be called; where that is taken it gets a number behind it.
  ///   - pause: seconds after a transaction in which steps wait for the next one.
  ///   - warn: takes why something cannot be written, once.
  /// - Throws: where the store cannot be written.
  public convenience init(
    _ store: RunStore, id: String, _ description: Description, pause: Double = pause,
    warn: @escaping @Sendable (StoreError) -> Void
  ) throws(StoreError) {
    guard let database = try RunDatabase.of(store.path, creates: true) else {
      throw StoreError(path: store.path, reason: "there is no store")
    }
    var row = RunRow(id: id, kind: description.kind)
    row.label = description.label
    row.job = description.job
    row.steps = description.steps
    row.inputs = description.inputs
    row.key = description.key
    row.engine = description.engine
    row.details = description.details
    row.started = Disk.wallSeconds()
    row.changed = row.started
    let made = try database.write { db in
      var suffix = 1
      while try !row.insert(db) {
        suffix += 1
        row.id = "\(id)-\(suffix)"
      }
      return row
    }
    try self.init(
      made, store, database, after: 0, limit: Self.completionLimit, pause: pause, warn)
  }

  /// Goes on with a run that nobody writes any more: what came after a step is taken back.
  ///
  /// - Returns: nil where another process was faster.
  public static func resume(
    _ run: StoredRun, in store: RunStore, after step: Int, job: String?,
    warn: @escaping @Sendable (StoreError) -> Void
  ) throws(StoreError) -> RunWriter? {
    guard let database = try RunDatabase.of(store.path, creates: true) else { return nil }
    let (old, own) = (run.row.process, ProcessIdentity.current)
    let isOurs = try database.write { db in
      try db.execute(
        sql: """
          UPDATE run SET status = 'running', reason = NULL, step = ?, changed = ?, pid = ?,
            pid_start = ?, boot_id = ?, host = ?, job = coalesce(?, job)
          WHERE number = ? AND status = ? AND pid = ? AND pid_start = ?
          """,
        arguments: [
          step, Disk.wallSeconds(), own.number, own.start, own.boot, own.host, job, run.row.number,
          run.row.status, old.number, old.start,
        ])
      guard db.changesCount == 1 else { return false }
      for table in ["metric", "completion"] {
        try db.execute(
          sql: "DELETE FROM \(table) WHERE run = ? AND step > ?", arguments: [run.row.number, step])
      }
      return true
    }
    guard isOurs else { return nil }
    unlink(run.folder + "/stop")
    return try RunWriter(
      run.row, store, database, after: step, limit: completionLimit, pause: pause, warn)
  }

  private init(
    _ row: RunRow, _ store: RunStore, _ database: RunDatabase, after step: Int, limit: Int,
    pause: Double, _ warn: @escaping @Sendable (StoreError) -> Void
  ) throws(StoreError) {
    id = row.id
    number = row.number
    folder = "\(store.path)/\(row.id)"
    self.database = database
    self.warn = warn
    completionLimit = limit
    self.pause = pause
    let (bytes, stride) = try database.read { db in
      (
        try KeptCompletion.size(db, run: row.number),
        try Int.fetchOne(
          db, sql: "SELECT shown_every FROM run WHERE number = ?", arguments: [row.number]) ?? 1
      )
    }
    state = Mutex(State(bytes: bytes, stride: max(1, stride)))
    let problem = Disk.makeFolders(folder)
    state.withLock { state in
      if let problem { complain(&state, StoreError(path: folder, reason: problem)) }
      state.events = EventFile(folder: folder, startingAfter: step)
    }
  }

  /// Where checkpoints belong.
  public var checkpoint: String { folder + "/" + Self.checkpointName }

  /// Whether completions of a step would be kept.
  public func keepsCompletions(ofStep step: Int) -> Bool {
    state.withLock { (step - 1) % $0.stride == 0 }
  }

  /// Whether an image of the run is in the store, so that its bytes need not come again.
  public func hasImage(_ name: String) -> Bool { state.withLock { $0.images.contains(name) } }

  /// Holds completions until their step is added.
  public func hold(_ completions: [KeptCompletion]) { state.withLock { $0.held += completions } }

  /// Adds a step; metrics that are no numbers become NULL.
  public func add(step: Int, metrics: [String: Double], completions: [KeptCompletion] = []) {
    state.withLock { state in
      let sorted = state.inOrder(metrics)
      let completions = state.held + completions
      state.held = []
      state.events?.add(step: step, scalars: sorted)
      if state.pending.count < Self.pendingLimit {
        state.pending.append(Step(number: step, metrics: sorted, completions: completions))
      }
      if Disk.seconds() >= state.lastWrite + pause { flush(&state) }
    }
  }

  /// Writes the steps that wait for the next transaction, where none will come soon.
  public func flush() { state.withLock { flush(&$0) } }

  /// Says how the run ended; only the first call counts.
  public func end(
    status: String, reason: String? = nil, scores: [(name: String, value: Double)] = [],
    artefacts: [(kind: String, fingerprint: String)] = []
  ) {
    state.withLock { state in
      guard !state.hasEnded else { return }
      state.hasEnded = true
      flush(&state)
      state.events?.close()
      do throws(StoreError) {
        try database.write { db in
          try db.execute(
            sql: "UPDATE run SET status = ?, reason = ?, changed = ? WHERE number = ?",
            arguments: [status, reason, Disk.wallSeconds(), number])
          for (name, value) in scores {
            try db.execute(
              sql: "INSERT OR REPLACE INTO score VALUES (?, ?, ?)",
              arguments: [number, name, value.isNaN ? nil : value])
          }
          for (kind, fingerprint) in artefacts {
            try db.execute(
              sql: "INSERT OR REPLACE INTO artefact VALUES (?, ?, ?, ?)",
              arguments: [number, kind, fingerprint, Self.checkpointName])
          }
        }
        if !database.isInPlace { throw StoreError(path: database.path, reason: "it has vanished") }
      } catch { complain(&state, error) }
    }
  }

  /// Somebody asked the run to stop: `StoredRun.requestStop`. Looks at the disk now and then only.
  public var isStopRequested: Bool {
    if isStopping.load(ordering: .relaxed) { return true }
    let now = Disk.seconds()
    let next = nextLook.load(ordering: .relaxed)
    guard now >= Double(bitPattern: next) else { return false }
    let later = (now + Self.lookInterval).bitPattern
    guard
      nextLook.compareExchange(expected: next, desired: later, ordering: .relaxed).exchanged,
      Disk.exists(folder + "/stop")
    else { return false }
    isStopping.store(true, ordering: .relaxed)
    return true
  }

  /// Says once that something cannot be written.
  public func complain(path: String, _ reason: String) {
    state.withLock { complain(&$0, StoreError(path: path, reason: reason)) }
  }

  private func complain(_ state: inout State, _ error: StoreError) {
    guard !state.hasWarned else { return }
    state.hasWarned = true
    warn(error)
  }

  /// Writes all steps that are not written yet.
  private func flush(_ state: inout State) {
    state.lastWrite = Disk.seconds()
    state.events?.flush()
    guard let last = state.pending.last else { return }
    var (table, bytes, stride) = (state.table, state.bytes, state.stride)
    do throws(StoreError) {
      try database.write { db in
        for step in state.pending {
          try table.insert(run: number, step: step.number, step.metrics, db)
          guard (step.number - 1) % stride == 0 else { continue }
          for (place, completion) in step.completions.enumerated() {
            bytes += try completion.insert(run: number, place: place, db)
          }
        }
        // Behind the last of them, whose images may be those of earlier ones.
        while bytes > completionLimit {
          stride *= 2
          try thin(stride, db)
          bytes = try KeptCompletion.size(db, run: number)
        }
        let statement = try db.cachedStatement(
          sql: "UPDATE run SET step = ?, changed = ? WHERE number = ?")
        try statement.execute(arguments: [last.number, Disk.wallSeconds(), number])
      }
      let isThinned = stride != state.stride
      (state.table, state.bytes, state.stride) = (table, bytes, stride)
      // Thinning may have taken images away.
      if isThinned { state.images = [] }
      state.images.formUnion(
        isThinned ? [] : state.pending.flatMap { $0.completions.map(\.image) })
      state.pending.removeAll(keepingCapacity: true)
    } catch { complain(&state, error) }
  }

  /// Keeps completions of every so many steps only, so that they still cover the whole run.
  private func thin(_ stride: Int, _ db: Database) throws {
    try db.execute(
      sql: "DELETE FROM completion WHERE run = ? AND (step - 1) % ? <> 0",
      arguments: [number, stride])
    try db.execute(
      sql: "UPDATE run SET shown_every = ? WHERE number = ?", arguments: [stride, number])
    try KeptCompletion.removeUnusedImages(db)
  }
}
