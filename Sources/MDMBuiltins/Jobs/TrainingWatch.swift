import MDMRuntime
import MDMSyntax
import MDMTraining

/// Follows one training run, for the job that it runs in and for who keeps runs.
struct TrainingWatch: Sendable {
  private let job: Job?
  private let recording: (any RunRecording)?
  private let recorder: (any RunRecorder)?

  init(_ run: RunDescription, _ context: BuiltinContext) {
    job = context.job
    job?.begin(steps: run.steps)
    recorder = context.recorder
    recording = recorder?.begin(run, id: job?.id)
  }

  /// What finds the run again; nil where nobody keeps it.
  var id: String? { recording?.id }

  /// A warning where the run cannot be kept, once a session: the training goes on.
  func warning() -> Diagnostic? {
    recorder?.takeProblem().map { problem in
      Diagnostic(
        .warning, code: "W0803", "runs are not kept: \(problem)",
        hint: "MDM_RUNS names another folder; the training goes on")
    }
  }

  /// Takes what training tells.
  func hear(_ event: TrainingEvent) {
    guard case .step(let index, _, let metrics) = event else { return }
    job?.note(metrics)
    recording?.add(step: index + 1, metrics: metrics)
  }

  /// Another process asked the run to stop.
  var isStopRequested: Bool { recording?.isStopRequested ?? false }

  /// The run has ended with a value, perhaps a partial one.
  func end(_ run: Run, _ evaluation: Evaluation?) {
    if run.status == .interrupted { job?.notePartial() }
    var scores: [(name: String, value: Double)] = []
    if let evaluation {
      if let inside = try? evaluation.inScore() { scores.append(("in_score", inside)) }
      if let outside = try? evaluation.outScore() { scores.append(("out_score", outside)) }
    }
    recording?.end(status: run.status.rawValue, scores: scores)
  }

  /// The run has ended with an error.
  func fail() { recording?.end(status: "failed", scores: []) }
}
