import Glibc

/// What learning changes, as bytes: for runs that go on in another process.
extension Policy {
  /// Reads the weights that learn, float32 in the order of the network: the adapter's where there is
  /// one, else all.
  package func withLearnedBytes<T, E: Error>(
    _ body: (UnsafeRawBufferPointer) throws(E) -> T
  ) throws(E) -> T {
    if !hasAdapter { widen() }
    let storage = adapter?.weights ?? weights
    return try body(UnsafeRawBufferPointer(start: storage.base, count: storage.count * 4))
  }

  /// A copy of this policy with other weights: those that `withLearnedBytes` gave.
  ///
  /// - Throws: `ModelError.malformedSafetensors` where there are fewer or more of them.
  package func learned(_ bytes: [UInt8]) throws(ModelError) -> Policy {
    guard bytes.count == trainableCount * 4 else {
      throw .malformedSafetensors(
        reason: "has \(bytes.count / 4) weights for \(trainableCount) that learn")
    }
    let policy = copy()
    if !policy.hasAdapter { policy.widen() }
    let storage = policy.adapter?.weights ?? policy.weights
    bytes.withUnsafeBytes { raw in
      if let start = raw.baseAddress { memcpy(storage.base, start, raw.count) }
    }
    policy.weightsChanged()
    return policy
  }
}

extension PolicyTrainer.State {
  /// A state read back.
  ///
  /// - Throws: `ModelError.malformedSafetensors` where the moments do not fit each other.
  package init(mean: [UInt8], variance: [UInt8], stepCount: Int) throws(ModelError) {
    guard mean.count == variance.count, mean.count % 4 == 0 else {
      throw .malformedSafetensors(
        reason: "has moments of \(mean.count) and \(variance.count) bytes")
    }
    guard 0..<(1 << 40) ~= stepCount else {
      throw .malformedSafetensors(reason: "has moments of \(stepCount) steps")
    }
    self.init(
      mean: Self.storage(mean), variance: Self.storage(variance), stepCount: stepCount)
  }

  /// The number of weights that it is for.
  package var count: Int { mean.count }

  /// The steps that were taken.
  package var steps: Int { stepCount }

  /// Reads the moments, float32.
  package func withBytes<T, E: Error>(
    _ body: (_ mean: UnsafeRawBufferPointer, _ variance: UnsafeRawBufferPointer) throws(E) -> T
  ) throws(E) -> T {
    try body(
      UnsafeRawBufferPointer(start: mean.base, count: mean.count * 4),
      UnsafeRawBufferPointer(start: variance.base, count: variance.count * 4))
  }

  private static func storage(_ bytes: [UInt8]) -> WeightStorage {
    let storage = WeightStorage(count: bytes.count / 4)
    bytes.withUnsafeBytes { raw in
      if let start = raw.baseAddress { memcpy(storage.base, start, raw.count) }
    }
    return storage
  }
}

extension Policy {
  /// A hash of a file's bytes, as `fingerprint` is one of weights: quick, but no proof against forgery.
  package static func fingerprint(ofFile path: String) throws(ModelError) -> String {
    let file = try FileBytes(mapping: path)
    // The mapping goes with the object.
    return withExtendedLifetime(file) { fingerprint(ofBytes: file.bytes) }
  }

  /// A hash of bytes, as 16 hexadecimal digits.
  package static func fingerprint(ofBytes bytes: UnsafeRawBufferPointer) -> String {
    var hash = FingerprintHash()
    hash.add(bytes)
    return hash.hexadecimal
  }
}
