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
      let pattern = GlobPattern(part)
      for name in try names(base) where Self.fits(name, pattern) {
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
  private static func fits(_ name: String, _ pattern: GlobPattern) -> Bool {
    if name.first == ".", !pattern.beginsWithDot { return false }
    return pattern.matches(name)
  }
}
