import MDMJSON
import MDMModels
import MDMRuntime
import MDMStore
import MDMTraining

/// One call of `warmup`: what earlier ones of the same content have, and the rest of the steps.
struct WarmUpCall {
  let call: NativeCall
  let context: BuiltinContext
  let warmUp: WarmUp
  let start: PolicyValue
  let isFresh: Bool

  func run() throws -> PolicyValue {
    let key =
      context.recorder == nil ? nil : call.contentKey(leavingOut: ["fresh"], more: ["warmup"])
    let earlier = key.flatMap(remembered)
    if let earlier, earlier.progress.losses.count >= warmUp.steps { return value(earlier.progress) }
    let policy = (earlier?.progress.policy ?? start.policy).copy()
    let line = ProgressText(context, call)
    let budget = try call.startBudgeted()
    var description = RunWriter.Description()
    description.kind = "warmup"
    description.label = "warm-up of \(start.name)"
    description.steps = warmUp.steps
    description.key = key
    description.engine = EngineIdentity.text
    description.inputs = """
      base \(start.policy.fingerprint)
      suite \(warmUp.suite.name)
      steps \(warmUp.steps) seed \(warmUp.seed) learning_rate \(warmUp.learningRate)
      """
    description.details = .object([
      .init(name: "seed", value: .integer(Int64(bitPattern: warmUp.seed)))
    ])
    let watch = TrainingWatch(
      description, context, after: earlier?.stored,
      series: earlier.map { ["warmup/loss": $0.progress.losses] } ?? [:])
    if let earlier {
      call.eprint(
        "run \(watch.id ?? "") goes on after step \(earlier.progress.losses.count) of "
          + "\(warmUp.steps)\n")
    }
    let report: WarmUp.Report
    do {
      report = try call.training {
        try warmUp.run(
          policy, continuing: earlier?.progress,
          checkpoints: CheckpointPlan { watch.keep($0) },
          events: {
            budget?.takeStep()
            watch.hear($0)
            if let warning = context.recorder?.warning() { call.options.report(warning) }
            line.show($0, title: "warm-up")
          },
          interrupted: {
            [context] in
            context.interrupt.isRequested || budget?.isSpent ?? false || watch.isStopRequested
          })
      }
    } catch {
      watch.fail(TrainCall.message(error))
      throw error
    }
    line.end()
    if report.isInterrupted { _ = call.takeInterrupt() }
    watch.end(report.progress, isPartial: report.isInterrupted)
    return value(report.progress)
  }

  /// The warm-up of the same content that came furthest.
  private func remembered(_ key: String) -> (progress: WarmUp.Progress, stored: StoredRun)? {
    guard let recorder = context.recorder, !recorder.isFresh(isFresh) else { return nil }
    return recorder.runs(ofKey: key)
      .filter { $0.status != .running && $0.hasCheckpoint }
      .compactMap { stored in
        (try? WarmUpFile.read(stored.checkpoint, base: start.policy)).map {
          (progress: $0, stored: stored)
        }
      }
      .max { $0.progress.losses.count < $1.progress.losses.count }
  }

  private func value(_ progress: WarmUp.Progress) -> PolicyValue {
    PolicyValue(progress.policy, name: "\(start.name) warmed up \(progress.losses.count)")
  }
}
