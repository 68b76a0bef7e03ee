import Glibc

/// The process's standard streams: the one place of the executable that writes to them.
enum Terminal {
  static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Colour is for terminals, and never with NO_COLOR.
  static func usesColor(on descriptor: Int32) -> Bool {
    isTerminal(descriptor) && allowsColor
  }

  /// Whether NO_COLOR is empty or missing.
  ///
  /// Source: https://no-color.org
  static var allowsColor: Bool { getenv("NO_COLOR").map { $0[0] == 0 } ?? true }

  /// Columns of the terminal, 100 where there is none.
  static var width: Int {
    var size = winsize()
    if ioctl(1, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 20 { return Int(size.ws_col) }
    return 100
  }

  /// Writes all bytes; false once the reader is gone.
  @discardableResult
  static func write(_ text: String, to descriptor: Int32 = 1) -> Bool {
    write(Array(text.utf8)[...], to: descriptor)
  }

  /// Writes all bytes; false once the reader is gone.
  @discardableResult
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32 = 1) -> Bool {
    var bytes = bytes
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        guard errno == EAGAIN else { return false }
        // Somebody has made the descriptor non-blocking: we wait as a blocking one would.
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        _ = poll(&waiting, 1, -1)
        continue
      }
      bytes = bytes.dropFirst(count)
    }
    return true
  }
}
