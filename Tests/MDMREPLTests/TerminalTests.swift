import Glibc
import MDMREPL
import Synchronization
import Testing

/// The loop on a pseudo-terminal, driven key by key.
@Suite(.serialized) struct TerminalTests {
  @Test func anInputIsEvaluatedWhenEnterIsPressed() throws {
    let trial = try Trial()
    trial.type("x + 1\r")
    #expect(trial.evaluated(count: 1) == ["x + 1"])
  }

  @Test func enterAddsLinesUntilTheInputIsComplete() throws {
    let trial = try Trial()
    trial.type("fn f(x) {\rx + 1\r}\r")
    #expect(trial.evaluated(count: 1) == ["fn f(x) {\n  x + 1\n}"])
  }

  @Test func backspaceAtALinesStartJoinsIt() throws {
    let trial = try Trial()
    trial.type("a {\rb")
    trial.type("\u{1}\u{7f}\u{5}}\r")
    #expect(trial.evaluated(count: 1) == ["a {  b}"])
  }

  @Test func tabCompletesAndLists() throws {
    let trial = try Trial()
    trial.type("tr\t(1)\r")
    #expect(trial.evaluated(count: 1) == ["train(1)"])
    trial.type("train\t\t")
    #expect(trial.shows("trainer"))
    trial.type("er\r")
    #expect(trial.evaluated(count: 2).last == "trainer")
  }

  @Test func lettersBeyondASCIIAreKept() throws {
    let trial = try Trial()
    trial.type("größe 数\u{7f}🙂\r")
    #expect(trial.evaluated(count: 1) == ["größe 🙂"])
  }

  @Test func upFindsTheInputThatStartsLikeThisOne() throws {
    let trial = try Trial()
    trial.type("load(1)\rfn f() {\r1\r}\rother\r")
    _ = trial.evaluated(count: 3)
    trial.type("fn\u{1b}[A\r")
    #expect(trial.evaluated(count: 4).last == "fn f() {\n  1\n}")
    trial.type("lo\u{1b}[A\r")
    #expect(trial.evaluated(count: 5).last == "load(1)")
  }

  @Test func aPasteWaitsForEnter() throws {
    let trial = try Trial()
    trial.type("\u{1b}[200~let a = 1\n\tlet b = 2\n\u{1b}[201~")
    trial.type("0\r")
    #expect(trial.evaluated(count: 1) == ["let a = 1\n  let b = 20"])
  }

  @Test func controlCAtThePromptDropsTheLineOnly() throws {
    let trial = try Trial()
    trial.type("half typed")
    #expect(trial.shows("half typed"))
    kill(getpid(), SIGINT)
    #expect(trial.shows("^C"))
    trial.type("whole\r")
    #expect(trial.evaluated(count: 1) == ["whole"])
  }

  @Test func controlCInAnEvaluationReachesTheSession() throws {
    let trial = try Trial()
    trial.type("wait\r")
    #expect(trial.evaluated(count: 1) == ["wait"])
    kill(getpid(), SIGINT)
    trial.type("next\r")
    #expect(trial.evaluated(count: 2).last == "next")
    #expect(trial.session.interrupts.load(ordering: .sequentiallyConsistent) == 1)
  }

  @Test func controlCDropsAnInputOfSeveralLines() throws {
    let trial = try Trial()
    trial.type("f {\r1 +")
    #expect(trial.shows("1 +"))
    kill(getpid(), SIGINT)
    #expect(trial.shows("^C"))
    trial.type("whole\r")
    #expect(trial.evaluated(count: 1) == ["whole"])
  }

  @Test func commandsNeedNoClosingBrackets() throws {
    let trial = try Trial()
    trial.type(":help me(\r")
    #expect(trial.evaluated(count: 1) == [":help me("])
  }

  @Test func altEnterAddsALineWhereEnterWouldEvaluate() throws {
    let trial = try Trial()
    trial.type("a\u{1b}\rb\r")
    #expect(trial.evaluated(count: 1) == ["a\nb"])
  }

  @Test func aLineBrokenInTheMiddleIsIndentedByWhatIsOpenBefore() throws {
    let trial = try Trial()
    trial.type("f {\ra\rb\r}")
    trial.type("\u{1b}[A\u{1b}[A\u{5}\u{1b}\rnew\u{1b}[B\u{1b}[B\u{5}\r")
    #expect(trial.evaluated(count: 1) == ["f {\n  a\n  new\n  b\n}"])
  }

  @Test func aSessionThatIsPastedLosesItsPrompts() throws {
    let trial = try Trial()
    trial.type("\u{1b}[200~In [3]: f(\n   ...: 1)\nOut[3]: 2\n\u{1b}[201~\r")
    #expect(trial.evaluated(count: 1) == ["f(\n1)"])
  }

  @Test func commandsWithinAPasteAreEvaluatedOneByOne() throws {
    let trial = try Trial()
    trial.type("\u{1b}[200~x = 1\n:time x\n?f\n\u{1b}[201~\r")
    #expect(trial.evaluated(count: 3) == ["x = 1", ":time x", "?f"])
  }

  @Test func inputsOfEarlierSessionsAreFound() throws {
    let trial = try Trial(past: ["let a = 1", "f {\n  1\n}", "let a = 1", " let secret = 1"])
    trial.type("let\u{1b}[A\r")
    #expect(trial.evaluated(count: 1) == ["let a = 1"])
    trial.type("\u{1b}[A\u{1b}[A\r")
    #expect(trial.evaluated(count: 2).last == "f {\n  1\n}")
  }

  @Test func anInputThatBeginsWithABlankIsNotKept() throws {
    let trial = try Trial()
    trial.type("open\r secret\r\u{1b}[A\r")
    #expect(trial.evaluated(count: 3) == ["open", " secret", "open"])
  }

  @Test func controlRSearchesInputsOfSeveralLines() throws {
    let trial = try Trial(past: ["f {\n  needle\n}", "other"])
    trial.type("\u{12}needle\u{5}\r")
    #expect(trial.evaluated(count: 1) == ["f {\n  needle\n}"])
  }

  @Test func fewCandidatesAreShownWithTypeAndHelp() throws {
    let trial = try Trial()
    trial.type("train\t")
    #expect(trial.shows("trainer  Class     Trains others."))
  }

  @Test func aLineFromAnotherThreadLeavesTheEditedInputAsItIs() throws {
    let trial = try Trial()
    trial.type("f {\r1 + ")
    #expect(trial.shows("1 + "))
    trial.announcements.add("job 1 is done")
    #expect(trial.shows("job 1 is done"))
    trial.type("2\r}\r")
    #expect(trial.evaluated(count: 1) == ["f {\n  1 + 2\n}"])
  }

  @Test func controlDOnAnEmptyLineEndsTheLoop() throws {
    let trial = try Trial()
    trial.type("x\r\u{4}")
    #expect(trial.ends())
  }

  @Test func aCommandMayEndTheLoop() throws {
    let trial = try Trial()
    trial.type(":quit\r")
    #expect(trial.ends())
  }

  @Test func aTerminalThatVanishesEndsTheLoop() throws {
    let trial = try Trial()
    trial.type("x\r")
    _ = trial.evaluated(count: 1)
    trial.hangUp()
    #expect(trial.ends())
  }

  @Test func aHangUpEndsAWaitingPrompt() throws {
    let trial = try Trial()
    trial.type("half")
    #expect(trial.shows("half"))
    kill(getpid(), SIGHUP)
    #expect(trial.ends())
  }

  @Test func terminationInterruptsTheEvaluationAndEndsTheLoop() throws {
    let trial = try Trial()
    trial.type("wait\r")
    _ = trial.evaluated(count: 1)
    kill(getpid(), SIGTERM)
    #expect(trial.ends())
    #expect(trial.session.interrupts.load(ordering: .sequentiallyConsistent) == 1)
  }
}

/// A loop on its own thread, with the other end of its terminal in our hands.
private final class Trial: Sendable {
  let session: RecordingSession
  let announcements: Announcements
  private let terminal: Int32
  private let screen = Mutex("")
  private let ending = Ending()
  private let hasHungUp = Atomic<Bool>(false)

  init(past: [String] = []) throws {
    var terminal: Int32 = -1
    var inner: Int32 = -1
    var size = winsize(ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&terminal, &inner, nil, nil, &size) == 0)
    _ = fcntl(terminal, F_SETFL, O_NONBLOCK)
    self.terminal = terminal
    session = RecordingSession(past)
    let loop = REPL(input: inner, output: inner)
    announcements = loop.announcements
    let start = Start(session: session, loop: loop, ending: ending)
    var thread = pthread_t()
    let body: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { pointer in
      guard let pointer else { return nil }
      let start = Unmanaged<Start>.fromOpaque(pointer).takeRetainedValue()
      _ = try? start.loop.run(start.session)
      close(start.loop.input)
      start.ending.hasCome.store(true, ordering: .sequentiallyConsistent)
      return nil
    }
    try #require(
      pthread_create(&thread, nil, body, Unmanaged.passRetained(start).toOpaque()) == 0)
    pthread_detach(thread)
    try #require(shows("mdm> "))
  }

  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = bytes.withUnsafeBytes { write(terminal, $0.baseAddress, $0.count) }
  }

  /// Whether a text appears on the screen soon.
  func shows(_ text: String) -> Bool {
    waits { screen.withLock { $0.unicodeScalars.contains(text.unicodeScalars) } }
  }

  /// What the session got, once it is so many inputs.
  func evaluated(count: Int) -> [String] {
    _ = waits { session.inputs.withLock { $0.count >= count } }
    return session.inputs.withLock { $0 }
  }

  /// Takes the terminal away.
  func hangUp() {
    hasHungUp.store(true, ordering: .sequentiallyConsistent)
    close(terminal)
  }

  func ends() -> Bool { waits { ending.hasCome.load(ordering: .sequentiallyConsistent) } }

  private func waits(for condition: () -> Bool) -> Bool {
    for _ in 0..<1000 {
      if !hasHungUp.load(ordering: .sequentiallyConsistent) { drain() }
      if condition() { return true }
      usleep(5000)
    }
    return false
  }

  private func drain() {
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(terminal, &buffer, buffer.count)
      guard count > 0 else { return }
      screen.withLock { $0 += String(decoding: buffer[0..<count], as: UTF8.self) }
    }
  }

  deinit {
    // Two loops would fight over the process's signals: this one leaves first.
    if !ending.hasCome.load(ordering: .sequentiallyConsistent) {
      type("\u{5}\u{15}\u{4}")
      _ = ends()
    }
    if !hasHungUp.load(ordering: .sequentiallyConsistent) { close(terminal) }
  }
}

/// Set when the loop has returned.
private final class Ending: Sendable {
  let hasCome = Atomic<Bool>(false)
}

/// What the thread of a trial needs.
private final class Start: Sendable {
  let session: RecordingSession
  let loop: REPL
  let ending: Ending

  init(session: RecordingSession, loop: REPL, ending: Ending) {
    self.session = session
    self.loop = loop
    self.ending = ending
  }
}

/// A session that only remembers what it was given.
private final class RecordingSession: REPLSession, Sendable {
  let inputs = Mutex<[String]>([])
  let interrupts = Atomic<Int>(0)

  private let past: [String]

  init(_ past: [String]) { self.past = past }

  func pastInputs() -> [String] { past }

  func completions(of line: String, at cursor: Int) -> Completions {
    let before = Array(line.unicodeScalars.prefix(cursor))
    let from = before.lastIndex { !$0.properties.isAlphabetic }.map { $0 + 1 } ?? 0
    let word = String(String.UnicodeScalarView(before[from...]))
    let candidates = [
      Completions.Candidate("train", type: "Function", help: "Trains."),
      Completions.Candidate("trainer", type: "Class", help: "Trains others."),
      Completions.Candidate("load"),
    ]
    return Completions(
      start: from, end: cursor, candidates: candidates.filter { $0.text.hasPrefix(word) })
  }

  func completeness(of text: String) -> InputCompleteness {
    let open = text.count { "{(".contains($0) } - text.count { "})".contains($0) }
    return open > 0 ? .incomplete(indent: 2 * open) : .complete
  }

  func evaluate(_ text: String) -> Bool {
    inputs.withLock { $0.append(text) }
    guard text == "wait" else { return text != ":quit" }
    for _ in 0..<1000 where interrupts.load(ordering: .sequentiallyConsistent) == 0 {
      usleep(5000)
    }
    return true
  }

  func interrupt() { interrupts.add(1, ordering: .sequentiallyConsistent) }
}
