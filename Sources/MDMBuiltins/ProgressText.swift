import Glibc
import MDMRuntime
import MDMTraining

/// The live line of training: step, reward, KL, time left.
final class ProgressText {
  private let call: NativeCall
  private let job: Job?
  private let started = ProgressText.seconds()
  private let prefix: String

  init(_ context: BuiltinContext, _ call: NativeCall, prefix: String = "") {
    self.call = call
    job = context.job
    self.prefix = prefix
  }

  /// Shows an event.
  func show(_ event: TrainingEvent, title: String) {
    switch event {
    case .step(let index, let count, let metrics):
      job?.note(step: index + 1, of: count)
      let done = Double(index + 1)
      let left = (Self.seconds() - started) / done * (Double(count) - done)
      var text = "\(prefix)\(title)  step \(index + 1)/\(count)"
      if let reward = metrics[MetricKey.rewardMean.rawValue] {
        text += "  reward \(Text.fixed(reward, 2))"
        text += "  format \(Text.percent(metrics[MetricKey.rewardFormat.rawValue] ?? .nan))"
        text += "  kl \(Text.fixed(metrics[MetricKey.kl.rawValue] ?? .nan, 4))"
      } else if let loss = metrics["warmup/loss"] {
        text += "  loss \(Text.fixed(loss, 3))"
      }
      call.live(text + "  \(Self.duration(left)) left")
    case .note, .completions: break
    case .evaluating(let split, let index, let count):
      call.live("\(prefix)\(title)  evaluating \(split) (\(index + 1)/\(count))")
    }
  }

  /// Takes the line away.
  func end() { call.live("") }

  private static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = max(0, Int(seconds.rounded(.up)))
    if whole < 60 { return "\(whole)s" }
    return whole < 3600
      ? "\(whole / 60)min \(whole % 60)s" : "\(whole / 3600)h \(whole % 3600 / 60)min"
  }
}
