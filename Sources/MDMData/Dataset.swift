/// Which part of a domain a dataset is.
public enum Split: String, Sendable, Hashable, CaseIterable {
  /// Prompts of reinforcement learning.
  case train
  /// Questions that are scored and never trained on.
  case test
  /// Pairs for the supervised warm-up, with other images than `train`.
  case warmup
}

/// An ordered collection of examples, generated or loaded when they are asked for.
public struct Dataset: Sendable, CustomStringConvertible {
  /// `coco`, or `coco/test` for a split other than `train`.
  public let name: String
  /// The domain whose examples it holds; mixtures name domains.
  public let domain: String
  public let split: Split
  /// The number of examples.
  public let count: Int
  /// A hash of everything that determines the examples, as 64 hexadecimal digits.
  public let fingerprint: String
  /// One sentence on what is asked.
  public let summary: String
  private let make: @Sendable (Int) -> Example

  /// A dataset of a function from 0..<count to examples; the function is pure.
  public init(
    name: String, domain: String, split: Split, count: Int, fingerprint: String,
    summary: String = "", make: @escaping @Sendable (Int) -> Example
  ) {
    self.name = name
    self.domain = domain
    self.split = split
    self.count = max(count, 0)
    self.fingerprint = fingerprint
    self.summary = summary
    self.make = make
  }

  /// A dataset of examples in memory.
  public init(
    name: String, domain: String, split: Split, examples: [Example], summary: String = ""
  ) {
    var hash = ContentHash()
    for example in examples { hash.update(example) }
    self.init(
      name: name, domain: domain, split: split, count: examples.count,
      fingerprint: hash.hexadecimal, summary: summary
    ) { examples[$0] }
  }

  /// One example; the index is in 0..<count.
  public subscript(index: Int) -> Example {
    precondition(index >= 0 && index < count, "callers check the index")
    return make(index)
  }

  /// The first examples, at most `limit`, as a dataset of its own.
  public func prefix(_ limit: Int) -> Dataset {
    guard limit < count else { return self }
    var hash = ContentHash()
    hash.update("prefix \(max(limit, 0)) of \(fingerprint)")
    return Dataset(
      name: name, domain: domain, split: split, count: limit, fingerprint: hash.hexadecimal,
      summary: summary, make: make)
  }

  /// `coco: 5997 examples`.
  public var description: String { "\(name): \(count) examples" }
}
