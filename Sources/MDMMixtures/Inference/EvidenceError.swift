import MDMNumerics

/// Why runs do not allow what was asked to be said.
public enum EvidenceError: Error, Equatable, Sendable {
  /// A run's score is not finite.
  case badScore(run: String, score: Double)
  /// Lists of one length were needed.
  case lengths(what: String, left: Int, right: Int)
  /// Nothing to compare with.
  case oneMixture(String)
  /// No mixture was run with a second seed.
  case noReplicates(mixtures: Int)
  /// All scores are equal.
  case constant(target: String)
  /// The scores vary, but not within a mixture and seed: there is no noise to compare with.
  case noNoise
  /// A difference, or a part of it, is the same with every seed.
  case equalDifferences(what: String, value: Double, count: Int)
  /// Mixtures and seeds fall into groups that share neither.
  case disconnected(mixtures: [String])
  /// No mixture of that name was run.
  case unknownMixture(String, nearest: String?, known: [String])
  /// Two mixtures share too few seeds.
  case unmatched(left: String, right: String, matched: Int, leftSeeds: Int, rightSeeds: Int)
  /// Too few runs for a figure.
  case tooFew(what: String, found: Int, needed: Int)
  /// A number has no meaning there.
  case badNumber(what: String, value: Double, allowed: String)
  /// A computation of `MDMNumerics` failed.
  case numerics(NumericsError)

  /// The sentence that a user reads.
  public var message: String {
    switch self {
    case .badScore(let run, let score): "the score of \(run) is \(score), not a finite number"
    case .lengths(let what, let left, let right):
      "\(what) need lists of one length, not \(left) and \(right) values"
    case .oneMixture(let name):
      "all runs are of one mixture, \(name): there is nothing to compare it with"
    case .noReplicates(let mixtures):
      "each of the \(mixtures) mixtures was run once: what the mixture does and what its seed does "
        + "cannot be told apart"
    case .constant(let target): "all runs have the same \(target): it says nothing about mixtures"
    case .noNoise:
      "the scores follow from mixture and seed without a remainder: there is no noise to judge by"
    case .equalDifferences(let what, let value, let count):
      "\(what) is \(value) with each of \(count) seeds: there is no noise to judge it by, and an "
        + "interval of width 0 would be no answer"
    case .disconnected(let mixtures):
      "no seed joins \(mixtures.joined(separator: ", ")) with the other mixtures, so that their "
        + "difference may be one of seeds"
    case .unknownMixture(let name, _, _): "no run is of the mixture '\(name)'"
    case .unmatched(let left, let right, let matched, let leftSeeds, let rightSeeds):
      "\(left) (\(Self.counted(leftSeeds, "seed"))) and \(right) "
        + "(\(Self.counted(rightSeeds, "seed"))) have \(Self.counted(matched, "seed")) in common, "
        + "a paired interval needs 2"
    case .tooFew(let what, let found, let needed):
      "\(what) needs at least \(needed) runs and got \(found)"
    case .badNumber(let what, let value, let allowed):
      "\(what) is \(Int(exactly: value).map(String.init) ?? "\(value)"), allowed is \(allowed)"
    case .numerics(let error): error.message
    }
  }

  /// What the user can do about it, empty where the message says it all.
  public var hint: String {
    switch self {
    case .badScore: "look at that run before any statistics: leaving it out may hide a collapse"
    case .oneMixture: "run at least one more, such as uniform, with the same seeds"
    case .noReplicates: "run them again with other seeds, the same for all: sweep(…, seeds: 3)"
    case .constant: "a score that never varies is often a bug of its reward or of the parser"
    case .noNoise, .equalDifferences: "runs that repeat each other exactly are no replicates"
    case .disconnected: "run all mixtures with the same seeds"
    case .unknownMixture(_, let nearest, let known):
      (nearest.map { "did you mean '\($0)'? " } ?? "") + "there are "
        + known.joined(separator: ", ")
    case .unmatched: "run both with the same seeds"
    case .numerics(let error): error.hint
    default: ""
    }
  }

  static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }

  /// Runs a step; values without spread are named by what they are.
  static func judging<T>(
    _ what: String, _ body: () throws(NumericsError) -> T
  ) throws(EvidenceError) -> T {
    do { return try body() } catch {
      if case .noSpread(_, let value, let count) = error {
        throw .equalDifferences(what: what, value: value, count: count)
      }
      throw .numerics(error)
    }
  }

  static func wrap<T>(_ body: () throws(NumericsError) -> T) throws(EvidenceError) -> T {
    do { return try body() } catch { throw .numerics(error) }
  }
}
