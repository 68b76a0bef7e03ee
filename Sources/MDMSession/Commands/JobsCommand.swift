import MDMBuiltins
import MDMSyntax

/// `:jobs`.
public enum JobsCommand {
  static let command = CellCommand(
    name: ":jobs", usage: ":jobs", summary: "What runs in the background, and what has ended there."
  ) { (_, view: SessionView, result) in result.page = page(view.jobs) }

  /// The jobs of a session; any thread may ask.
  public static func page(_ jobs: JobRegistry) -> Presentation {
    let rows = jobs.rows
    guard !rows.isEmpty else {
      return Presentation(
        text: "nothing runs in the background; let r = spawn train(…) starts something")
    }
    let cells = rows.map { row in
      [
        "\(row.number)", row.status.rawValue, row.steps > 0 ? "\(row.step)/\(row.steps)" : "",
        DurationText.text(row.seconds), row.id, line(row.label, 50),
      ]
    }
    let widths = (0..<5).map { column in cells.map { $0[column].count }.max() ?? 0 }
    var lines: [String] = []
    for (row, cell) in zip(rows, cells) {
      lines.append(
        cell.enumerated().map { column, text in
          column < 5 ? text + String(repeating: " ", count: widths[column] - text.count) : text
        }.joined(separator: "  "))
      if let error = row.error { lines.append("   \(line(error.message, 90))") }
      if row.status == .running, !row.progress.isEmpty {
        lines.append("   \(line(row.progress, 90))")
      }
    }
    return Presentation(text: lines.joined(separator: "\n"))
  }

  /// What a prompt says when a job has ended.
  public static func notice(_ row: Job.Row) -> String {
    let end =
      switch row.status {
      case .running: "runs"
      case .complete: "is complete"
      case .interrupted: "has stopped"
      case .failed: "has failed"
      }
    let text = "job \(row.number) \(end) after \(DurationText.text(row.seconds)): "
    return text + line(row.error?.message ?? row.label, 70)
  }

  private static func line(_ text: String, _ width: Int) -> String {
    let first = text.split(whereSeparator: \.isNewline).joined(separator: " ")
    return first.count > width ? first.prefix(width - 1) + "…" : first
  }
}
