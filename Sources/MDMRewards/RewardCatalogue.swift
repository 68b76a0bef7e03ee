/// Every reward of this module; a test holds the lists equal to the folder's files.
public enum RewardCatalogue {
  /// All verifiers, sorted by name.
  public static let all: [any Verifier] = [
    AccuracyReward(),
    ANLSReward(),
    BoxOverlapReward(),
    ChoiceReward(),
    ExactMatchReward(),
    FormatReward(),
    GatedReward(),
    LenientReward(),
    MathReward(),
    NumberReward(),
    RelaxedAccuracyReward(),
    TokenF1Reward(),
    VQAAccuracyReward(),
  ].sorted { $0.name < $1.name }

  /// All plain functions of a prediction and a reference, sorted by name.
  public static let measures: [any Measure] = [
    ANLSReward(),
    BoxOverlapReward(),
    ChoiceReward(),
    CosineLengthReward(),
    DetectionReward(),
    ExactMatchReward(),
    FormatReward(),
    GeneralizedOverlapReward(),
    JSONSchemaReward(),
    LengthPenaltyReward(),
    MathReward(),
    NumberReward(),
    PointingReward(),
    RegexReward(),
    RelaxedAccuracyReward(),
    RepetitionPenaltyReward(),
    TokenF1Reward(),
    VQAAccuracyReward(),
  ].sorted { $0.function < $1.function }

  /// The names of all verifiers, sorted.
  public static var names: [String] { all.map(\.name) }

  /// A verifier by name.
  public static func named(_ name: String) -> (any Verifier)? { all.first { $0.name == name } }

  /// A measure by the name of its function.
  public static func measure(_ function: String) -> (any Measure)? {
    measures.first { $0.function == function }
  }
}
