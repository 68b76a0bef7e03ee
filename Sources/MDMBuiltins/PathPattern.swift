import Glibc

/// The paths that fit a pattern: `*`, `?`, `[a-z]` and `[!ab]` stand for parts of a name, `**` for
/// any number of folders. Hidden names fit only a pattern that begins with their dot.
struct PathPattern {
  private let parts: [String]
  private let root: String
  private let wantsFolders: Bool
  private let pause: () throws -> Void
  private var found: [String] = []

  /// The paths, sorted by their bytes; `pause` is called between folders and may throw.
  static func paths(_ pattern: String, pause: @escaping () throws -> Void) throws -> [String] {
    var search = PathPattern(pattern, pause)
    try search.expand(search.root, 0)
    let fitting = search.wantsFolders ? search.found.filter(Folders.isFolder) : search.found
    return fitting.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private init(_ pattern: String, _ pause: @escaping () throws -> Void) {
    var parts: [String] = []
    for part in pattern.split(separator: "/").map(String.init) {
      // `**/**` is `**`: otherwise one path would be found several times.
      if part != "**" || parts.last != "**" { parts.append(part) }
    }
    if parts.last == "**" { parts.append("*") }
    self.parts = parts
    self.pause = pause
    root = pattern.hasPrefix("/") ? "/" : ""
    wantsFolders = pattern.hasSuffix("/")
  }

  private mutating func expand(_ base: String, _ index: Int) throws {
    guard index < parts.count else {
      found.append(base)
      return
    }
    let part = parts[index]
    let isLast = index == parts.count - 1
    if part == "**" {
      try expand(base, index + 1)
      for name in try names(base) where !name.hasPrefix(".") {
        let path = Paths.joined([base, name])
        // Links are not gone through, because they can lead back.
        if Folders.isFolder(path), !Folders.isLink(path) { try expand(path, index) }
      }
    } else if part.unicodeScalars.contains(where: { "*?[".unicodeScalars.contains($0) }) {
      let pattern = Array(part.unicodeScalars)
      for name in try names(base) where Self.fits(Array(name.unicodeScalars), pattern) {
        let path = Paths.joined([base, name])
        if isLast || Folders.isFolder(path) { try expand(path, index + 1) }
      }
    } else {
      let path = Paths.joined([base, part])
      var status = stat()
      if lstat(path, &status) == 0 { try expand(path, index + 1) }
    }
  }

  private func names(_ folder: String) throws -> [String] {
    try pause()
    return Folders.names(folder.isEmpty ? "." : folder) ?? []
  }

  /// Whether a name fits a pattern without slashes.
  static func fits(_ name: [Unicode.Scalar], _ pattern: [Unicode.Scalar]) -> Bool {
    if name.first == ".", pattern.first != "." { return false }
    var (n, p) = (0, 0)
    // Where the last star stands and what it has taken: only it ever has to take more.
    var star: (pattern: Int, name: Int)?
    while n < name.count {
      if p < pattern.count, pattern[p] == "*" {
        star = (p, n)
        p += 1
      } else if let next = one(name[n], pattern, p) {
        (n, p) = (n + 1, next)
      } else if let last = star {
        star = (last.pattern, last.name + 1)
        (n, p) = (last.name + 1, last.pattern + 1)
      } else {
        return false
      }
    }
    return pattern[p...].allSatisfy { $0 == "*" }
  }

  /// Where the pattern goes on after one character that fits; nil where it does not fit.
  private static func one(
    _ scalar: Unicode.Scalar, _ pattern: [Unicode.Scalar], _ p: Int
  ) -> Int? {
    guard p < pattern.count else { return nil }
    if pattern[p] == "?" { return p + 1 }
    guard pattern[p] == "[" else { return pattern[p] == scalar ? p + 1 : nil }
    var at = p + 1
    let isNegated = at < pattern.count && (pattern[at] == "!" || pattern[at] == "^")
    if isNegated { at += 1 }
    var isIn = false
    // A `]` right after the opening stands for itself.
    var isFirst = true
    while at < pattern.count, isFirst || pattern[at] != "]" {
      isFirst = false
      if at + 2 < pattern.count, pattern[at + 1] == "-", pattern[at + 2] != "]" {
        if pattern[at] <= scalar, scalar <= pattern[at + 2] { isIn = true }
        at += 3
      } else {
        if pattern[at] == scalar { isIn = true }
        at += 1
      }
    }
    // An opening that is never closed is a plain `[`.
    guard at < pattern.count else { return scalar == "[" ? p + 1 : nil }
    return isIn != isNegated ? at + 1 : nil
  }
}
