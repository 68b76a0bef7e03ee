/// Every verifier of this module; a test holds the list equal to the folder's files.
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
    NumberReward(),
    RelaxedAccuracyReward(),
  ].sorted { $0.name < $1.name }

  /// The names of all verifiers, sorted.
  public static var names: [String] { all.map(\.name) }

  /// A verifier by name.
  public static func named(_ name: String) -> (any Verifier)? { all.first { $0.name == name } }
}
