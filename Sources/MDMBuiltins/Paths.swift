/// The parts of paths, as texts: nothing looks at the disk.
enum Paths {
  /// Joins parts with one slash each; an absolute part begins anew.
  static func joined(_ parts: [String]) -> String {
    var result = ""
    for part in parts where !part.isEmpty {
      if part.hasPrefix("/") || result.isEmpty {
        result = part
      } else {
        result += (result.hasSuffix("/") ? "" : "/") + part
      }
    }
    return result
  }

  /// What follows the last slash, slashes at the end aside.
  static func name(_ path: String) -> String {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    return parts.last.map { String(decoding: $0, as: UTF8.self) } ?? (path.isEmpty ? "" : "/")
  }

  /// What stands before the last part; `.` where it has none.
  static func folder(_ path: String) -> String {
    var bytes = Array(path.utf8)
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    while let last = bytes.last, last != UInt8(ascii: "/") { bytes.removeLast() }
    if bytes.isEmpty { return "." }
    while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The name without its extension, and the extension with its dot; a leading dot begins none.
  static func split(_ path: String) -> (stem: String, suffix: String) {
    let name = Array(name(path).utf8)
    guard let dot = name.lastIndex(of: UInt8(ascii: ".")), dot > 0, dot < name.count - 1,
      name[..<dot].contains(where: { $0 != UInt8(ascii: ".") })
    else { return (String(decoding: name, as: UTF8.self), "") }
    return (
      String(decoding: name[..<dot], as: UTF8.self), String(decoding: name[dot...], as: UTF8.self)
    )
  }

  /// Without `.`, `..` and doubled slashes.
  static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != ".." || !path.hasPrefix("/") {
        parts.append(part)
      }
    }
    let joined = parts.joined(separator: "/")
    return path.hasPrefix("/") ? "/" + joined : joined.isEmpty ? "." : joined
  }
}
