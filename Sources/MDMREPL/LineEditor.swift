import CEditLine
import Glibc

/// A prompt with editing, history, completion and inputs of several lines, over libedit.
///
/// It belongs to one thread, and a process has use for one at a time: signals and the terminal are
/// the process's. Keys beyond libedit's own: Tab completes, Up and Down move between the lines of an
/// input and then through past inputs that start like this one, Ctrl-R searches, Enter evaluates a
/// complete input and else adds a line, Alt-Enter always adds one, a paste never evaluates.
public final class LineEditor {
  /// Keys that we type ourselves: libedit repaints between two keys, and its own commands can only
  /// be called by a key. Single control characters, since a search ends at them and hands them on.
  enum OwnKey: Equatable {
    /// Ctrl-C was pressed.
    case interrupt
    /// The last key has cut into a continuation prompt.
    case mend
    /// The cursor is on the first row now: what waits is printed above it.
    case printAbove
    /// Goes to the first row, to print announcements.
    case announce
    /// libedit's own Enter.
    case submit

    /// Ctrl-^ is libedit's Enter, Ctrl-] is ours to interpret.
    var code: UInt32 { self == .submit ? 0x1E : 0x1D }
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

  /// What may stand at a cursor, in scalars.
  public var complete: (String, Int) -> Completions = { _, cursor in
    Completions(start: cursor, end: cursor, candidates: [])
  }
  /// Whether Enter evaluates.
  public var completeness: (String) -> InputCompleteness = { _ in .complete }
  /// Past inputs, oldest first; asked for once, when somebody is there to use them.
  public var pastInputs: () -> [String] = { [] }
  /// Lines of other threads, shown above the prompt.
  public let announcements: Announcements
  /// Whether the prompt and the list of candidates are coloured.
  public let isColored: Bool

  let text: PromptText
  let pasted: PastedText
  let handle: OpaquePointer
  var past = PastInputs()
  /// The walk through past inputs that Up and Down are on.
  var walk: HistoryWalk?
  /// Text to print above the prompt, and where the cursor belongs, while libedit goes to the first
  /// row. A copy of the input stands above a list of candidates.
  var waiting: (text: String, repeatsInput: Bool, cursor: Int)?
  let input: Int32
  let output: Int32
  var wasInterrupted = false
  /// Keys of ours that are read before what is typed, and the last one that was read.
  var ownKeys: [OwnKey] = []
  var ownKey: OwnKey?
  /// A paste is being read: nothing may come between.
  var isPasting = false
  /// Where the cursor was when the last key had been handled.
  var previousCursor = 0
  private var hasLoaded = false
  private let history: OpaquePointer
  private let streams: (source: UnsafeMutablePointer<FILE>, sink: UnsafeMutablePointer<FILE>)
  /// Prompt as libedit wants it, kept as long as the editor lives.
  private let promptBuffer: UnsafeMutablePointer<wchar_t>

  /// An editor on a terminal, the process's own unless told otherwise.
  /// - Throws: ``LineEditorError`` where it is none.
  public init(
    text: PromptText = PromptText(), announcements: Announcements = Announcements(),
    isColored: Bool = false, input: Int32 = STDIN_FILENO, output: Int32 = STDOUT_FILENO
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
    pasted = PastedText(prompt: text.prompt, continuation: text.continuation)
    self.announcements = announcements
    self.isColored = isColored
    self.handle = handle
    self.history = history
    promptBuffer = Self.persistent(text.painted(isColored, mark: "\u{1}"))
    configure()
  }

  deinit {
    history_wend(history)
    el_end(handle)
    fclose(streams.source)
    fclose(streams.sink)
    promptBuffer.deallocate()
  }

  /// Shows the prompt and waits for an input.
  public func readInput() -> Input {
    walk = nil
    previousCursor = 0
    wasInterrupted = false
    ownKeys = []
    Signals.isInterrupted.store(false, ordering: .sequentiallyConsistent)
    for line in announcements.take() { write(line + "\n") }
    let actions = Signals.install()
    // Before the prompt shows: what is typed as soon as it stands is for the editor.
    cedit_set_int(handle, EL_PREP_TERM, 1)
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
    remember(entered)
    return .text(entered)
  }

  /// Writes text of our own between what libedit writes.
  func write(_ text: String) { cedit_write(streams.sink, text) }

  // MARK: Past inputs

  /// Fetches past inputs, once.
  func loadPast() {
    guard !hasLoaded else { return }
    hasLoaded = true
    past.load(pastInputs())
    fillHistory()
  }

  var needsPast: Bool { !hasLoaded }

  private func remember(_ entry: String) {
    let count = past.entries.count
    if past.add(entry) {
      fillHistory()
    } else if past.entries.count > count {
      _ = cedit_history_enter(history, Self.wide(text.shown(entry)))
    }
  }

  /// Gives libedit, whose search goes through its own list, the same inputs.
  private func fillHistory() {
    _ = cedit_history_clear(history)
    for entry in past.entries { _ = cedit_history_enter(history, Self.wide(text.shown(entry))) }
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
    cedit_set_prompt(handle, { LineEditor.of($0)?.promptBuffer }, 1)
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
