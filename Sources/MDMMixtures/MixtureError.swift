import MDMNumerics

/// What can go wrong with mixtures, designs and surrogates that a script or file hands in.
public enum MixtureError: Error, Equatable, Sendable {
  /// A mixture has no domain at all.
  case noDomains
  /// A domain name appears twice.
  case repeatedDomain(String)
  /// A domain name is not among the known ones; `nearest` is the closest spelling, if any.
  case unknownDomain(String, nearest: String?, known: [String])
  /// There are not as many weights as domains.
  case weightCount(domains: Int, weights: Int)
  /// A weight is negative, NaN or infinite.
  case badWeight(domain: String, weight: Double)
  /// The weights do not sum to 1.
  case badSum(sum: Double)
  /// The weights of a table's row do not sum to 1; rows count from 0.
  case badRow(row: Int, sum: Double, limit: Double)
  /// Two mixtures of one computation are over different domains.
  case differentDomains(expected: [String], found: [String])
  /// The floors and caps of the domains leave no mixture.
  case infeasibleBounds(reason: String)
  /// A benchmark that an aggregate needs has no score.
  case missingBenchmark(aggregate: String, benchmark: String, given: [String])
  /// The name of a catalogue entry is unknown.
  case unknownName(kind: String, name: String, nearest: String?, known: [String])
  /// A surrogate has more terms than the design separates.
  case rankDeficient(family: String, rank: Int, terms: Int, mixtures: Int, proposals: [String])
  /// A number of runs, levels or folds has no meaning here.
  case badCount(what: String, count: Int, allowed: String)
  /// A computation is too large to be done exactly.
  case tooLarge(what: String, size: Int, limit: Int)
  /// Runs without a score, by position from 0.
  case missingScores(runs: [Int], of: Int, target: String = "score")
  /// All scores are equal.
  case constantScores(target: String, value: Double, of: Int)
  /// The model predicts no better than the mean, so that there is nothing to optimise.
  case nothingPredicts(
    model: String, error: Double, baseline: Double, isNested: Bool = false, influence: Double?)
  /// The computation was asked to stop.
  case interrupted
  /// A family has no posterior, which the computation needs.
  case noPosterior(model: String)
  /// A computation of `MDMNumerics` failed.
  case numerics(NumericsError)

  /// The sentence that a user reads.
  public var message: String {
    switch self {
    case .noDomains: "a mixture needs at least one domain"
    case .repeatedDomain(let name): "the domain '\(name)' appears twice in the mixture"
    case .unknownDomain(let name, _, _): "there is no domain '\(name)'"
    case .weightCount(let domains, let weights):
      "\(weights) weights for \(domains) domains"
    case .badWeight(let domain, let weight):
      "the weight of '\(domain)' is \(weight), a weight is finite and at least 0"
    case .badSum(let sum): "the weights of a mixture sum to 1, these sum to \(sum)"
    case .badRow(let row, let sum, let limit):
      "the weights of row \(row + 1) sum to \(sum), further from 1 than \(limit)"
    case .differentDomains(let expected, let found):
      "a mixture over \(found.joined(separator: ", ")) where one over "
        + "\(expected.joined(separator: ", ")) is needed"
    case .infeasibleBounds(let reason): "no mixture lies within the bounds: \(reason)"
    case .missingBenchmark(let aggregate, let benchmark, _):
      "\(aggregate) needs a score for '\(benchmark)'"
    case .unknownName(let kind, let name, _, _): "there is no \(kind) '\(name)'"
    case .rankDeficient(let family, let rank, let terms, let mixtures, _):
      "the \(family) surrogate has \(terms) terms, these \(mixtures) mixtures determine "
        + "only \(rank) of them: rank \(rank) of \(terms)"
    case .badCount(let what, let count, let allowed):
      "\(what) is \(count), allowed is \(allowed)"
    case .tooLarge(let what, let size, let limit):
      "\(what) would take \(size == .max ? "too many" : "\(size)") steps, the limit is \(limit)"
    case .missingScores(let runs, let count, let target):
      "\(runs.count) of \(count) runs have no finite \(target): "
        + runs.prefix(8).map { "run \($0)" }.joined(separator: ", ")
        + (runs.count > 8 ? " and more" : "")
    case .constantScores(let target, let value, let count):
      "all \(count) runs have the same \(target), \(value): it says nothing about mixtures"
    case .nothingPredicts(let model, let error, let baseline, let isNested, _):
      "the \(model) law predicts mixtures left out no better than the mean of the runs does"
        + (isNested ? ", once its penalty is chosen without them, too: " : ": ")
        + "its error is \(error), the mean's \(baseline)"
    case .interrupted: "the computation was stopped"
    case .noPosterior(let model):
      "a \(model) law has no posterior, so it does not know where it is uncertain"
    case .numerics(let error): error.message
    }
  }

  /// What the user can do about it, empty where the message says it all.
  public var hint: String {
    switch self {
    case .unknownDomain(_, let nearest, let known), .unknownName(_, _, let nearest, let known):
      (nearest.map { "did you mean '\($0)'? " } ?? "") + "known: " + known.joined(separator: ", ")
    case .badRow:
      "leave out columns that are no weights, or divide the row by its sum if it means shares"
    case .badSum(let sum):
      sum > 0 && sum.isFinite ? "divide every weight by \(sum)" : ""
    case .missingBenchmark(_, _, let given):
      given.isEmpty ? "no scores were given" : "given: " + given.joined(separator: ", ")
    case .rankDeficient(_, _, _, _, let proposals) where proposals.isEmpty:
      "the mixtures within the bounds do not determine it: loosen them, take a model of fewer terms, "
        + "or let a ridge penalty be chosen"
    case .rankDeficient(_, let rank, let terms, _, let proposals):
      "add at least \(terms - rank) mixture\(terms - rank == 1 ? "" : "s"), such as "
        + proposals.joined(separator: "; ") + "; or let a ridge penalty be chosen"
    case .missingScores:
      "leave those runs out, or score them first: a guess in their place would be fitted as if measured"
    case .constantScores: "a score that never varies is often a bug of its reward or of the parser"
    case .noPosterior: "fit with model: \"gaussian_process\" or \"quadratic\""
    case .nothingPredicts(_, _, _, _, let influence?) where influence < LawCheck.level:
      "mixtures differ by more than their replicates do, but not as this law says: take another model, add "
        + "mixtures, or write `force: true`"
    case .nothingPredicts:
      "these runs show no influence of the mixture: add seeds or mixtures, or write `force: true`"
    case .numerics(let error): error.hint
    default: ""
    }
  }

  /// Throws `interrupted` where the computation around shall end.
  static func checkInterruption() throws(MixtureError) {
    if Interruption.isRequested { throw .interrupted }
  }

  static func wrap<T>(_ body: () throws(NumericsError) -> T) throws(MixtureError) -> T {
    do { return try body() } catch { throw .numerics(error) }
  }
}
