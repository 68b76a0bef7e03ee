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
      "\(what) would take \(size) steps, the limit is \(limit)"
    case .numerics(let error): error.message
    }
  }

  /// What the user can do about it, empty where the message says it all.
  public var hint: String {
    switch self {
    case .unknownDomain(_, let nearest, let known), .unknownName(_, _, let nearest, let known):
      (nearest.map { "did you mean '\($0)'? " } ?? "") + "known: " + known.joined(separator: ", ")
    case .badSum(let sum):
      sum > 0 && sum.isFinite ? "divide every weight by \(sum), or use `renormalised`" : ""
    case .missingBenchmark(_, _, let given):
      given.isEmpty ? "no scores were given" : "given: " + given.joined(separator: ", ")
    case .rankDeficient(_, let rank, let terms, _, let proposals):
      "add at least \(terms - rank) mixtures, such as "
        + proposals.joined(separator: "; ") + "; or let a ridge penalty be chosen"
    case .numerics(let error): error.hint
    default: ""
    }
  }

  static func wrap<T>(_ body: () throws(NumericsError) -> T) throws(MixtureError) -> T {
    do { return try body() } catch { throw .numerics(error) }
  }
}
