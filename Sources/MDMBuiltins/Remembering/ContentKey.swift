import MDMData
import MDMRuntime
import MDMTraining

/// A value of the domain that a text stands for: equal texts mean that it does the same.
protocol FingerprintedValue: DomainValue {
  var contentFingerprint: String { get }
}

extension PolicyValue: FingerprintedValue {
  var contentFingerprint: String {
    let tokenizer = policy.tokenizer
    // The words of a small one are quickly read; those of a large one come with its checkpoint.
    let words = tokenizer.count < 10_000 ? tokenizer.vocabulary.joined(separator: "\n") : ""
    return "\(policy.fingerprint) \(tokenizer.count) \(words)"
  }
}

extension DatasetValue: FingerprintedValue {
  var contentFingerprint: String { Self.fingerprint(of: dataset) }

  static func fingerprint(of set: Dataset) -> String {
    "\(set.name) \(set.domain) \(set.split.rawValue) \(set.count) \(set.fingerprint)"
  }
}

extension SuiteValue: FingerprintedValue {
  var contentFingerprint: String {
    let parts = [suite.train, suite.tests, suite.benchmarks, suite.warmup, suite.captions]
    return parts.map { $0.map(DatasetValue.fingerprint).joined(separator: ";") }
      .joined(separator: "\n")
  }
}

extension ExampleValue: FingerprintedValue {
  var contentFingerprint: String {
    var hash = ContentHash()
    hash.update(example)
    return hash.hexadecimal
  }
}

extension MixtureValue: FingerprintedValue {
  var contentFingerprint: String {
    zip(mixture.domains, mixture.weights).map { "\($0) \($1)" }.joined(separator: "\n")
  }
}

extension AlgorithmValue: FingerprintedValue {
  var contentFingerprint: String { Self.fingerprint(of: options) }

  /// All settings but for those that do not change a bit of the result.
  static func fingerprint(of options: GRPOOptions) -> String {
    Mirror(reflecting: options).children
      .filter { $0.label != "gradientCheckpointing" }
      .map { "\($0.label ?? "") \($0.value)" }.joined(separator: "\n")
  }
}

extension NativeCall {
  /// What the result of this call is remembered by: a hash of the engine, the function's name and its
  /// arguments; nil where something in them has no content that could be compared.
  ///
  /// - Parameters:
  ///   - leavingOut: parameters that do not change the result, or that `more` says better.
  ///   - more: what else goes in.
  func contentKey(leavingOut: Set<String>, more: [String] = []) -> String? {
    guard let engine = EngineIdentity.text else { return nil }
    var hash = ContentHash()
    hash.update("remembered 1")
    hash.update(engine)
    for text in more { hash.update(text) }
    for (index, name) in parameterNames.enumerated() where !leavingOut.contains(name) {
      let (bytes, opaque) = content(index) {
        ($0 as? any FingerprintedValue)?.contentFingerprint
      }
      if opaque != nil { return nil }
      hash.update(name)
      hash.update("\(bytes.count)")
      hash.update(bytes)
    }
    return hash.hexadecimal
  }
}
