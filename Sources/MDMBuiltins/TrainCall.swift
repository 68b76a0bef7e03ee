import MDMData
import MDMMixtures
import MDMModels
import MDMRuntime
import MDMStore
import MDMSyntax
import MDMTraining
import Synchronization

/// One call of `train`: what earlier runs of the same content have, and the rest of the steps.
struct TrainCall {
  let call: NativeCall
  let context: BuiltinContext
  var plan: GRPOTraining
  let suite: SuiteValue
  /// What progress lines call it.
  let title: String
  /// What runs of the same content share; nil where they cannot be known.
  let key: String?
  let isFresh: Bool
  /// Steps between checkpoints; 0 leaves it to the clock.
  let checkpointSteps: Int
  /// Scores the trained policy; nil where nobody asked for that.
  let evaluate: ((Run, ProgressText, @escaping @Sendable () -> Bool) throws -> Evaluation?)?

  /// An earlier run of the plan, and how the store knows it.
  typealias Earlier = (run: Run, stored: StoredRun?)

  /// The newest run of the same content: a complete one, else the one that came furthest.
  private func remembered() -> Earlier? {
    guard let key, let recorder = context.recorder, !recorder.isFresh(isFresh) else { return nil }
    var best: Earlier?
    for stored in recorder.runs(ofKey: key) where stored.status != .running {
      guard let run = read(stored) else { continue }
      if run.status == .complete { return (run, stored) }
      if run.steps > best?.run.steps ?? 0 { best = (run, stored) }
    }
    return best
  }

  private func read(_ stored: StoredRun) -> Run? {
    guard stored.hasCheckpoint else { return nil }
    do { return try RunFile.read(stored.checkpoint, for: plan) } catch {
      warn(
        "the checkpoint of the run \(stored.id) cannot be used: \(Self.message(error))",
        hint: "its steps are trained again")
      return nil
    }
  }

  /// The run that `resume` names: a value, or a run of the store.
  func named(_ index: Int) throws -> Earlier? {
    if call.isMissing(index) { return nil }
    switch try call.datum(index) {
    case .domain(let value as RunValue):
      let stored = value.id.flatMap { id in
        (try? context.recorder?.store.run(id)).flatMap(\.self)
      }
      // Somebody may have gone on with it meanwhile: then this is another run.
      let isSame = stored.map { $0.status != .complete && $0.lastStep <= value.run.steps } ?? false
      return (value.run, isSame ? stored : nil)
    case .domain(let value as JobValue):
      guard let found = value.run as? FoundRun else {
        throw call.fail(
          "E0705", "`resume` takes a run or what `attach` finds of a process that has ended",
          hint: "r.wait() gives the run of a job", argument: index)
      }
      let stored = found.run
      guard stored.status != .running else {
        throw call.fail("E0705", "the run \(stored.id) still goes on", argument: index)
      }
      guard stored.hasCheckpoint else {
        throw call.fail(
          "E0705", "the run \(stored.id) has no checkpoint",
          hint: "it ended before the first one was due; `checkpoint: 10` writes one every 10 steps",
          argument: index)
      }
      return (try call.training { try RunFile.read(stored.checkpoint, for: plan) }, stored)
    case let other:
      throw call.fail("E0705", "`resume` takes a run, not \(other.brief)", argument: index)
    }
  }

  func run(resuming named: Earlier?) throws -> Datum {
    let earlier = named ?? remembered()
    let line = ProgressText(context, call)
    if let earlier, earlier.run.status == .complete, named == nil {
      return try recall(earlier.run, earlier.stored, line)
    }
    let budget = try call.startBudgeted()
    let watch = TrainingWatch(
      description, context, after: earlier?.stored, series: earlier?.run.metrics ?? [:])
    if let earlier, named == nil {
      call.eprint(
        "run \(watch.id ?? "") goes on after step \(earlier.run.steps) of \(plan.steps)\n")
    }
    let interrupted: @Sendable () -> Bool = {
      [context] in
      context.interrupt.isRequested || budget?.isSpent ?? false || watch.isStopRequested
    }
    var run: Run
    do {
      run = try call.training {
        try plan.run(
          continuing: earlier?.run,
          checkpoints: CheckpointPlan(every: checkpointSteps) { watch.keep($0) },
          events: {
            if case .step = $0 { budget?.takeStep() }
            watch.hear($0)
            if let warning = context.recorder?.warning() { call.options.report(warning) }
            line.show($0, title: title)
            if case .note(let note) = $0, context.openSweeps.load(ordering: .relaxed) == 0 {
              line.end()
              call.eprint("note: \(note.domain), step \(note.step): \(note.text)\n")
            }
          },
          interrupted: interrupted)
      }
    } catch {
      watch.fail(Self.message(error))
      throw Self.noting(error, run: watch.id)
    }
    // The interrupt has done its work: the script goes on with the partial run.
    if run.status == .interrupted, !call.takeInterrupt(), !watch.isStopRequested,
      budget?.isSpent ?? false
    {
      run.status = .budget
    }
    var evaluation: Evaluation?
    do {
      evaluation = run.status == .complete ? try evaluate?(run, line, interrupted) : nil
    } catch {
      watch.end(run, nil)
      throw error
    }
    line.end()
    watch.end(run, evaluation)
    if let warning = context.recorder?.warning() { call.options.report(warning) }
    return value(run, evaluation, id: watch.id)
  }

  private var description: RunWriter.Description {
    var description = RunWriter.Description(plan, label: title)
    description.key = key
    description.engine = EngineIdentity.text
    return description
  }

  /// A complete run of before, scored where that is asked for.
  private func recall(_ run: Run, _ stored: StoredRun?, _ line: ProgressText) throws -> Datum {
    let evaluation = try evaluate?(run, line) { [context] in context.interrupt.isRequested }
    line.end()
    // It may have been killed between its last step and the end.
    if let stored, stored.status != .complete, stored.status != .running {
      TrainingWatch(description, context, after: stored, series: run.metrics).end(run, evaluation)
    }
    context.recorder?.noteRecalled()
    return value(run, evaluation, id: stored?.id)
  }

  private func value(_ run: Run, _ evaluation: Evaluation?, id: String?) -> Datum {
    .domain(
      RunValue(
        run, mixture: MixtureValue(plan.mixture, suite: suite),
        evaluation: evaluation.map { EvaluationValue($0) }, id: id,
        makers: context.recorder?.makers(of: plan.base.fingerprint, before: id) ?? []))
  }

  private func warn(_ message: String, hint: String) {
    var warning = Diagnostic(.warning, code: "W0804", message, hint: hint)
    warning.place = call.place
    call.options.report(warning)
  }

  static func message(_ error: any Error) -> String {
    switch error {
    case let error as ScriptError: error.diagnostic.message
    case let error as TrainingError: error.message
    case let error as ModelError: error.message
    default: "\(error)"
    }
  }

  /// The error of a run whose steps before it are kept.
  private static func noting(_ error: any Error, run: String?) -> any Error {
    guard var error = error as? ScriptError, let run else { return error }
    error.diagnostic.notes.append("the weights before that step are kept in the run \(run)")
    return error
  }
}
