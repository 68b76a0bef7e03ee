import Glibc
import MDMRuntime
import MDMSyntax

/// `:!COMMAND`.
enum ShellCommand {
  static let command = CellCommand(
    name: ":!", usage: ":!COMMAND",
    summary: "Runs a command of the shell; :!cd FOLDER goes there. Notebooks run none.", run: run)

  /// More output of one command is not shown.
  private static let outputLimit = 1 << 20

  /// Why a notebook's `:!` does not run.
  static var refusal: Diagnostic {
    Diagnostic(
      code: "E0814", "this notebook may not run commands of the shell",
      hint: "what it needs of them belongs into the script that starts it")
  }

  @Sendable private static func run(
    _ argument: String, _ evaluator: CellEvaluator, _ result: inout CellResult
  ) {
    guard evaluator.allowsShell else {
      result.status = .rejected
      result.diagnostics.append(refusal)
      return
    }
    guard !argument.isEmpty else {
      return result.refuse(":! takes a command", hint: "write :!ls")
    }
    if argument == "cd" || argument.hasPrefix("cd ") {
      return change(CellCommands.trimmed(argument.dropFirst(2)), evaluator, &result)
    }
    let status =
      evaluator.shellUsesTerminal
      ? start(argument, output: nil).flatMap(wait)
      : captured(argument, evaluator)
    // A Ctrl-C that was for the command has reached it.
    evaluator.session.interrupt.clear()
    switch status {
    case 0?: break
    case let number?:
      result.status = .failed
      result.refuse(
        number >= 128 ? "it was ended by signal \(number - 128)" : "it ended with status \(number)")
    case nil: result.refuse("the shell cannot be started: \(String(cString: strerror(errno)))")
    }
  }

  private static func change(
    _ folder: String, _ evaluator: CellEvaluator, _ result: inout CellResult
  ) {
    let home = getenv("HOME").map { String(cString: $0) } ?? "/"
    let path =
      folder.isEmpty || folder == "~"
      ? home
      : folder.hasPrefix("~/") ? home + folder.dropFirst(1) : folder
    guard chdir(path) == 0 else {
      return result.refuse("cannot go to \(path): \(String(cString: strerror(errno)))")
    }
    if let here = getcwd(nil, 0) {
      evaluator.session.machine.options.output(String(cString: here) + "\n")
      free(here)
    }
  }

  /// Runs a command and hands on what it writes; its exit status.
  private static func captured(_ command: String, _ evaluator: CellEvaluator) -> Int32? {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    guard let child = start(command, output: ends[1]) else {
      close(ends[0])
      close(ends[1])
      return nil
    }
    close(ends[1])
    defer { close(ends[0]) }
    var pending: [UInt8] = []
    var written = 0
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = read(ends[0], &buffer, buffer.count)
      if count < 0 && errno == EINTR {
        if evaluator.session.interrupt.isRequested { kill(child, SIGINT) }
        continue
      }
      guard count > 0 else { break }
      pending += buffer[0..<count]
      // Letters of several bytes stay together.
      let end =
        pending.lastIndex { $0 & 0xC0 != 0x80 && $0 >= 0xC0 }
        .flatMap { pending.count - $0 < 4 ? $0 : nil } ?? pending.count
      guard written < outputLimit else { continue }
      evaluator.session.machine.options.output(String(decoding: pending[..<end], as: UTF8.self))
      written += end
      pending.removeFirst(end)
      if written >= outputLimit { evaluator.session.machine.options.output("\n… and more\n") }
    }
    if !pending.isEmpty, written < outputLimit {
      evaluator.session.machine.options.output(String(decoding: pending, as: UTF8.self))
    }
    return wait(child)
  }

  /// Starts a shell with the signals as a terminal's program expects them.
  private static func start(_ command: String, output: Int32?) -> pid_t? {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    if let output {
      posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, output, 2)
    }
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGQUIT] { sigaddset(&signals, number) }
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF) | Int16(POSIX_SPAWN_SETSIGMASK))
    var arguments: [UnsafeMutablePointer<CChar>?] =
      ["sh", "-c", command].map { (word: String) in strdup(word) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var child: pid_t = 0
    let status = posix_spawn(&child, "/bin/sh", &actions, &attributes, &arguments, environ)
    guard status == 0 else {
      errno = status
      return nil
    }
    return child
  }

  /// The exit status of a child; 128 and more for a signal.
  private static func wait(_ child: pid_t) -> Int32? {
    var status: Int32 = 0
    while waitpid(child, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + status & 0x7F
  }
}
