import MDMTraining

/// What a training run was asked for.
public struct RunDescription: Sendable {
  /// What progress lines call it.
  public var label: String
  /// The domains with their weights.
  public var mixture: [(domain: String, weight: Double)]
  public var seed: UInt64
  /// Optimiser steps.
  public var steps: Int
  /// The algorithm's settings by name.
  public var options: [(name: String, value: String)]
  /// All that goes in, as text: equal texts give equal runs on one machine.
  public var inputs: String
}

/// Keeps runs where other processes find them, while they go on.
///
/// Training only tells what happens; where it is kept is up to who made the session.
public protocol RunRecorder: Sendable {
  /// A run begins.
  ///
  /// - Parameter id: of the job that it runs in; its first run is found under it.
  /// - Returns: nil where it cannot be kept.
  func begin(_ run: RunDescription, id: String?) -> (any RunRecording)?
  /// What could not be kept and why, once a session.
  func takeProblem() -> String?
  /// The runs that an id or its beginning stands for, the oldest first; all where it is empty.
  func find(_ id: String) -> [any KeptRun]
}

/// One run that is being kept. Nothing here fails: a full disk must not end a training.
public protocol RunRecording: Sendable {
  /// What finds the run again.
  var id: String { get }
  /// A step is done.
  func add(step: Int, metrics: [String: Double])
  /// The run has ended; scores are those of its evaluation.
  func end(status: String, scores: [(name: String, value: Double)])
  /// Somebody elsewhere asked the run to stop. Cheap enough to be asked several times a step.
  var isStopRequested: Bool { get }
}

/// A run that this or another process keeps, as it is found.
public protocol KeptRun: Sendable {
  /// What is known of it now.
  var row: Job.Row { get }
  /// Its metrics by key so far: a value a step.
  var series: [String: [Double]] { get }
  /// Asks the process that trains it to stop; why that cannot be, where it cannot.
  func requestStop() -> String?
}

extension RunDescription {
  init(_ training: GRPOTraining, label: String) {
    let options = training.options
    self.init(
      label: label,
      mixture: zip(training.mixture.domains, training.mixture.weights).map {
        (domain: $0, weight: $1)
      },
      seed: training.seed, steps: training.steps,
      options: Mirror(reflecting: options).children.compactMap { child in
        child.label.map { (name: $0, value: "\(child.value)") }
      }, inputs: training.inputs)
  }
}
