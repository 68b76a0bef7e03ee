/// What training tells while it runs; it never writes anywhere itself.
public enum TrainingEvent: Sendable {
  /// A step ended: its metrics by key.
  case step(index: Int, of: Int, metrics: [String: Double])
  /// The curves show a sign for the first time.
  case note(RunNote)
  /// Some completions of a step that is about to end.
  case completions(step: Int, [ShownCompletion])
  /// A split is being scored.
  case evaluating(split: String, index: Int, of: Int)
}
