import MDMMixtures
import MDMNumerics
import MDMRuntime
import MDMSyntax

/// A mixture as scripts hold it, with the suite that its domains come from where that is known.
final class MixtureValue: FieldedValue {
  let mixture: Mixture
  let suite: SuiteValue?

  init(_ mixture: Mixture, suite: SuiteValue? = nil) {
    self.mixture = mixture
    self.suite = suite
  }

  var typeName: String { "Mixture" }

  static let fields: [(name: String, read: @Sendable (MixtureValue) -> Datum)] = [
    ("domains", { .strings($0.mixture.domains) }),
    ("weights", { .numbers($0.mixture.weights) }),
    ("name", { .string($0.label) }),
  ]

  var count: Int? { mixture.domains.count }

  func element(named key: String) -> Datum? {
    mixture.domains.firstIndex(of: key).map { .float(mixture.weights[$0]) } ?? field(key)
  }

  func isEqual(to other: any DomainValue) -> Bool {
    (other as? MixtureValue).map { $0.mixture == mixture } ?? false
  }

  /// How plots and tables call it: `uniform`, `coco`, `without sat`, else the weights.
  var label: String {
    let weights = mixture.weights
    let used = weights.indices.filter { weights[$0] > 0 }
    let level = used.allSatisfy { abs(weights[$0] - weights[used[0]]) < 1e-9 }
    if used.count == 1 { return mixture.domains[used[0]] }
    if level, used.count == weights.count { return "uniform" }
    if level, used.count == weights.count - 1,
      let left = weights.indices.first(where: { weights[$0] == 0 })
    {
      return "without \(mixture.domains[left])"
    }
    return mixture.summary
  }

  func display(_ width: Int) -> String {
    let parts = zip(mixture.domains, mixture.weights).map { name, weight in
      "\(name): \(Text.percent(weight))"
    }
    return "mix {\(parts.joined(separator: ", "))}"
  }
}

extension NativeCall {
  /// The domains that an argument names: a suite, or a list of datasets or names.
  func domainNames(_ index: Int) throws -> (names: [String], suite: SuiteValue?) {
    switch try datum(index) {
    case .domain(let value as SuiteValue): return (value.suite.train.map(\.domain), value)
    case .list(let items):
      let names = try items.map { item in
        switch item {
        case .string(let name): return name
        case .domain(let value as DatasetValue): return value.dataset.domain
        default:
          throw fail(
            "E0406", "domains are given as datasets or names, not as \(item.brief)",
            argument: index)
        }
      }
      return (names, nil)
    case let other:
      throw fail(
        "E0406", "domains are given as a suite or a list, not as \(other.brief)",
        hint: "write uniform(suite) or uniform([\"coco\", \"sat\"])", argument: index)
    }
  }

  /// Runs a step of `MDMMixtures`, which an interrupt ends; its error becomes one of this call.
  func mixing<T>(_ body: () throws(MixtureError) -> T) throws -> T {
    let flag = interrupt
    do { return try Interruption.scope({ flag.isRequested }, body) } catch {
      if error == .interrupted { try checkInterrupt() }
      throw fail("E0701", error.message, hint: error.hint.isEmpty ? nil : error.hint)
    }
  }
}
