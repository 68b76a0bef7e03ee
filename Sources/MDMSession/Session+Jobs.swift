import MDMBuiltins
import MDMRuntime

/// The end of a session: nothing that runs in the background is lost without a word.
extension Session {
  /// Waits for what still runs in the background, and shows what nobody has waited for.
  ///
  /// An interrupt stops it: trainings end their step. After a script that was interrupted itself,
  /// everything is stopped at once.
  ///
  /// - Returns: the outcome of the script, or the failure of a job that nobody has waited for.
  public func finishJobs(after outcome: Outcome) -> Outcome {
    var outcome = outcome
    switch outcome {
    case .failed(.interrupt), .failed(.timeLimit): jobs.leave()
    default:
      if !awaitJobs() {
        outcome = .failed(interrupt.isTimeLimit ? .timeLimit : .interrupt)
        interrupt.clear()
        jobs.leave()
      }
    }
    let hasFailed = showUntold()
    if case .finished = outcome, hasFailed { return .failed(.error) }
    return outcome
  }

  /// Stops what runs in the background, shows what nobody has waited for, and says so.
  public func leaveJobs() {
    let running = jobs.rows.filter { $0.status == .running }
    if !running.isEmpty {
      options.errorOutput(
        "stopping \(running.count == 1 ? "job \(running[0].number)" : "\(running.count) jobs")\n")
      jobs.leave()
    }
    _ = showUntold()
  }

  /// False where an interrupt came first.
  private func awaitJobs() -> Bool {
    let isRequested = { [interrupt] in interrupt.isRequested }
    if jobs.wait(seconds: 0.5, isInterrupted: isRequested) { return true }
    if isRequested() { return false }
    let count = jobs.runningCount
    options.errorOutput(
      count == 1
        ? "waiting for a job that still runs; Ctrl-C stops it\n"
        : "waiting for \(count) jobs that still run; Ctrl-C stops them\n")
    defer { options.live("") }
    while !jobs.wait(seconds: 0.1, isInterrupted: isRequested) {
      if isRequested() { return false }
      let row = jobs.rows.last { $0.status == .running }
      if let row, !row.progress.isEmpty { options.live("job \(row.number): \(row.progress)") }
    }
    return true
  }

  /// Whether a job that nobody has waited for has failed.
  private func showUntold() -> Bool {
    var hasFailed = false
    for untold in jobs.takeUntold() {
      for piece in untold.pieces {
        piece.isError ? options.errorOutput(piece.text) : options.output(piece.text)
      }
      report(
        untold.diagnostics.map { diagnostic in
          var diagnostic = diagnostic
          diagnostic.notes.append("in job \(untold.row.number), \(untold.row.label)")
          return diagnostic
        })
      if untold.row.status == .failed, untold.row.error != nil { hasFailed = true }
    }
    return hasFailed
  }
}
