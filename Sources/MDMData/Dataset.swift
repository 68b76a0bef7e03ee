import MDMImages

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
  ///
  /// That of files is computed when it is first asked for: over order, fields and the images' bytes.
  public var fingerprint: String { identity.value }
  private let identity: Deferred
  /// One sentence on what is asked.
  public let summary: String
  /// Whether its images are read from files when they are asked for.
  public let holdsFiles: Bool
  /// What its publishers say of it; empty where nothing is known.
  public let provenance: DatasetProvenance
  private let make: @Sendable (Int) -> Example

  /// A dataset of a function from 0..<count to examples; the function is pure.
  public init(
    name: String, domain: String, split: Split, count: Int, fingerprint: String,
    summary: String = "", holdsFiles: Bool = false,
    provenance: DatasetProvenance = DatasetProvenance(), make: @escaping @Sendable (Int) -> Example
  ) {
    self.name = name
    self.domain = domain
    self.split = split
    self.count = max(count, 0)
    identity = Deferred { fingerprint }
    self.summary = summary
    self.holdsFiles = holdsFiles
    self.provenance = provenance
    self.make = make
  }

  /// A dataset of files, whose hash is computed of its examples when it is asked for.
  public init(
    name: String, domain: String, split: Split, count: Int, summary: String = "",
    provenance: DatasetProvenance = DatasetProvenance(),
    make: @escaping @Sendable (Int) -> Example
  ) {
    self.init(
      name: name, domain: domain, split: split, count: count,
      identity: Deferred { ContentHash.hexadecimal(ofExamples: count, make) }, summary: summary,
      holdsFiles: true, provenance: provenance, make: make)
  }

  private init(
    name: String, domain: String, split: Split, count: Int, identity: Deferred, summary: String,
    holdsFiles: Bool, provenance: DatasetProvenance, make: @escaping @Sendable (Int) -> Example
  ) {
    self.name = name
    self.domain = domain
    self.split = split
    self.count = max(count, 0)
    self.identity = identity
    self.summary = summary
    self.holdsFiles = holdsFiles
    self.provenance = provenance
    self.make = make
  }

  /// A dataset of examples in memory.
  public init(
    name: String, domain: String, split: Split, examples: [Example], summary: String = "",
    provenance: DatasetProvenance = DatasetProvenance()
  ) {
    self.init(
      name: name, domain: domain, split: split, count: examples.count, summary: summary,
      provenance: provenance
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
    return picking(Array(0..<max(limit, 0)), how: "prefix \(max(limit, 0))")
  }

  /// The examples at some places, in their order.
  ///
  /// - Parameter how: Says the same as `places`, for the fingerprint; nil for the places themselves.
  public func picking(
    _ places: [Int], how: String? = nil, name: String? = nil, split: Split? = nil
  ) -> Dataset {
    Dataset(
      name: name ?? self.name, domain: domain, split: split ?? self.split, count: places.count,
      identity: Deferred {
        var hash = ContentHash()
        hash.update("\(how ?? "places") of \(fingerprint)")
        if how == nil { hash.update(places.map(String.init).joined(separator: " ")) }
        return hash.hexadecimal
      }, summary: summary, holdsFiles: holdsFiles, provenance: provenance
    ) { self.make(places[$0]) }
  }

  /// The examples changed by a pure function when they are asked for.
  ///
  /// - Parameter how: Says what the function does, for the fingerprint.
  public func mapping(
    _ how: String, domain: String? = nil, _ change: @escaping @Sendable (Example) -> Example
  ) -> Dataset {
    Dataset(
      name: name, domain: domain ?? self.domain, split: split, count: count,
      identity: Deferred {
        var hash = ContentHash()
        hash.update("\(how) of \(fingerprint)")
        return hash.hexadecimal
      }, summary: summary, holdsFiles: holdsFiles, provenance: provenance
    ) { change(self.make($0)) }
  }

  /// Has the images of some examples decoded by other threads before they are asked for.
  public func prepare(_ places: some Sequence<Int>) {
    guard holdsFiles else { return }
    LazyImage.prepare(places.filter { $0 >= 0 && $0 < count }.flatMap { make($0).images })
  }

  /// `coco: 5997 examples`.
  public var description: String { "\(name): \(count) examples" }
}
