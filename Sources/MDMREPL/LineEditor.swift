import CEditLine
import Glibc
import Synchronization

/// A prompt with editing, history, completion and inputs of several lines, over libedit.
///
/// It belongs to one thread, and a process has use for one at a time: signals and the terminal are
/// the process's. Keys beyond libedit's own: Tab completes, Up and Down move between the lines of an
/// input and then through past inputs that start like this one, Ctrl-R searches, Enter evaluates a
/// complete input and else adds a line, Alt-Enter always adds one, a paste never evaluates.
public final class LineEditor {
  /// Keys that we type ourselves: libedit repaints between two keys, and its own commands can only
  /// be called by a key. Single control characters, since a search ends at them and hands them on.
  enum OwnKey: UInt32 {
    case interrupt = 0x1C
    case mend = 0x1D
    case submit = 0x1E
    case list = 0x1F
  }

  /// What came from the prompt.
  public enum Input: Equatable, Sendable {
    /// An input, without prompts and without a line break at its end.
    case text(String)
    /// Ctrl-C: the line is dropped.
    case interrupted
    /// Ctrl-D on an empty line, or the terminal has gone.
    case end
  }

  /// Candidates for the text before a cursor: `(line, cursor) -> (from, candidates)`, in scalars.
  public var complete: (String, Int) -> (from: Int, candidates: [String]) = { _, cursor in
    (cursor, [])
  }
  /// Whether Enter evaluates.
  public var completeness: (String) -> InputCompleteness = { _ in .complete }

  let text: PromptText
  let handle: OpaquePointer
  var entries: [String] = []
  /// The walk through past inputs that Up and Down are on.
  var walk: HistoryWalk?
  /// Candidates to print, and where the cursor belongs, while libedit goes to the first row.
  var waiting: (candidates: [String], cursor: Int)?
  private let history: OpaquePointer
  private let file: HistoryFile?
  private let input: Int32
  let output: Int32
  private let streams: (source: UnsafeMutablePointer<FILE>, sink: UnsafeMutablePointer<FILE>)
  /// Prompt as libedit wants it, kept as long as the editor lives.
  private let promptBuffer: UnsafeMutablePointer<wchar_t>
  /// Where the cursor was when the last key had been handled.
  private var previousCursor = 0
  var wasInterrupted = false
  /// Keys of ours that are read before what is typed.
  var ownKeys: [OwnKey] = []

  /// An editor on a terminal, the process's own unless told otherwise.
  /// - Parameter history: where past inputs are kept; `nil` keeps them in memory only.
  /// - Throws: ``LineEditorError``; a history file that cannot be read is no reason to fail, see
  ///   ``historyFailure``.
  public init(
    text: PromptText = PromptText(), history file: HistoryFile? = nil,
    input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO
  ) throws(LineEditorError) {
    // libedit decodes by the locale: an unset one would show bytes instead of letters.
    setlocale(LC_CTYPE, "")
    if String(cString: nl_langinfo(Int32(CODESET))) != "UTF-8" { setlocale(LC_CTYPE, "C.UTF-8") }
    guard let source = Self.stream(input, "r") else { throw .terminalUnusable }
    guard let sink = Self.stream(output, "w") else {
      fclose(source)
      throw .terminalUnusable
    }
    guard let handle = cedit_init("mdm", source, sink), let history = history_winit() else {
      fclose(source)
      fclose(sink)
      throw .terminalUnusable
    }
    self.input = input
    self.output = output
    streams = (source, sink)
    self.text = text
    self.handle = handle
    self.history = history
    self.file = file
    promptBuffer = Self.persistent(text.prompt)
    configure()
    if let file {
      do {
        for entry in try file.load() { remember(entry) }
      } catch {
        historyFailure = error
      }
    }
  }

  deinit {
    history_wend(history)
    el_end(handle)
    fclose(streams.source)
    fclose(streams.sink)
    promptBuffer.deallocate()
  }

  /// Why past inputs could not be loaded or kept, once that has happened.
  public private(set) var historyFailure: LineEditorError?

  /// Shows the prompt and waits for an input.
  public func readInput() -> Input {
    walk = nil
    previousCursor = 0
    wasInterrupted = false
    ownKeys = []
    Signals.isInterrupted.store(false, ordering: .sequentiallyConsistent)
    let actions = Signals.install()
    write("\u{1b}[?2004h")
    defer {
      write("\u{1b}[?2004l")
      Signals.restore(actions)
    }
    var count: Int32 = 0
    guard let line = el_wgets(handle, &count), count > 0 else {
      write("\n")
      return .end
    }
    guard !wasInterrupted else { return .interrupted }
    let scalars = Self.scalars(line, count: Int(count))
    let entered = text.plain(scalars.last == "\n" ? scalars.dropLast() : scalars).text
    keep(entered)
    return .text(entered)
  }

  /// Writes text of our own between what libedit writes.
  func write(_ text: String) { cedit_write(streams.sink, text) }

  // MARK: History

  private func keep(_ entry: String) {
    guard entry.contains(where: { !$0.isWhitespace }), entry != entries.last else { return }
    remember(entry)
    guard let file, historyFailure == nil else { return }
    do { try file.append(entry) } catch { historyFailure = error }
  }

  private func remember(_ entry: String) {
    entries.append(entry)
    _ = cedit_history_enter(history, Self.wide(text.shown(entry)))
  }

  // MARK: The buffer

  /// The shown text and the cursor in it.
  var buffer: (text: [UnicodeScalar], cursor: Int) {
    guard let line = el_wline(handle)?.pointee, let start = line.buffer else { return ([], 0) }
    return (
      Self.scalars(start, count: line.lastchar - start), line.cursor - start
    )
  }

  func replaceBuffer(with shown: [UnicodeScalar], cursor: Int) {
    let old = buffer
    el_cursor(handle, Int32(old.text.count - old.cursor))
    el_deletestr(handle, Int32(old.text.count))
    if !shown.isEmpty { el_winsertstr(handle, Self.wide(PromptText.string(shown))) }
    el_cursor(handle, Int32(cursor - buffer.cursor))
  }

  func insert(_ shown: String) {
    guard !shown.isEmpty else { return }
    el_winsertstr(handle, Self.wide(shown))
  }

  // MARK: Reading keys

  /// Waits for one character, and minds signals meanwhile.
  /// - Returns: 1 with a character, 0 at the end of input.
  func nextCharacter(_ result: UnsafeMutablePointer<wchar_t>) -> Int32 {
    if ownKeys.isEmpty && needsMending { ownKeys.append(.mend) }
    while true {
      if Signals.isInterrupted.exchange(false, ordering: .sequentiallyConsistent) {
        Signals.drain()
        ownKeys = [.interrupt]
      }
      if !ownKeys.isEmpty {
        result.pointee = wchar_t(bitPattern: ownKeys.removeFirst().rawValue)
        return 1
      }
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
      var waits = [
        pollfd(fd: input, events: Int16(POLLIN), revents: 0),
        pollfd(fd: Signals.source, events: Int16(POLLIN), revents: 0),
      ]
      guard poll(&waits, 2, -1) >= 0 else {
        if errno == EINTR { continue }
        return 0
      }
      if waits[1].revents != 0 {
        Signals.drain()
        continue
      }
      guard let scalar = readScalar() else { return 0 }
      result.pointee = wchar_t(bitPattern: scalar.value)
      return 1
    }
  }

  /// Whether the last key has cut into a continuation prompt.
  private var needsMending: Bool {
    let (shown, cursor) = buffer
    let isBroken =
      shown.contains("\n")
      && text.mended(shown, cursor: cursor, previousCursor: previousCursor) != nil
    if !isBroken { previousCursor = cursor }
    return isBroken
  }

  /// Puts right what the last key has done to continuation prompts.
  func mend() {
    let (shown, cursor) = buffer
    if let better = text.mended(shown, cursor: cursor, previousCursor: previousCursor) {
      replaceBuffer(with: better.text, cursor: better.cursor)
    }
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

  // MARK: Setting up

  /// The stream of a copy of a descriptor: closing it leaves the descriptor open.
  private static func stream(_ descriptor: Int32, _ mode: String) -> UnsafeMutablePointer<FILE>? {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { return nil }
    guard let stream = fdopen(copy, mode) else {
      close(copy)
      return nil
    }
    return stream
  }

  private func configure() {
    cedit_set_data(handle, Unmanaged.passUnretained(self).toOpaque())
    cedit_set_prompt(handle) { LineEditor.of($0)?.promptBuffer }
    cedit_set_editor(handle, Self.wide("emacs"))
    cedit_set_int(handle, EL_SIGNAL, 0)
    cedit_set_getc(handle) { handle, result in
      guard let result, let editor = LineEditor.of(handle) else { return 0 }
      return editor.nextCharacter(result)
    }
    cedit_history_size(history, 20_000)
    cedit_set_history(handle, history)
    bindKeys()
  }

  /// The editor behind a libedit handle.
  static func of(_ handle: OpaquePointer?) -> LineEditor? {
    guard let handle, let data = cedit_data(handle) else { return nil }
    return Unmanaged<LineEditor>.fromOpaque(data).takeUnretainedValue()
  }

  static func wide(_ text: String) -> [wchar_t] {
    text.unicodeScalars.map { wchar_t(bitPattern: $0.value) } + [0]
  }

  static func scalars(_ start: UnsafePointer<wchar_t>, count: Int) -> [UnicodeScalar] {
    (0..<count).map { UnicodeScalar(UInt32(bitPattern: start[$0])) ?? "\u{FFFD}" }
  }

  /// A wide string that is never freed or, for the prompt, freed by its owner.
  static func persistent(_ text: String) -> UnsafeMutablePointer<wchar_t> {
    let wide = wide(text)
    let copy = UnsafeMutablePointer<wchar_t>.allocate(capacity: wide.count)
    copy.initialize(from: wide, count: wide.count)
    return copy
  }
}
