import ArgumentParser
import MDMRuntime
import MDMStore

/// `mdm runs`: what has been trained, and what trains now.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs that are kept, show, stop, remove or prune some.",
    discussion: """
      Runs are kept below $MDM_RUNS, else $XDG_DATA_HOME/mdm/runs, else ~/.local/share/mdm/runs.
      attach("ID") follows one in a script or REPL, and tensorboard --logdir draws that folder.
      """,
    subcommands: [List.self, Show.self, Stop.self, Remove.self, Prune.self],
    defaultSubcommand: List.self)

  /// The folder of runs; ends the program where there is none.
  static func store() -> RunStore {
    guard let store = RunStore.standard else {
      FrontEnd().refuse(
        ScriptError("E0801", "there is no folder of runs", hint: "set MDM_RUNS or HOME"))
    }
    return store
  }

  /// Asks the store; ends the program where it cannot be used.
  static func asking<T>(
    _ code: String = "E0804", _ body: (RunStore) throws(StoreError) -> T
  ) -> T {
    do throws(StoreError) { return try body(store()) } catch {
      FrontEnd().refuse(ScriptError(code, "\(error)", hint: error.hint))
    }
  }

  /// The one run that an id or its beginning stands for; ends the program where there is none.
  static func run(_ text: String) -> StoredRun {
    let found = asking { store throws(StoreError) in try store.find(text) }
    let run =
      found.count == 1 ? asking { store throws(StoreError) in try store.run(found[0]) } : nil
    if let run { return run }
    FrontEnd().refuse(
      ScriptError(
        "E0801",
        found.isEmpty ? "no run has the id \(text)" : "\(found.count) runs begin with \(text)",
        hint: found.isEmpty
          ? "mdm runs lists them" : "such as \(found.suffix(3).joined(separator: ", "))"))
  }

  static func seconds(_ run: StoredRun) -> String { "\((run.seconds * 10).rounded() / 10)" }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the runs, the newest last.")

    @Option(name: .shortAndLong, help: "At most so many, the newest; 0 lists all.")
    var count = 20

    func run() {
      let all = RunsCommand.asking { store throws(StoreError) in try store.runs }
      let shown = count > 0 ? all.suffix(count) : all[...]
      guard !shown.isEmpty else {
        Terminal.write("no runs in \(RunsCommand.store().path)\n")
        return
      }
      var rows = [["id", "status", "started", "step", "seconds", "run"]]
      for run in shown {
        rows.append([
          run.id, run.status.rawValue, run.started,
          "\(run.lastStep)" + (run.plannedSteps > 0 ? "/\(run.plannedSteps)" : ""),
          RunsCommand.seconds(run), run.label,
        ])
      }
      let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
      var text = ""
      for row in rows {
        var line = ""
        for (cell, width) in zip(row, widths) {
          line += cell + String(repeating: " ", count: width - cell.count + 2)
        }
        while line.last == " " { line.removeLast() }
        text += line + "\n"
      }
      if shown.count < all.count { text += "… and \(all.count - shown.count) older ones\n" }
      Terminal.write(text)
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show what is known of a run.")

    @ArgumentParser.Argument(help: "Its id, or the beginning of it.") var id: String

    func run() {
      let run = RunsCommand.run(id)
      let scores = RunsCommand.asking { store throws(StoreError) in try run.scores }
      var lines = [
        ("run", "\(run.id)  \(run.label)"), ("kind", run.kind),
        (
          "status",
          run.status.rawValue + " after \(run.lastStep) of \(run.plannedSteps) steps, "
            + RunsCommand.seconds(run) + " s"
        ), ("started", run.started),
      ]
      if let reason = run.reason { lines.append(("because", reason)) }
      for line in run.inputs.split(separator: "\n") { lines.append(("", String(line))) }
      if !run.engine.isEmpty { lines.append(("engine", run.engine)) }
      for (name, value) in scores.sorted(by: { $0.key < $1.key }) {
        lines.append((name, "\(value)"))
      }
      if run.hasCheckpoint { lines.append(("checkpoint", run.checkpoint)) }
      for (name, text) in lines {
        Terminal.write(name + String(repeating: " ", count: max(1, 12 - name.count)) + text + "\n")
      }
    }
  }

  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stop", abstract: "Ask running ones to stop after their step.")

    @ArgumentParser.Argument(help: "Ids, or beginnings of them.") var ids: [String]

    func run() {
      for run in ids.map(RunsCommand.run) {
        guard run.status == .running else {
          Terminal.write("\(run.id) does not run\n")
          continue
        }
        RunsCommand.asking("E0803") { _ throws(StoreError) in try run.requestStop() }
        Terminal.write("\(run.id) is asked to stop\n")
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rm", abstract: "Remove runs that have ended.")

    @ArgumentParser.Argument(help: "Ids, or beginnings of them.") var ids: [String]

    func run() {
      for run in ids.map(RunsCommand.run) {
        RunsCommand.asking("E0803") { store throws(StoreError) in try store.remove(run.id) }
      }
    }
  }

  struct Prune: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "prune",
      abstract: "Remove runs that ended, and results that were remembered, some days ago.",
      discussion: "What other runs began with goes too: `mdm runs show` of those names it.")

    @Option(help: "What is older than so many days.") var days: Double
    @Flag(name: [.customShort("n"), .long], help: "Tell only what would be removed.")
    var dryRun = false

    func validate() throws {
      guard days.isFinite, days >= 0 else { throw ValidationError("--days is 0 or more") }
    }

    func run() {
      let old = RunsCommand.asking { store throws(StoreError) in
        try store.old(seconds: days * 86_400)
      }
      if dryRun {
        for run in old.runs { Terminal.write("\(run.id)  \(run.started)  \(run.label)\n") }
      } else {
        RunsCommand.asking("E0803") { store throws(StoreError) in try store.remove(old) }
      }
      let megabytes = "\(Double(old.bytes / 100_000) / 10) MB"
      Terminal.write(
        (dryRun ? "would remove " : "removed ")
          + "\(old.runs.count) run\(old.runs.count == 1 ? "" : "s") and \(old.results.count) remembered "
          + "result\(old.results.count == 1 ? "" : "s"), \(megabytes)\n")
    }
  }
}
