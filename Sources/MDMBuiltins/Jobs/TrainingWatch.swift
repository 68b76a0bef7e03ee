import MDMImages
import MDMModels
import MDMStore
import MDMTraining

/// Follows one training run, for the job that it runs in and for the store.
struct TrainingWatch: Sendable {
  private let job: Job?
  let writer: RunWriter?
  private let recorder: StoreRecorder?

  /// A run that begins, or goes on where an earlier one was.
  ///
  /// - Parameters:
  ///   - stored: the earlier run as the store has it; one that it does not have is written again.
  ///   - series: the metrics of the earlier run, a value a step.
  init(
    _ description: RunWriter.Description, _ context: BuiltinContext, after stored: StoredRun? = nil,
    series: [String: [Double]] = [:]
  ) {
    job = context.job
    job?.begin(steps: description.steps)
    recorder = context.recorder
    var description = description
    description.job = job?.id
    let steps = series.values.map(\.count).max() ?? 0
    func metrics(_ step: Int) -> [String: Double] {
      series.compactMapValues { $0.indices.contains(step) ? $0[step] : nil }
    }
    for step in 0..<steps { job?.note(metrics(step)) }
    if let stored, let goesOn = recorder?.resume(stored, after: steps, job: job?.id) {
      writer = goesOn
      for step in min(stored.lastStep, steps)..<steps {
        goesOn.add(step: step + 1, metrics: metrics(step))
      }
      return
    }
    writer = recorder?.begin(description)
    for step in 0..<steps { writer?.add(step: step + 1, metrics: metrics(step)) }
  }

  /// What finds the run again; nil where nobody keeps it.
  var id: String? { writer?.id }

  /// Takes what training tells.
  func hear(_ event: TrainingEvent) {
    switch event {
    case .completions(let step, let completions):
      guard let writer, writer.keepsCompletions(ofStep: step + 1) else { return }
      writer.hold(completions.map { KeptCompletion($0, step: step + 1, in: writer) })
    case .step(let index, _, let metrics):
      job?.note(metrics)
      writer?.add(step: index + 1, metrics: metrics)
    case .evaluating: writer?.flush()
    case .note: break
    }
  }

  /// Keeps a run as it stands.
  func keep(_ run: Run) {
    keep { path throws(ModelError) in try RunFile.write(run, to: path) }
  }

  /// Keeps a warm-up as it stands.
  func keep(_ progress: WarmUp.Progress) {
    keep { path throws(ModelError) in try WarmUpFile.write(progress, to: path) }
  }

  private func keep(_ write: (String) throws(ModelError) -> Void) {
    guard let writer else { return }
    do throws(ModelError) { try write(writer.checkpoint) } catch {
      writer.complain(path: writer.checkpoint, error.message)
    }
  }

  /// Another process asked the run to stop.
  var isStopRequested: Bool { writer?.isStopRequested ?? false }

  /// The run has ended with a value, perhaps a partial one.
  func end(_ run: Run, _ evaluation: Evaluation?) {
    if run.status == .interrupted { job?.notePartial() }
    keep(run)
    var scores: [(name: String, value: Double)] = []
    if let evaluation {
      if let inside = try? evaluation.inScore() { scores.append(("in_score", inside)) }
      if let outside = try? evaluation.outScore() { scores.append(("out_score", outside)) }
    }
    writer?.end(
      status: run.status.rawValue, reason: run.ending, scores: scores,
      artefacts: [("policy", run.policy.fingerprint)])
  }

  /// A warm-up has ended, perhaps before its last step.
  func end(_ progress: WarmUp.Progress, isPartial: Bool) {
    if isPartial { job?.notePartial() }
    keep(progress)
    writer?.end(
      status: isPartial ? "interrupted" : "complete",
      artefacts: [("policy", progress.policy.fingerprint)])
  }

  /// The run has ended with an error.
  func fail(_ reason: String) { writer?.end(status: "failed", reason: reason) }
}

extension KeptCompletion {
  /// A completion of training with its image, unless the run's writer has that already.
  fileprivate init(_ shown: ShownCompletion, step: Int, in writer: RunWriter) {
    let image = (try? shown.example.image.decoded())?.fitting(Self.longestSide)
    let name =
      image.map { image in
        image.pixels.withUnsafeBytes {
          "\(image.width)x\(image.height) " + Policy.fingerprint(ofBytes: $0)
        }
      } ?? ""
    self.init(
      step: step, domain: shown.domain, example: shown.example.id, prompt: shown.example.question,
      text: shown.text, reward: shown.reward, advantage: shown.advantage,
      isFinished: shown.isFinished, image: name,
      png: writer.hasImage(name) ? [] : (try? image?.encodedPNG()) ?? [])
  }

  /// Larger images are kept at this size, in pixels.
  private static let longestSide = 384
}

extension RGBImage {
  /// The image, smaller where a side is longer than some pixels.
  fileprivate func fitting(_ side: Int) -> RGBImage {
    let longest = max(width, height)
    return longest <= side
      ? self : resized(width: width * side / longest, height: height * side / longest)
  }
}
