/// The lines of scripts, byte by byte: `Character` takes a carriage return and a line feed for one.
enum ScriptLines {
  /// A text's lines, without the line feeds at their ends.
  static func of(_ text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(Substring($0)) }
  }

  /// The byte order mark.
  static let mark = "\u{FEFF}"

  /// The text behind a byte order mark; nil where there is none.
  static func withoutMark(_ text: String) -> String? {
    text.utf8.starts(with: mark.utf8) ? String(Substring(text.utf8.dropFirst(3))) : nil
  }

  /// Whether every line feed stands behind a carriage return, and there are some.
  static func endWithReturns(_ text: String) -> Bool {
    var previous: UInt8 = 0
    var isFound = false
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") {
        guard previous == UInt8(ascii: "\r") else { return false }
        isFound = true
      }
      previous = byte
    }
    return isFound
  }

  static func withoutReturns(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  static func withReturns(_ text: String) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count + text.utf8.count / 16)
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\r")) }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

extension String {
  /// Whether two texts have the same bytes; `==` takes other spellings of a letter for the same.
  func isSame(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}
