import MDMData
import MDMModels

/// One completion of a step as people look at it: what was asked, answered, paid and learned.
public struct ShownCompletion: Sendable {
  public let domain: String
  public let example: MDMData.Example
  public let text: String
  public let reward: Double
  public let advantage: Double
  /// Whether it reached its end.
  public let isFinished: Bool

  /// Some completions of a step's groups: the first of every group, then the second, and so on, so
  /// that all domains of the step are among them.
  static func some(
    _ limit: Int, of groups: [ScoredGroup], advantages: [[Double]]
  ) -> [ShownCompletion] {
    var shown: [ShownCompletion] = []
    for place in 0..<(groups.map(\.completions.count).max() ?? 0) {
      for (index, group) in groups.enumerated() where place < group.completions.count {
        guard shown.count < limit else { return shown }
        guard let example = group.example else { continue }
        let completion = group.completions[place]
        shown.append(
          ShownCompletion(
            domain: example.domain, example: example, text: group.texts[place],
            reward: group.rewards[place], advantage: advantages[index][place],
            isFinished: completion.finished))
      }
    }
    return shown
  }
}
