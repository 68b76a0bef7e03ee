/// Gives each different text a code, in the order of first appearance.
///
/// Texts are told apart by their bytes: Swift's own equality of strings would take two spellings of
/// one letter for the same text, which scripts do not.
struct TextPoolBuilder {
  private(set) var texts: [String] = []
  private var hashes: [UInt64] = []
  private var slots: [Int32]
  private var mask: Int

  init() {
    slots = [Int32](repeating: -1, count: 64)
    mask = 63
  }

  /// The code of a text.
  mutating func code(of text: String) -> Int32 {
    var text = text
    return text.withUTF8 { code(of: $0) }
  }

  /// The code of a text given as UTF-8; bytes that are no UTF-8 are replaced.
  mutating func code(of bytes: UnsafeBufferPointer<UInt8>) -> Int32 {
    let hash = Hashing.bytes(bytes)
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] >= 0 {
      let code = Int(slots[slot])
      if hashes[code] == hash, equals(code, bytes) { return slots[slot] }
      slot = (slot + 1) & mask
    }
    let code = Int32(texts.count)
    slots[slot] = code
    texts.append(String(decoding: bytes, as: UTF8.self))
    hashes.append(hash)
    if texts.count * 2 > mask { grow() }
    return code
  }

  private mutating func equals(_ code: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    texts[code].utf8.count == bytes.count && texts[code].utf8.elementsEqual(bytes)
  }

  private mutating func grow() {
    mask = mask * 2 + 1
    slots = [Int32](repeating: -1, count: mask + 1)
    for (code, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash) & mask
      while slots[slot] >= 0 { slot = (slot + 1) & mask }
      slots[slot] = Int32(code)
    }
  }

  var pool: TextPool { TextPool(texts) }
}

/// Hashes for tables in memory; they are nowhere written down.
enum Hashing {
  /// A multiply-and-fold over eight bytes at a time.
  static func bytes(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
    guard let base = bytes.baseAddress else { return mix(hash) }
    let raw = UnsafeRawPointer(base)
    var position = 0
    while position + 8 <= bytes.count {
      hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    var rest: UInt64 = 0
    while position < bytes.count {
      rest = rest << 8 | UInt64(bytes[position])
      position += 1
    }
    return mix(hash ^ rest)
  }

  @inline(__always) static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
