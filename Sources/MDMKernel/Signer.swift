import CZeroMQ

/// Signs messages by HMAC-SHA256, or not at all where there is no key.
package struct Signer: Sendable {
  private let key: [UInt8]

  /// - Throws: `KernelError` where there is a key and no library to sign with.
  package init(key: [UInt8]) throws(KernelError) {
    if !key.isEmpty, let problem = mdm_zmq_load() { throw .library(String(cString: problem)) }
    self.key = key
  }

  /// The signature of some frames in hexadecimal digits; empty without a key.
  package func signature(of frames: some Sequence<[UInt8]>) -> [UInt8] {
    guard !key.isEmpty else { return [] }
    var state = mdm_hmac()
    mdm_hmac_begin(&state, key, key.count)
    for frame in frames { mdm_hmac_add(&state, frame, frame.count) }
    var digest = [UInt8](repeating: 0, count: 32)
    mdm_hmac_end(&state, &digest)
    let digits = Array("0123456789abcdef".utf8)
    return digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// Whether a signature is that of the frames; takes the same time for all wrong ones.
  func accepts(_ signature: [UInt8], of frames: some Sequence<[UInt8]>) -> Bool {
    guard !key.isEmpty else { return true }
    let right = self.signature(of: frames)
    guard signature.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in right.indices { difference |= right[index] ^ signature[index] }
    return difference == 0
  }
}
