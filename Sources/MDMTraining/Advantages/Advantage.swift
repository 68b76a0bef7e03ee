/// How the rewards of a step's groups become its completions' advantages.
public struct Advantage: Sendable {
  /// Its name in settings.
  public let name: String
  /// One sentence on what it does.
  public let summary: String
  /// The paper and section that it follows.
  public let source: String
  private let compute: @Sendable ([GroupRewards]) -> [[Double]]

  /// What keeps the divisions finite where rewards are equal; TRL's value.
  public static let epsilon = 1e-4

  /// An advantage from its description and its function of a step's groups.
  public init(
    name: String, summary: String, source: String,
    _ compute: @escaping @Sendable ([GroupRewards]) -> [[Double]]
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.compute = compute
  }

  /// `[group][completion]`.
  public func callAsFunction(_ groups: [GroupRewards]) -> [[Double]] { compute(groups) }

  /// The advantages of a step of one group.
  public func callAsFunction(_ rewards: [Double]) -> [Double] {
    compute([GroupRewards(rewards)]).first ?? []
  }

  /// All advantages, sorted by name; a test holds the list equal to the folder's files.
  public static let all: [Advantage] = [
    batchScaled, centred, gdpo, gfpo, groupNormalised, maxRL, batchStandardised,
    centredStandardised,
    leaveOneOut,
  ]
}

extension Advantage: Equatable, CustomStringConvertible {
  /// Advantages are equal where their names are.
  public static func == (left: Advantage, right: Advantage) -> Bool { left.name == right.name }

  public var description: String { name }
}
