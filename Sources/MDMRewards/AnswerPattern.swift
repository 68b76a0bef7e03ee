import CRE2
import Synchronization

/// A compiled regular expression; RE2 matches from several threads at once, hence unchecked.
final class AnswerPattern: @unchecked Sendable {
  struct Fault: Error {
    let reason: String
  }

  private let compiled: OpaquePointer

  init(_ pattern: String, ignoresCase: Bool) throws(Fault) {
    guard pattern.utf8.count <= 1 << 16 else {
      throw Fault(reason: "it is longer than 65536 bytes")
    }
    // A single byte may be half a character, which no text holds.
    guard !pattern.contains("\\C") else { throw Fault(reason: "`\\C` matches half a character") }
    var fault = cre2_error()
    var text = pattern
    let made = text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        cre2_compile(chars.baseAddress, chars.count, ignoresCase ? 1 : 0, &fault)
      }
    }
    guard let made else {
      let count = min(fault.fragment_length, 256)
      let fragment = withUnsafeBytes(of: fault.fragment) {
        String(decoding: $0[..<count], as: UTF8.self)
      }
      throw Fault(
        reason: fragment.isEmpty ? "RE2 does not take it" : "RE2 does not take `\(fragment)` in it")
    }
    compiled = made
  }

  deinit { cre2_free(compiled) }

  /// Whether it matches; running out of memory counts as no match.
  func matches(_ text: String, whole: Bool) -> Bool {
    var text = text
    var spans = [0, 0]
    return text.withUTF8 { bytes in
      bytes.withMemoryRebound(to: CChar.self) { chars in
        guard cre2_match(compiled, chars.baseAddress, chars.count, 0, whole ? 1 : 0, &spans, 1) > 0
        else { return false }
        return !whole || (spans[0] == 0 && spans[1] == chars.count)
      }
    }
  }

  private static let kept = Mutex<[String: AnswerPattern]>([:])

  /// A pattern that was compiled before, or a new one; a few are kept.
  static func cached(_ pattern: String, ignoresCase: Bool) throws(Fault) -> AnswerPattern {
    let key = (ignoresCase ? "i" : "c") + pattern
    if let found = kept.withLock({ $0[key] }) { return found }
    let made = try AnswerPattern(pattern, ignoresCase: ignoresCase)
    kept.withLock {
      if $0.count >= 64 { $0.removeAll() }
      $0[key] = made
    }
    return made
  }
}
