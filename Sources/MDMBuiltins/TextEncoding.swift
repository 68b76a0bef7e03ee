/// What bytes are that are not UTF-8.
enum TextEncoding {
  /// How many bytes stand before the first one that is not UTF-8.
  static func firstFault(_ bytes: [UInt8]) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var position = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { position += scalar.count }
    return min(position, max(bytes.count - 1, 0))
  }

  /// What to do about it, by the signs that other formats begin with.
  static func guess(_ bytes: [UInt8]) -> String {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      return "it looks like UTF-16; save it as UTF-8"
    }
    if bytes.starts(with: [0x1F, 0x8B]) { return "it is compressed by gzip; unpack it first" }
    if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) {
      return "it is compressed by zstd; unpack it first"
    }
    if bytes.starts(with: [0x50, 0x4B, 0x03, 0x04]) {
      return "it is a zip archive; unpack it first"
    }
    if bytes.prefix(4096).contains(0) { return "it looks like a binary file, not a text" }
    return "it may be Latin-1; save it as UTF-8"
  }
}
