import Glibc

/// Asks a terminal what it can show.
enum TerminalQuery {
  /// How long a terminal may take: one far away answers within this, one that does not know the
  /// question never does.
  private static let deadline: Int32 = 200

  /// The answers to the queries for graphics and device attributes; empty where the terminal says
  /// nothing, and where somebody is typing, whose keys would be lost.
  ///
  /// - Parameter asksForKitty: multiplexers take that question for a title.
  static func answers(asksForKitty: Bool) -> String {
    let input: Int32 = 0
    guard Terminal.isTerminal(input), Terminal.isTerminal(1), tcgetpgrp(input) == getpgrp() else {
      return ""
    }
    var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
    var before = termios()
    guard poll(&waiting, 1, 0) == 0, tcgetattr(input, &before) == 0 else { return "" }
    var raw = before
    raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
    guard tcsetattr(input, TCSADRAIN, &raw) == 0 else { return "" }
    defer { tcsetattr(input, TCSADRAIN, &before) }
    // Every terminal answers the last question: nothing follows its answer.
    let kitty = asksForKitty ? "\u{1b}_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\u{1b}\\" : ""
    guard Terminal.write(kitty + "\u{1b}[c") else { return "" }
    var bytes: [UInt8] = []
    while bytes.count < 4096, !isComplete(bytes) {
      waiting.revents = 0
      guard poll(&waiting, 1, deadline) == 1, waiting.revents & Int16(POLLIN) != 0 else { break }
      var buffer = [UInt8](repeating: 0, count: 256)
      let count = read(input, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[0..<count]
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Whether the device attributes have come: `ESC [ ? … c`.
  private static func isComplete(_ bytes: [UInt8]) -> Bool {
    guard bytes.last == UInt8(ascii: "c"), let start = bytes.lastIndex(of: 0x1b) else {
      return false
    }
    return bytes[start...].starts(with: Array("\u{1b}[?".utf8))
  }
}
