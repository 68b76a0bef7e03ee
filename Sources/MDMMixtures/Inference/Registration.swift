/// What was promised before the runs: what will be reported, and how.
public struct Registration: Sendable, Equatable {
  /// The outcome that the claim will be about.
  public let target: String
  /// The mixture that the recommended one will be compared with.
  public let reference: String
  /// Matched seeds a mixture.
  public let seeds: Int
  /// The level of the intervals.
  public let level: Double
  /// The smallest difference that matters; 0 where none was named.
  public let smallestEffect: Double
  /// Whether more of the target is better.
  public let isMaximized: Bool

  public init(
    target: String, reference: String, seeds: Int, level: Double = 0.95,
    smallestEffect: Double = 0, isMaximized: Bool = true
  ) throws(EvidenceError) {
    guard seeds > 1 else {
      throw .badNumber(what: "the number of seeds", value: Double(seeds), allowed: "2 and above")
    }
    guard level > 0, level < 1 else {
      throw .badNumber(what: "level", value: level, allowed: "between 0 and 1")
    }
    guard smallestEffect >= 0, smallestEffect.isFinite else {
      throw .badNumber(
        what: "the smallest effect", value: smallestEffect, allowed: "0 and above")
    }
    self.target = target
    self.reference = reference
    self.seeds = seeds
    self.level = level
    self.smallestEffect = smallestEffect
    self.isMaximized = isMaximized
  }

  /// What another registration has different, a sentence each.
  public func differences(from other: Registration) -> [String] {
    var found: [String] = []
    func add(_ what: String, _ mine: String, _ theirs: String) {
      if mine != theirs { found.append("\(what) \(theirs), now \(mine)") }
    }
    add("target", target, other.target)
    add("reference", reference, other.reference)
    add("seeds", "\(seeds)", "\(other.seeds)")
    add("level", "\(level)", "\(other.level)")
    add("smallest effect", "\(smallestEffect)", "\(other.smallestEffect)")
    add(
      "direction", isMaximized ? "maximize" : "minimize",
      other.isMaximized ? "maximize" : "minimize")
    return found
  }
}
