import Glibc

/// Files with texts that the executable holds, for editors to open.
enum EmbeddedTextFiles {
  /// The path of a read-only file with a text below the user's cache folder; nil where it cannot be
  /// made.
  ///
  /// - Parameter name: a path that ends the file's own, such as `stdlib/experiments.mdm`.
  static func path(_ name: String, _ text: String) -> String? {
    guard let cache else { return nil }
    // A folder for each text: editors may still show that of another version.
    let file = "\(cache)/mdm/\(hash(text))/\(name)"
    if access(file, R_OK) == 0 { return file }
    guard let end = file.lastIndex(of: "/"), makeFolders(String(file[..<end])) else { return nil }
    let temporary = "\(file).\(getpid())"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC, 0o444)
    guard descriptor >= 0 else { return nil }
    let isWritten = Terminal.write(text, to: descriptor)
    close(descriptor)
    guard isWritten, rename(temporary, file) == 0 else {
      unlink(temporary)
      return nil
    }
    return file
  }

  /// Source: XDG Base Directory Specification.
  private static var cache: String? {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
    return variable("XDG_CACHE_HOME") ?? variable("HOME").map { "\($0)/.cache" }
  }

  private static func makeFolders(_ path: String) -> Bool {
    var whole = ""
    for part in path.split(separator: "/") {
      whole += "/\(part)"
      if mkdir(whole, 0o755) != 0, errno != EEXIST { return false }
    }
    return true
  }

  /// FNV-1a of 64 bits: it tells versions of a text apart.
  private static func hash(_ text: String) -> String {
    var value: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return String(value, radix: 16)
  }
}
