import Foundation
import Glibc

/// `mdm` on a pseudo-terminal of its own, typed at as a person does.
final class PromptSession {
  private let terminal: Int32
  private let child: pid_t
  private(set) var screen = ""
  private(set) var status: Int32?
  /// Its home.
  let folder: URL

  /// - Parameter answers: what the terminal says when it is asked for its device attributes.
  init(
    _ arguments: [String] = [], environment: [String: String] = [:], home: URL? = nil,
    answers: String = ""
  ) throws {
    folder = try home ?? Executable.temporaryFolder()
    self.answers = answers
    // Closed in all other children: a terminal hangs up when the last one closes it. (openpty has no
    // flag for that.)
    let terminal = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var (number, isLocked): (UInt32, Int32) = (0, 0)
    // TIOCSPTLCK and TIOCGPTN of asm-generic/ioctls.h, which are macros with parameters.
    guard terminal >= 0, ioctl(terminal, 0x4004_5431, &isLocked) == 0,
      ioctl(terminal, 0x8004_5430, &number) == 0
    else { throw Failure.noTerminal }
    let path = "/dev/pts/\(number)"
    var size = winsize(ws_row: 30, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    _ = ioctl(terminal, UInt(TIOCSWINSZ), &size)
    var variables = [
      "HOME": folder.path, "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin",
      "TERM": "xterm-256color", "LANG": "C.UTF-8", "NO_COLOR": "1",
    ]
    variables.merge(environment) { _, new in new }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Opened in the session of its own that the child gets, the terminal becomes its own.
    for number: Int32 in 0...2 {
      posix_spawn_file_actions_addopen(&actions, number, path, O_RDWR, 0)
    }
    // Foundation learns of the end of its own children by descriptors that this one would hold.
    for number: Int32 in 3..<512 { posix_spawn_file_actions_addclose(&actions, number) }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    // POSIX_SPAWN_SETSID
    posix_spawnattr_setflags(&attributes, 0x80 | Int16(POSIX_SPAWN_SETSIGMASK))
    let program = Executable.root.appending(path: ".build/release/mdm").path
    var words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    var settings: [UnsafeMutablePointer<CChar>?] =
      variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for word in words + settings { free(word) } }
    var child: pid_t = 0
    guard posix_spawn(&child, program, &actions, &attributes, &words, &settings) == 0 else {
      throw Failure.notStarted
    }
    self.terminal = terminal
    self.child = child
  }

  enum Failure: Error { case noTerminal, notStarted }

  private var answers: String
  private var isClosed = false

  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = write(terminal, bytes, bytes.count)
  }

  /// Types an input, and waits for the prompt that comes after what it prints; that.
  func enter(_ input: String, seconds: Double = 60) -> String {
    let start = screen.unicodeScalars.count
    type(input + "\r")
    _ = waits(seconds) {
      self.since(start).components(separatedBy: "mdm> ").count > 1
        && self.since(start).hasSuffix("mdm> ")
    }
    return since(start)
  }

  /// Whether a text appears on the screen in time.
  func shows(_ text: String, seconds: Double = 60) -> Bool {
    waits(seconds) { self.screen.contains(text) }
  }

  /// What has come since so many letters.
  func since(_ start: Int) -> String {
    let view = screen.unicodeScalars
    let text = String(String.UnicodeScalarView(view.dropFirst(start)))
    // Pasting is switched on behind each prompt.
    return text.replacing("\u{1b}[?2004h", with: "").replacing("\u{1b}[?2004l", with: "")
  }

  func signal(_ number: Int32) { kill(child, number) }

  /// Takes the terminal away, as a closed window does.
  func hangUp() {
    isClosed = true
    close(terminal)
  }

  /// Waits for its end; how it ended, as a shell says it.
  func ends(seconds: Double = 30) -> Int32? {
    _ = waits(seconds) { self.reap() }
    return status
  }

  private func waits(_ seconds: Double, for condition: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while Date() < deadline {
      read()
      if condition() { return true }
      Thread.sleep(forTimeInterval: 0.003)
    }
    return false
  }

  private func read() {
    guard !isClosed else { return }
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = Glibc.read(terminal, &buffer, buffer.count)
      guard count > 0 else { return }
      screen += String(decoding: buffer[0..<count], as: UTF8.self)
      if !answers.isEmpty, screen.contains("\u{1b}[c") {
        type(answers)
        answers = ""
      }
    }
  }

  private func reap() -> Bool {
    var raw: Int32 = 0
    if status == nil, waitpid(child, &raw, WNOHANG) == child {
      status = raw & 0x7F == 0 ? raw >> 8 & 0xFF : 128 + raw & 0x7F
    }
    return status != nil
  }

  deinit {
    if !reap() {
      kill(child, SIGKILL)
      waitpid(child, nil, 0)
    }
    if !isClosed { close(terminal) }
  }
}
