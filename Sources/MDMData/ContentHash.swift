import MDMImages
import Synchronization

/// A SHA-256 of what determines a result; equal inputs give equal hashes on every machine.
///
/// Source: FIPS 180-4.
public struct ContentHash: Sendable {
  private var state: [UInt32] = [
    0x6A09_E667, 0xBB67_AE85, 0x3C6E_F372, 0xA54F_F53A, 0x510E_527F, 0x9B05_688C, 0x1F83_D9AB,
    0x5BE0_CD19,
  ]
  private var pending: [UInt8] = []
  private var total: UInt64 = 0

  public init() {}

  /// Adds bytes; how they are cut into calls makes no difference.
  public mutating func update(_ bytes: [UInt8]) {
    total += UInt64(bytes.count)
    pending += bytes
    let whole = pending.count / 64 * 64
    guard whole > 0 else { return }
    var state = self.state
    pending.withUnsafeBytes { bytes in
      for at in stride(from: 0, to: whole, by: 64) { Self.compress(bytes, at, &state) }
    }
    self.state = state
    pending.removeFirst(whole)
  }

  /// Adds a text and its length, so that neighbouring texts cannot be confused.
  public mutating func update(_ text: String) {
    let bytes = Array(text.utf8)
    update(withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { Array($0) })
    update(bytes)
  }

  /// Adds all parts of an example.
  public mutating func update(_ example: Example) {
    for text in [example.id, example.domain, example.question, example.answer] { update(text) }
    update("\(example.options.count) \(example.kind.rawValue) \(example.box?.description ?? "-")")
    for option in example.options { update(option) }
    if example.images.count == 1, let image = example.image.pixelsInMemory {
      update("\(image.width) \(image.height)")
      update(image.pixels)
      return
    }
    update("files")
    for text in example.answers { update(text) }
    for box in example.boxes { update(box.description) }
    update("\(example.coordinates.rawValue) \(example.template?.rawValue ?? "-")")
    for image in example.images {
      update("\(image.longestSide ?? 0)")
      // A file that cannot be read has no hash: what asks for its pixels says why.
      update((try? image.fileBytes()) ?? [])
    }
  }

  /// The hash of examples in their order, each hashed on one of several threads.
  static func hexadecimal(
    ofExamples count: Int, _ make: @escaping @Sendable (Int) -> Example
  ) -> String {
    let hashes = Mutex([String](repeating: "", count: count))
    Threads.forEach(count) { index in
      var hash = ContentHash()
      hash.update(make(index))
      let text = hash.hexadecimal
      hashes.withLock { $0[index] = text }
    }
    var hash = ContentHash()
    for text in hashes.withLock({ $0 }) { hash.update(text) }
    return hash.hexadecimal
  }

  /// The hash of all that was added, as 64 hexadecimal digits; more can be added afterwards.
  public var hexadecimal: String {
    var copy = self
    let bits = total &* 8
    let zeros = (119 - pending.count % 64) % 64
    copy.update([0x80] + [UInt8](repeating: 0, count: zeros))
    copy.update(withUnsafeBytes(of: bits.bigEndian) { Array($0) })
    return copy.state.map { word in
      let digits = String(word, radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  private static func compress(
    _ bytes: UnsafeRawBufferPointer, _ start: Int, _ state: inout [UInt32]
  ) {
    func turn(_ x: UInt32, _ n: UInt32) -> UInt32 { x >> n | x << (32 - n) }
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 64) { w in
      for i in 0..<16 {
        w[i] = UInt32(
          bigEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * i, as: UInt32.self))
      }
      for i in 16..<64 {
        let s0 = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ (w[i - 15] >> 3)
        let s1 = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ (w[i - 2] >> 10)
        w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
      }
      var (a, b, c, d) = (state[0], state[1], state[2], state[3])
      var (e, f, g, h) = (state[4], state[5], state[6], state[7])
      constants.withUnsafeBufferPointer { constants in
        for i in 0..<64 {
          let s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)
          let t1 = h &+ s1 &+ ((e & f) ^ (~e & g)) &+ constants[i] &+ w[i]
          let s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)
          let t2 = s0 &+ ((a & b) ^ (a & c) ^ (b & c))
          (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
        }
      }
      for (i, value) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= value }
    }
  }

  // The first 32 bits of the fractions of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = [
    0x428A_2F98, 0x7137_4491, 0xB5C0_FBCF, 0xE9B5_DBA5, 0x3956_C25B, 0x59F1_11F1, 0x923F_82A4,
    0xAB1C_5ED5, 0xD807_AA98, 0x1283_5B01, 0x2431_85BE, 0x550C_7DC3, 0x72BE_5D74, 0x80DE_B1FE,
    0x9BDC_06A7, 0xC19B_F174, 0xE49B_69C1, 0xEFBE_4786, 0x0FC1_9DC6, 0x240C_A1CC, 0x2DE9_2C6F,
    0x4A74_84AA, 0x5CB0_A9DC, 0x76F9_88DA, 0x983E_5152, 0xA831_C66D, 0xB003_27C8, 0xBF59_7FC7,
    0xC6E0_0BF3, 0xD5A7_9147, 0x06CA_6351, 0x1429_2967, 0x27B7_0A85, 0x2E1B_2138, 0x4D2C_6DFC,
    0x5338_0D13, 0x650A_7354, 0x766A_0ABB, 0x81C2_C92E, 0x9272_2C85, 0xA2BF_E8A1, 0xA81A_664B,
    0xC24B_8B70, 0xC76C_51A3, 0xD192_E819, 0xD699_0624, 0xF40E_3585, 0x106A_A070, 0x19A4_C116,
    0x1E37_6C08, 0x2748_774C, 0x34B0_BCB5, 0x391C_0CB3, 0x4ED8_AA4A, 0x5B9C_CA4F, 0x682E_6FF3,
    0x748F_82EE, 0x78A5_636F, 0x84C8_7814, 0x8CC7_0208, 0x90BE_FFFA, 0xA450_6CEB, 0xBEF9_A3F7,
    0xC671_78F2,
  ]
}
