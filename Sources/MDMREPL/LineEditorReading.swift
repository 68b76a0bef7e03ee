import CEditLine
import Glibc

/// Where keys come from: the terminal, signals, other threads, and ourselves.
extension LineEditor {
  /// Waits for one character, and minds signals and announcements meanwhile.
  /// - Returns: 1 with a character, 0 at the end of input.
  func nextCharacter(_ result: UnsafeMutablePointer<wchar_t>) -> Int32 {
    if ownKeys.isEmpty && needsMending { ownKeys.append(.mend) }
    while true {
      guard Signals.leaving.load(ordering: .sequentiallyConsistent) == 0 else { return 0 }
      if Signals.isInterrupted.exchange(false, ordering: .sequentiallyConsistent) {
        ownKeys = [.interrupt]
      }
      if !ownKeys.isEmpty {
        let key = ownKeys.removeFirst()
        ownKey = key
        result.pointee = wchar_t(bitPattern: key.code)
        return 1
      }
      followTerminal()
      var waits = [
        pollfd(fd: input, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.source, events: Int16(POLLIN), revents: 0),
      ]
      let hasNews = !isPasting && !isSearching && !announcements.isEmpty
      // Past inputs are fetched in the pause before the first key, or with it.
      let count = poll(&waits, 2, hasNews ? 0 : needsPast ? 20 : -1)
      guard count >= 0 || errno == EINTR else { return 0 }
      if waits[1].revents != 0 {
        Signals.drain()
        continue
      }
      // What is typed comes first: an escape sequence must not be torn apart.
      if waits[0].revents == 0 {
        if hasNews { ownKeys = [.announce] } else if count == 0 { loadPast() }
        continue
      }
      loadPast()
      guard let scalar = readScalar() else { return 0 }
      result.pointee = wchar_t(bitPattern: scalar.value)
      return 1
    }
  }

  /// Draws anew what a change of size or a stop has spoilt.
  private func followTerminal() {
    if Signals.isResized.exchange(false, ordering: .sequentiallyConsistent) {
      // Drawn anew from the row that the cursor is on: how the terminal has wrapped what stood
      // there before is its own affair.
      write("\r\u{1b}[J")
      el_resize(handle)
      cedit_refresh(handle)
    }
    if Signals.isContinued.exchange(false, ordering: .sequentiallyConsistent) {
      // The shell has had the terminal meanwhile, in its own mode; libedit does not know.
      cedit_set_int(handle, EL_PREP_TERM, 0)
      cedit_set_int(handle, EL_PREP_TERM, 1)
      write("\u{1b}[?2004h")
      cedit_refresh(handle)
    }
  }

  /// Whether libedit's search through past inputs goes on: it writes `bck:` and what is sought into
  /// the buffer, on a line of its own.
  private var isSearching: Bool {
    let shown = buffer.text
    guard let start = shown.lastIndex(of: "\n") else { return false }
    let line = PromptText.string(shown[(start + 1)...].prefix(4))
    return ["bck:", "bck?", "fwd:", "fwd?"].contains(line)
  }

  /// Whether the last key has cut into a continuation prompt.
  private var needsMending: Bool {
    let (shown, cursor) = buffer
    guard !isSearching else { return false }
    let isBroken =
      shown.contains("\n")
      && text.mended(shown, cursor: cursor, previousCursor: previousCursor) != nil
    if !isBroken { previousCursor = cursor }
    return isBroken
  }

  /// One scalar of UTF-8; what is malformed reads as U+FFFD.
  private func readScalar() -> UnicodeScalar? {
    var byte: UInt8 = 0
    func next() -> Bool {
      while true {
        let count = read(input, &byte, 1)
        if count == 1 { return true }
        if count < 0 && errno == EINTR { continue }
        return false
      }
    }
    guard next() else { return nil }
    let length = byte < 0x80 ? 1 : byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 0
    guard length > 0 else { return "\u{FFFD}" }
    var bytes = [byte]
    while bytes.count < length {
      guard next() else { return nil }
      bytes.append(byte)
    }
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.first
  }
}
