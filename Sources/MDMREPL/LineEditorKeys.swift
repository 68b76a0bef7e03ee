import CEditLine
import Glibc

/// What the keys do that libedit leaves to us.
extension LineEditor {
  func bindKeys() {
    typealias Action = @convention(c) (OpaquePointer?, Int32) -> UInt8
    let actions: [(name: String, keys: [String], action: Action)] = [
      ("mdm-complete", ["\t"], { handle, _ in LineEditor.of(handle)?.completeWord() ?? 0 }),
      ("mdm-enter", ["\r", "\n"], { handle, _ in LineEditor.of(handle)?.enter() ?? 0 }),
      (
        "mdm-newline", ["\u{1b}\r", "\u{1b}\n"],
        { handle, _ in LineEditor.of(handle)?.addLine() ?? 0 }
      ),
      (
        "mdm-up", ["\u{1b}[A", "\u{1b}OA", "\u{10}"],
        { handle, _ in LineEditor.of(handle)?.up() ?? 0 }
      ),
      (
        "mdm-down", ["\u{1b}[B", "\u{1b}OB", "\u{e}"],
        { handle, _ in LineEditor.of(handle)?.down() ?? 0 }
      ),
      (
        "mdm-delete", ["\u{1b}[3~"],
        { handle, _ in LineEditor.of(handle)?.deleteForward(endsWhenEmpty: false) ?? 0 }
      ),
      (
        "mdm-delete-or-end", ["\u{4}"],
        { handle, _ in LineEditor.of(handle)?.deleteForward(endsWhenEmpty: true) ?? 0 }
      ),
      ("mdm-close", ["}", "]", ")"], { handle, key in LineEditor.of(handle)?.close(key) ?? 0 }),
      ("mdm-own", [Self.text(of: .mend)], { handle, _ in LineEditor.of(handle)?.act() ?? 0 }),
      ("mdm-paste", ["\u{1b}[200~"], { handle, _ in LineEditor.of(handle)?.paste() ?? 0 }),
      (
        "mdm-home", ["\u{1}", "\u{1b}[H", "\u{1b}OH", "\u{1b}[1~"],
        { handle, _ in LineEditor.of(handle)?.home() ?? 0 }
      ),
      (
        "mdm-end", ["\u{5}", "\u{1b}[F", "\u{1b}OF", "\u{1b}[4~"],
        { handle, _ in LineEditor.of(handle)?.end() ?? 0 }
      ),
    ]
    for (name, keys, action) in actions {
      // libedit keeps both texts; they are needed as long as the process lives.
      cedit_add_function(
        handle, LineEditor.persistent(name), LineEditor.persistent("mdm"), action)
      for key in keys { cedit_bind(handle, LineEditor.wide(key), LineEditor.wide(name)) }
    }
    let builtin = [
      (Self.text(of: .submit), "ed-newline"), ("\u{12}", "em-inc-search-prev"),
      ("\u{13}", "em-inc-search-next"), ("\u{1b}[1;5C", "em-next-word"),
      ("\u{1b}[1;5D", "ed-prev-word"), ("\u{17}", "ed-delete-prev-word"),
    ]
    for (key, function) in builtin {
      cedit_bind(handle, LineEditor.wide(key), LineEditor.wide(function))
    }
  }

  /// What one of our own keys asks for.
  private func act() -> UInt8 {
    defer { ownKey = nil }
    switch ownKey {
    case .interrupt: return dropInput()
    case .mend:
      mend()
      return UInt8(CC_REFRESH)
    case .announce: return printAbove(announcements.take().map { $0 + "\n" }.joined())
    case .printAbove: return printWaiting()
    case .submit, nil: return UInt8(CC_REFRESH_BEEP)
    }
  }

  /// Puts right what the last key has done to continuation prompts.
  private func mend() {
    let (shown, cursor) = buffer
    if let better = text.mended(shown, cursor: cursor, previousCursor: previousCursor) {
      replaceBuffer(with: better.text, cursor: better.cursor)
    }
  }

  // MARK: Enter and paste

  private func enter() -> UInt8 {
    let (shown, cursor) = buffer
    if case .incomplete = completeness(text.plain(shown).text) { return addLine() }
    // The cursor goes to the end first, so that output starts below the last line.
    el_cursor(handle, Int32(shown.count - cursor))
    ownKeys = [.submit]
    return UInt8(CC_REFRESH)
  }

  /// Ctrl-C: the input stays to be read, with a mark behind it, and is handed on as dropped.
  private func dropInput() -> UInt8 {
    let (shown, cursor) = buffer
    el_cursor(handle, Int32(shown.count - cursor))
    insert("^C")
    wasInterrupted = true
    ownKeys = [.submit]
    return UInt8(CC_REFRESH)
  }

  /// A closing bracket moves its line out by one level when it is the first on it.
  private func close(_ bracket: Int32) -> UInt8 {
    let (shown, cursor) = buffer
    let here = line(around: cursor, in: shown)
    let before = shown[here.lowerBound..<max(cursor, here.lowerBound)]
    if here.lowerBound > 0, before.count >= 2, before.allSatisfy({ $0 == " " }) {
      el_deletestr(handle, 2)
    }
    insert(String(UnicodeScalar(UInt32(bitPattern: bracket)).map { Character($0) } ?? "}"))
    return UInt8(CC_REFRESH)
  }

  private static func text(of key: OwnKey) -> String {
    String(UnicodeScalar(key.code).map { Character($0) } ?? " ")
  }

  /// Breaks the line at the cursor; what follows is indented by what is open before it.
  private func addLine() -> UInt8 {
    let (shown, cursor) = buffer
    let plain = text.plain(shown, cursor: cursor)
    let before = PromptText.string(plain.text.unicodeScalars.prefix(plain.cursor))
    var indent = 0
    if case .incomplete(let open) = completeness(before) {
      indent = open
    } else {
      indent =
        (before.split(separator: "\n", omittingEmptySubsequences: false).last ?? "")
        .prefix { $0 == " " }.count
    }
    insert(text.lineBreak + String(repeating: " ", count: min(max(indent, 0), 60)))
    return UInt8(CC_REFRESH)
  }

  private func paste() -> UInt8 {
    let ending = Array("\u{1b}[201~".unicodeScalars)
    var scalars: [UnicodeScalar] = []
    var character: wchar_t = 0
    isPasting = true
    defer { isPasting = false }
    while scalars.suffix(ending.count) != ending[...] {
      guard el_wgetc(handle, &character) == 1 else { return UInt8(CC_EOF) }
      if ownKey == .interrupt { return dropInput() }
      scalars.append(UnicodeScalar(UInt32(bitPattern: character)) ?? "\u{FFFD}")
    }
    insert(text.shown(pasted.clean(PromptText.string(scalars.dropLast(ending.count)))))
    return UInt8(CC_REFRESH)
  }

  // MARK: Moving and deleting

  /// The start and end of the line that a place of the shown text is in, prompt left out.
  private func line(around place: Int, in shown: [UnicodeScalar]) -> Range<Int> {
    let before = shown[..<place].lastIndex(of: "\n")
    let start = before.map { $0 + 1 + text.marker.count } ?? 0
    let end = shown[place...].firstIndex(of: "\n") ?? shown.count
    return min(start, end)..<end
  }

  private func home() -> UInt8 {
    let (shown, cursor) = buffer
    el_cursor(handle, Int32(line(around: cursor, in: shown).lowerBound - cursor))
    return UInt8(CC_REFRESH)
  }

  private func end() -> UInt8 {
    let (shown, cursor) = buffer
    el_cursor(handle, Int32(line(around: cursor, in: shown).upperBound - cursor))
    return UInt8(CC_REFRESH)
  }

  private func up() -> UInt8 {
    let (shown, cursor) = buffer
    let here = line(around: cursor, in: shown)
    if let above = shown[..<cursor].lastIndex(of: "\n") {
      let target = line(around: above, in: shown)
      let column = min(cursor - here.lowerBound, target.count)
      el_cursor(handle, Int32(target.lowerBound + column - cursor))
      return UInt8(CC_REFRESH)
    }
    let plain = text.plain(shown, cursor: cursor)
    if walk?.current != plain.text {
      // Only what stands before the cursor is what the sought input starts with.
      let prefix = PromptText.string(plain.text.unicodeScalars.prefix(plain.cursor))
      walk = HistoryWalk(entries: past.entries, prefix: prefix, draft: plain.text)
    }
    guard walk?.goBack() == true else { return UInt8(CC_REFRESH_BEEP) }
    return showWalk()
  }

  private func down() -> UInt8 {
    let (shown, cursor) = buffer
    if let below = shown[cursor...].firstIndex(of: "\n") {
      let here = line(around: cursor, in: shown)
      let target = line(around: below + 1, in: shown)
      let column = min(max(cursor - here.lowerBound, 0), target.count)
      el_cursor(handle, Int32(target.lowerBound + column - cursor))
      return UInt8(CC_REFRESH)
    }
    guard walk?.current == text.plain(shown).text, walk?.goForward() == true else {
      return UInt8(CC_REFRESH_BEEP)
    }
    return showWalk()
  }

  private func showWalk() -> UInt8 {
    let shown = Array(text.shown(walk?.current ?? "").unicodeScalars)
    replaceBuffer(with: shown, cursor: shown.count)
    return UInt8(CC_REFRESH)
  }

  private func deleteForward(endsWhenEmpty: Bool) -> UInt8 {
    let (shown, cursor) = buffer
    if shown.isEmpty { return UInt8(endsWhenEmpty ? CC_EOF : CC_REFRESH_BEEP) }
    guard cursor < shown.count else { return UInt8(CC_REFRESH_BEEP) }
    // A line break goes together with the prompt behind it.
    let width = shown[cursor] == "\n" ? 1 + text.marker.count : 1
    el_cursor(handle, Int32(min(width, shown.count - cursor)))
    el_deletestr(handle, Int32(min(width, shown.count - cursor)))
    return UInt8(CC_REFRESH)
  }

  // MARK: Completion

  private func completeWord() -> UInt8 {
    let (shown, cursor) = buffer
    let plain = text.plain(shown, cursor: cursor)
    let scalars = Array(plain.text.unicodeScalars)
    // At the start of a line Tab indents.
    let lineStart = scalars[..<plain.cursor].lastIndex(of: "\n").map { $0 + 1 } ?? 0
    if plain.cursor > 0, scalars[lineStart..<plain.cursor].allSatisfy({ $0 == " " }),
      lineStart > 0 || plain.cursor > lineStart
    {
      insert("  ")
      return UInt8(CC_REFRESH)
    }
    let found = complete(plain.text, plain.cursor)
    switch found.step(in: plain.text) {
    case .nothing: return UInt8(CC_REFRESH_BEEP)
    case .insert(let new):
      let start = min(max(found.start, 0), plain.cursor)
      let end = min(max(found.end, plain.cursor), scalars.count)
      el_cursor(handle, Int32(end - plain.cursor))
      el_deletestr(handle, Int32(end - start))
      insert(text.shown(new))
      return UInt8(CC_REFRESH)
    case .list:
      let size = terminalSize
      let menu = CompletionMenu(columns: size.columns, rows: size.rows, isColored: isColored)
      return printAbove(menu.text(found.candidates), repeatsInput: true)
    }
  }

  // MARK: Printing above the prompt

  /// libedit redraws from the first row that it believes to stand on: it goes there now, and we
  /// print when it has arrived.
  private func printAbove(_ printed: String, repeatsInput: Bool = false) -> UInt8 {
    let cursor = buffer.cursor
    waiting = (printed, repeatsInput, cursor)
    el_cursor(handle, Int32(-cursor))
    ownKeys.append(.printAbove)
    return UInt8(CC_REFRESH)
  }

  /// Prints what waits between the input as it stands, where that is wanted once more as plain text,
  /// and the input that libedit draws anew below.
  private func printWaiting() -> UInt8 {
    guard let (printed, repeatsInput, cursor) = waiting else { return UInt8(CC_REFRESH) }
    waiting = nil
    write("\r\u{1b}[J")
    let input = PromptText.string(buffer.text)
    let all = (repeatsInput ? "\(text.painted(isColored))\(input)\n" : "") + printed
    // The terminal is in the editor's mode: line breaks go straight down.
    write(all.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"))
    el_cursor(handle, Int32(cursor))
    return UInt8(CC_REDISPLAY)
  }

  private var terminalSize: (columns: Int, rows: Int) {
    var size = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
    return (Int(size.ws_col), Int(size.ws_row))
  }
}
