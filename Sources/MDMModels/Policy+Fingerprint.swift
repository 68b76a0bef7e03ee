import MDMTensors

extension Policy {
  /// A hash of the sizes and the weights' bits, as 16 hexadecimal digits (FNV-1a over words, by tensor); the same
  /// for bfloat16 numbers and the floats of their values.
  public var fingerprint: String {
    var hash = FingerprintHash()
    for byte in configuration.json.utf8 { hash.add(UInt64(byte)) }
    let tensors = network.layout.tensors
    var parts = [UInt64](repeating: 0, count: tensors.count)
    parts.withUnsafeMutableBufferPointer { parts in
      nonisolated(unsafe) let parts = parts
      Workers.run(tensors.count) { i in
        if let data = stored?.data(at: tensors[i].offset) {
          parts[i] = FingerprintHash.of(tensors[i].count) { place in
            UInt32(data.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self)) << 16
          }
        } else {
          let values = weights.base + tensors[i].offset
          parts[i] = FingerprintHash.of(tensors[i].count) { values[$0].bitPattern }
        }
      }
    }
    for part in parts { hash.add(part) }
    if let adapter {
      let values = adapter.weights.base
      hash.add(UInt64(adapter.options.scale.bitPattern))
      hash.add(FingerprintHash.of(adapter.weights.count) { values[$0].bitPattern })
    }
    return hash.hexadecimal
  }
}

struct FingerprintHash {
  var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// The value as 16 digits.
  var hexadecimal: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  @inline(__always)
  mutating func add(_ word: UInt64) {
    value = (value ^ word) &* 0x100_0000_01B3
    value ^= value >> 29
  }

  /// Adds bytes and their number.
  mutating func add(_ bytes: UnsafeRawBufferPointer) {
    add(UInt64(bytes.count))
    add(Self.of(bytes.count / 4) { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: UInt32.self) })
    for byte in bytes[(bytes.count & ~3)...] { add(UInt64(byte)) }
  }

  /// The hash of words, by four chains that take turns: one alone would wait for each product.
  @inline(__always)
  static func of(_ count: Int, _ word: (Int) -> UInt32) -> UInt64 {
    var a = FingerprintHash()
    var b = a
    var c = a
    var d = a
    for i in stride(from: 0, to: count & ~3, by: 4) {
      a.add(UInt64(word(i)))
      b.add(UInt64(word(i + 1)))
      c.add(UInt64(word(i + 2)))
      d.add(UInt64(word(i + 3)))
    }
    for i in (count & ~3)..<count { a.add(UInt64(word(i))) }
    for chain in [b, c, d] { a.add(chain.value) }
    return a.value
  }
}
