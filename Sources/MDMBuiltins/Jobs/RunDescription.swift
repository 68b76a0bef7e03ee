import MDMJSON
import MDMStore
import MDMTraining

extension RunWriter.Description {
  /// What a training run is, for the store.
  init(_ training: GRPOTraining, label: String) {
    self.init()
    self.label = label
    steps = training.steps
    inputs = training.inputs
    let options = Mirror(reflecting: training.options).children.compactMap { child in
      child.label.map { JSONNode.Member(name: $0, value: .string("\(child.value)")) }
    }
    let mixture = zip(training.mixture.domains, training.mixture.weights)
    details = .object([
      .init(name: "seed", value: .integer(Int64(bitPattern: training.seed))),
      .init(
        name: "mixture", value: .object(mixture.map { .init(name: $0, value: .number($1)) })),
      .init(name: "options", value: .object(options)),
    ])
  }
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
