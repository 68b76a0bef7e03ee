import MDMDeclarations
import MDMRuntime
import MDMStore
import MDMTables

/// Calls in the background: starting, listing, stopping and waiting for them.
enum JobBuiltins: BuiltinFamily {
  static let name = "jobs"
  static let type = ScriptType.domain("Job")

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [spawn(context), jobs(context), wait, stop, attach(context)]
  }

  private static func spawn(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "spawn",
        [
          ParameterDeclaration("function", .function, "What to call, without arguments."),
          ParameterDeclaration(
            "label", .string, default: "\"\"", "What lists call the job; its name by default."),
        ], returns: type, family: name,
        "Starts a call in the background; `spawn f(x)` is its usual form.",
        examples: [
          Example("let job = spawn sum([1, 2, 3])\njob.wait()", prints: "6"),
          Example(
            "let job = spawn train(policy(\"mini\"), uniform(load(\"mini\")), steps: 1, evaluate: 0)\n"
              + "job.wait().status",
            prints: "complete"),
        ],
        details:
          "The call runs at the same time as what follows, on copies of all that it mentions: "
          + "neither side sees what the other changes afterwards. What it prints is shown by "
          + "`wait`. A budget around it does not bound it; one inside of it does.")
    ) { call in
      let function = try call.function(0)
      let required = call.signature(of: function).parameters.filter {
        $0.defaultText == nil && !$0.isRest
      }
      guard required.isEmpty else {
        throw call.fail(
          "E0707",
          "`spawn` calls a function without arguments, this one takes `\(required[0].name)`",
          hint: "write spawn f(x), or spawn(fn() f(x))", argument: 0)
      }
      guard context.jobs.runningCount < JobRegistry.limit else {
        throw call.fail(
          "E0707", "\(JobRegistry.limit) jobs run already", hint: "wait for some of them first")
      }
      let given = try call.string(1)
      let name = call.signature(of: function).name
      let label = JobText.label(given.isEmpty ? "\(name)()" : given)
      let job = context.jobs.start(id: RunIdentifier.make(), label: label, at: call.place) { job in
        call.fork(
          function, interrupt: job.interrupt, natives: Builtins.all(context.inside(job))
        ) { options in
          options.output = { job.write($0, isError: false) }
          options.errorOutput = { job.write($0, isError: true) }
          options.live = { job.show($0) }
          options.report = { job.warn($0) }
        }
      }
      guard let job else {
        throw call.fail("E0707", "the system gives no thread for another job")
      }
      return .domain(JobValue(job))
    }
  }

  private static func jobs(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "jobs", [], returns: TableBuiltins.type, family: name,
        "Lists the jobs that this session has started.",
        examples: [
          Example(
            "let job = spawn sum([1, 2])\njob.wait()\njobs().status[0]", prints: "complete")
        ])
    ) { call in
      let rows = context.jobs.rows
      func column(_ read: (Job.Row) -> Cell) -> Column { ColumnBuilder.column(rows.map(read)) }
      let columns: [(name: String, column: Column)] = [
        ("job", column { .int(Int64($0.number)) }), ("id", column { .text($0.id) }),
        ("status", column { .text($0.status.rawValue) }),
        ("step", column { .int(Int64($0.step)) }), ("steps", column { .int(Int64($0.steps)) }),
        ("seconds", column { .float(($0.seconds * 10).rounded() / 10) }),
        ("call", column { .text($0.label) }),
      ]
      do { return TableBuiltins.value(try Table(columns)) } catch {
        throw call.fail("E0706", "\(error)")
      }
    }
  }

  private static let wait = NativeFunction(
    FunctionSignature(
      "wait", [ParameterDeclaration("job", type, "What `spawn` gave.")], returns: .any,
      family: name,
      "Waits for a job, shows what it prints meanwhile, and gives its value or raises its error.",
      examples: [Example("let job = spawn round(2.6)\nwait(job)", prints: "3")],
      details: "Ctrl-C ends the waiting, not the job."), form: .both([type])
  ) { call in
    let value = try call.domain(0, as: JobValue.self)
    let job = value.job
    job?.tell()
    var pause = 0.0005
    var progress = ""
    while true {
      let row = value.run.row
      if let job { show(job, call) }
      if row.status != .running { break }
      try call.checkInterrupt()
      if row.progress != progress { call.live(row.progress) }
      progress = row.progress
      JobRegistry.sleep(&pause)
    }
    if !progress.isEmpty { call.live("") }
    // The last of what it printed came after the last look.
    guard let job else { return .domain(value) }
    show(job, call)
    if var error = job.error {
      error.diagnostic.notes.append("in job \(job.number), \(job.label)")
      throw error
    }
    guard let value = job.value else {
      throw call.fail(
        "E0707", "job \(job.number) was stopped before it had a value",
        hint: "only what trains gives a partial value")
    }
    return value
  }

  /// Passes on what a job has printed.
  private static func show(_ job: Job, _ call: NativeCall) {
    let (pieces, warnings) = job.takePieces()
    for piece in pieces { piece.isError ? call.eprint(piece.text) : call.print(piece.text) }
    for warning in warnings { call.options.report(warning) }
  }

  private static let stop = NativeFunction(
    FunctionSignature(
      "stop", [ParameterDeclaration("job", type, "What `spawn` gave.")], returns: type,
      family: name,
      "Asks a job to stop: training ends its step and gives the partial run, anything else ends.",
      examples: [
        Example(
          "fn forever() { while true { } }\nlet job = spawn forever()\njob.stop()\n"
            + "try { job.wait() } catch e { e.message }",
          prints: "job 1 was stopped before it had a value")
      ]), form: .both([type])
  ) { call in
    let value = try call.domain(0, as: JobValue.self)
    if let problem = value.run.requestStop() { throw call.fail("E0707", problem) }
    return .domain(value)
  }

  private static func attach(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "attach",
        [
          ParameterDeclaration(
            "id", .string, default: "\"\"",
            "Of a job or run, or the beginning of one; the newest by default.")
        ], returns: type, family: name,
        "Finds a job of this session, or a run that any process has kept, while it goes on or later.",
        examples: [
          Example("try { attach(\"no such run\") } catch e { e.code }", prints: "E0707")
        ],
        details:
          "`mdm runs` lists the runs that are kept. Of another process's run `status`, `step` and "
          + "`curves` are known, `stop` asks that process to end it, and `wait` waits for its end "
          + "and gives the job.")
    ) { call in
      let id = try call.string(0)
      if !id.isEmpty, let job = context.jobs.job(id) { return .domain(JobValue(job)) }
      let found = try call.storing { () throws(StoreError) in
        try context.recorder?.found(id) ?? []
      }
      let own = id.isEmpty ? context.jobs.jobs.last : nil
      if id.isEmpty {
        // Ids are in the order of time.
        if let own, found.last.map({ $0.row.id.hasPrefix(own.id) || $0.row.id < own.id }) ?? true {
          return .domain(JobValue(own))
        }
        if let newest = found.last { return .domain(JobValue(newest)) }
        throw call.fail("E0707", "there is no run yet")
      }
      if found.count == 1 { return .domain(JobValue(found[0])) }
      let ids = found.suffix(4).map(\.row.id).joined(separator: ", ")
      throw call.fail(
        "E0707", found.isEmpty ? "no run has the id \(id)" : "\(found.count) runs begin with \(id)",
        hint: found.isEmpty ? "`mdm runs` lists the runs that are kept" : "the newest are \(ids)",
        argument: 0)
    }
  }
}
