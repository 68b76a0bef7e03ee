/// The printable characters that stand for bytes in byte-level vocabularies.
///
/// Printable bytes of Latin-1 stand for themselves; the others follow from U+0100 on, in order.
/// Source: GPT-2's `bytes_to_unicode` (Radford et al., 2019), which Hugging Face `ByteLevel` keeps.
enum ByteAlphabet {
  /// The character of each byte.
  static let characters: [Unicode.Scalar] = {
    var next: UInt32 = 0x100
    return (0..<256).map { (byte: UInt32) in
      let isPrintable = (0x21...0x7E).contains(byte) || (0xA1...0xAC).contains(byte) || byte >= 0xAE
      if isPrintable { return Unicode.Scalar(UInt8(byte)) }
      defer { next += 1 }
      return Unicode.Scalar(next) ?? "?"
    }
  }()

  /// The byte of each character that stands for one.
  private static let bytes: [UInt32: UInt8] = Dictionary(
    characters.enumerated().map { ($1.value, UInt8($0)) }, uniquingKeysWith: { first, _ in first })

  /// The bytes that a vocabulary entry stands for; one with any other character stands for itself.
  static func bytes(of entry: String) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in entry.unicodeScalars {
      guard let byte = bytes[scalar.value] else { return Array(entry.utf8) }
      result.append(byte)
    }
    return result
  }
}
