import ArgumentParser
import MDMRuntime
import MDMStore

/// `mdm runs`: what has been trained, and what trains now.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "List the runs that are kept, stop or remove some.",
    discussion: """
      Runs are kept below $MDM_RUNS, else $XDG_DATA_HOME/mdm/runs, else ~/.local/share/mdm/runs.
      attach("ID") follows one in a script or REPL.
      """,
    subcommands: [List.self, Stop.self, Remove.self], defaultSubcommand: List.self)

  /// The folder of runs; ends the program where there is none.
  static func store() -> RunStore {
    guard let store = RunStore.standard else {
      FrontEnd().refuse(
        ScriptError("E0801", "there is no folder of runs", hint: "set MDM_RUNS or HOME"))
    }
    return store
  }

  /// The one run that an id or its beginning stands for; ends the program where there is none.
  static func id(_ text: String, in store: RunStore) -> String {
    let found = store.find(text)
    if found.count == 1 { return found[0] }
    FrontEnd().refuse(
      ScriptError(
        "E0801",
        found.isEmpty ? "no run has the id \(text)" : "\(found.count) runs begin with \(text)",
        hint: found.isEmpty
          ? "mdm runs lists them" : "such as \(found.suffix(3).joined(separator: ", "))"))
  }

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "list", abstract: "List the runs, the newest last.")

    @Option(name: .shortAndLong, help: "At most so many, the newest; 0 lists all.")
    var count = 20

    func run() {
      let ids = RunsCommand.store().ids
      let store = RunsCommand.store()
      let shown = count > 0 ? ids.suffix(count) : ids[...]
      var rows = [["id", "status", "started", "step", "seconds", "run"]]
      for run in shown.compactMap(store.run) {
        rows.append([
          run.id, run.status.rawValue, run.started,
          "\(run.lastStep)" + (run.plannedSteps > 0 ? "/\(run.plannedSteps)" : ""),
          "\((run.seconds * 10).rounded() / 10)", run.label,
        ])
      }
      guard rows.count > 1 else {
        Terminal.write("no runs in \(store.path)\n")
        return
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
      if shown.count < ids.count { text += "… and \(ids.count - shown.count) older ones\n" }
      Terminal.write(text)
    }
  }

  struct Stop: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stop", abstract: "Ask running ones to stop after their step.")

    @ArgumentParser.Argument(help: "Ids, or beginnings of them.") var ids: [String]

    func run() {
      let store = RunsCommand.store()
      for id in ids.map({ RunsCommand.id($0, in: store) }) {
        guard let run = store.run(id), run.status == .running else {
          Terminal.write("\(id) does not run\n")
          continue
        }
        do throws(StoreError) {
          try run.requestStop()
          Terminal.write("\(id) is asked to stop\n")
        } catch {
          FrontEnd().refuse(ScriptError("E0803", "\(error)"))
        }
      }
    }
  }

  struct Remove: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "rm", abstract: "Remove runs that have ended.")

    @ArgumentParser.Argument(help: "Ids, or beginnings of them.") var ids: [String]

    func run() {
      let store = RunsCommand.store()
      for id in ids.map({ RunsCommand.id($0, in: store) }) {
        do throws(StoreError) { try store.remove(id) } catch {
          FrontEnd().refuse(ScriptError("E0803", "\(error)"))
        }
      }
    }
  }
}
