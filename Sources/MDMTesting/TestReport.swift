/// A form in which the outcomes of tests are told, one after another.
public protocol TestReport {
  /// What is written before the first outcome.
  mutating func begin() -> String
  /// What is written for an outcome, as soon as it is known.
  mutating func add(_ outcome: TestOutcome) -> String
  /// What is written after the last one.
  mutating func end(_ summary: TestSummary) -> String
}
