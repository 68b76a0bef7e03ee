import ArgumentParser
import Foundation
import MDMServer
import MDMSession
import MDMSyntax

/// `mdm serve`, as a program of its own: HTTP would cost every other start of mdm 10 ms.
@main
struct MDMServe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mdm serve",
    abstract: "Serve the rewards of a script, and the built-in ones, over HTTP.",
    discussion: """
      POST /v1/score takes {"reward": "name", "items": [{"completion": "…", "example": {…}}, …]} and gives \
      {"scores": […], "errors": […]}. Built-in rewards take {"prediction": …, "reference": …}. GET /v1/rewards \
      lists all, GET /v1/health says that it is there. SIGTERM ends it after the requests that it has.
      """)

  @ArgumentParser.Argument(
    help: "A script with reward fn …; without one only built-in rewards are served.")
  var script: String?
  @Option(help: "The port; 0 takes a free one.") var port = Self.standard.port
  @Option(help: "The IPv4 address; one that others can reach needs a token.") var host = "127.0.0.1"
  @Option(
    help: ArgumentHelp("A file with the token that requests have to show.", valueName: "file"))
  var tokenFile: String?
  @Option(help: "The largest body in bytes.") var bodyLimit = Self.standard.bodyLimit
  @Option(help: "The most items of a request.") var itemLimit = Self.standard.itemLimit
  @Option(help: "The most requests that wait for the script.") var queueLimit = Self.standard
    .queueLimit
  @Option(
    help: ArgumentHelp(
      "What a script may do for one item: turns of loops and calls; for a request 50 times that.",
      valueName: "count"))
  var fuel = Self.standard.fuel
  @Option(help: "The seconds that a script may take for a request: for what fuel does not end.")
  var timeLimit = Self.standard.seconds

  private static let standard = RewardServer.Options()

  func validate() throws {
    guard bodyLimit > 0, itemLimit > 0, queueLimit > 0, timeLimit > 0, timeLimit.isFinite,
      (1...1_000_000_000_000).contains(fuel)
    else {
      throw ValidationError("Limits are above 0, and fuel is at most 1e12.")
    }
  }

  func run() throws {
    signal(SIGPIPE, SIG_IGN)
    var options = RewardServer.Options()
    options.host = host == "localhost" ? "127.0.0.1" : host
    options.port = port
    options.bodyLimit = bodyLimit
    options.itemLimit = itemLimit
    options.queueLimit = queueLimit
    options.fuel = fuel
    options.seconds = timeLimit
    options.token = try token()
    guard options.isLoopback || options.token != nil else {
      throw ValidationError(
        "\(host) can be reached by others: give a token with --token-file or MDM_SERVE_TOKEN.")
    }
    let program = try script.map(load)
    let server = RewardServer(options, rewards: program?.rewards ?? [])
    do {
      let (count, address) = (program?.rewards.count ?? 0, options.host)
      try server.run(program) { port in
        print("serving \(count) rewards of the script and the built-in ones")
        print("listening on http://\(address):\(port)")
        fflush(nil)
      }
    } catch {
      Self.say("mdm serve: \(options.host):\(port) cannot be opened: \(error)")
      throw ExitCode(1)
    }
  }

  private func token() throws -> String? {
    var text = ProcessInfo.processInfo.environment["MDM_SERVE_TOKEN"]
    if let tokenFile {
      guard let written = try? String(contentsOfFile: tokenFile, encoding: .utf8) else {
        throw ValidationError("\(tokenFile) cannot be read.")
      }
      text = written
    }
    guard let text else { return nil }
    let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
    guard token.utf8.count >= 16 else {
      throw ValidationError("A token has at least 16 characters.")
    }
    return token
  }

  private func load(_ path: String) throws -> RewardProgram {
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      Self.say("mdm serve: \(path) is missing or not UTF-8")
      throw ExitCode(2)
    }
    let source = SourceText(name: path, text: text)
    var options = SessionOptions(
      output: { FileHandle.standardOutput.write(Data($0.utf8)) },
      errorOutput: { FileHandle.standardError.write(Data($0.utf8)) })
    options.memoryLimit = 2 << 30
    let session = Session(options)
    switch session.run(source) {
    case .finished: break
    case .rejected: throw ExitCode(2)
    case .failed: throw ExitCode(1)
    }
    let program = RewardProgram(session, Parser.parse(source).tree)
    guard !program.rewards.isEmpty else {
      Self.say(
        "mdm serve: \(path) declares no reward; write reward fn name(completion, example) -> 0..1 { … }"
      )
      throw ExitCode(2)
    }
    return program
  }

  private static func say(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }
}
