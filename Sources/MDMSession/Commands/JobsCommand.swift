import MDMBuiltins
import MDMRuntime

/// `:jobs`: what runs in the background.
enum JobsCommand {
  static let command = CellCommand(
    name: ":jobs", usage: ":jobs", summary: "What `spawn` has started, with its progress."
  ) { (_, view: SessionView, result) in
    result.page = page(view.jobs.rows)
  }

  private static func page(_ rows: [Job.Row]) -> Presentation {
    guard !rows.isEmpty else {
      return Presentation(text: "nothing was started in the background: `let r = spawn train(…)`")
    }
    let lines = rows.map { row in
      var text = "job \(row.number)  \(row.status.rawValue)"
      if row.steps > 0 { text += "  step \(row.step)/\(row.steps)" }
      text += "  \(Int(row.seconds.rounded())) s  \(row.label)"
      if let error = row.error { return text + "\n       \(error.message)" }
      return row.progress.isEmpty || row.status != .running
        ? text : text + "\n       \(row.progress)"
    }
    return Presentation(text: lines.joined(separator: "\n"))
  }
}
