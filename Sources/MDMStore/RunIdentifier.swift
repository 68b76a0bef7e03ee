import Glibc

/// Names of runs: short, in the order of time, and different in every process.
public enum RunIdentifier {
  /// Digits and letters in the order of their codes, without those that look alike.
  static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  /// A new one: seven characters of the seconds since 1970, four drawn at random.
  public static func make() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    var bytes = [UInt8](repeating: 0, count: 11)
    var seconds = max(0, time.tv_sec)
    for place in (0..<7).reversed() {
      bytes[place] = letters[seconds & 31]
      seconds >>= 5
    }
    var generator = SystemRandomNumberGenerator()
    for place in 7..<11 { bytes[place] = letters[Int(generator.next() & 31)] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether a text could be one, so that it may stand in a path.
  public static func isPlausible(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.count <= 40
      && text.utf8.allSatisfy { letters.contains($0) || $0 == UInt8(ascii: "-") }
  }
}
