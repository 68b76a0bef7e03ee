/// Bytes as text of 64 letters, as JSON carries pictures.
///
/// Source: RFC 4648, section 4.
public enum Base64 {
  private static let letters = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

  /// The text of some bytes, padded, in one line.
  public static func text(_ bytes: some Collection<UInt8>) -> String {
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var group = 0
    var count = 0
    for byte in bytes {
      group = group << 8 | Int(byte)
      count += 1
      guard count == 3 else { continue }
      for shift in [18, 12, 6, 0] { text.append(letters[group >> shift & 63]) }
      (group, count) = (0, 0)
    }
    if count > 0 {
      group <<= 8 * (3 - count)
      for shift in [18, 12, 6, 0].prefix(count + 1) { text.append(letters[group >> shift & 63]) }
      for _ in count..<3 { text.append(UInt8(ascii: "=")) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The bytes of a text; blanks and line breaks are skipped. Nil where it is no such text.
  public static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count / 4 * 3)
    var (group, count, padding) = (0, 0, 0)
    for letter in text.utf8 {
      let value: Int
      switch letter {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = Int(letter) - 65
      case UInt8(ascii: "a")...UInt8(ascii: "z"): value = Int(letter) - 97 + 26
      case UInt8(ascii: "0")...UInt8(ascii: "9"): value = Int(letter) - 48 + 52
      case UInt8(ascii: "+"): value = 62
      case UInt8(ascii: "/"): value = 63
      case UInt8(ascii: "="):
        padding += 1
        continue
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): continue
      default: return nil
      }
      guard padding == 0 else { return nil }
      group = group << 6 | value
      count += 1
      guard count == 4 else { continue }
      for shift in [16, 8, 0] { bytes.append(UInt8(group >> shift & 255)) }
      (group, count) = (0, 0)
    }
    guard count != 1, padding == 0 || (count + padding) == 4 else { return nil }
    if count > 1 { bytes.append(UInt8((group << (6 * (4 - count))) >> 16 & 255)) }
    if count > 2 { bytes.append(UInt8((group << 6) >> 8 & 255)) }
    return bytes
  }
}
