import ArgumentParser
import Glibc
import MDMFormatter
import MDMLanguageServer

/// `mdm lsp`: the language server on standard input and output.
struct LSPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lsp", abstract: "Serve editors: the Language Server Protocol on standard streams."
  )

  @ArgumentParser.Flag(
    help: "Accepted for clients that always pass it; there is no other transport.")
  var stdio = false

  func run() throws {
    // A client that went away is noticed by the write that fails.
    signal(SIGPIPE, SIG_IGN)
    let server = LanguageServer(
      LanguageServer.Environment(
        version: MDM.version, embeddedFile: EmbeddedTextFiles.path,
        format: { source in
          guard case .formatted(let text) = Formatter.format(source) else { return nil }
          return text
        }))
    var decoder = MessageDecoder()
    while let bytes = Self.arrived() {
      let replies = server.receive(decoder.feed(bytes))
      var output: [UInt8] = []
      for reply in replies { output += MessageDecoder.encode(reply) }
      if !output.isEmpty, !Terminal.write(output[...]) { break }
      if let status = server.exitStatus { Exit.now(status) }
    }
    Exit.now(server.isShutDown ? Exit.success : Exit.runtimeError)
  }

  /// At most this much is read before it is handled.
  private static let maximumBatch = 4 << 20

  /// Waits for input and takes all of it that is there, so that messages which later ones cancel are
  /// seen together with those; nil at its end.
  private static func arrived() -> [UInt8]? {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    repeat {
      let count = read(0, &buffer, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN {
        _ = hasInput(within: 1000)
        continue
      }
      guard count > 0 else { return bytes.isEmpty ? nil : bytes }
      bytes += buffer[..<count]
    } while bytes.isEmpty || bytes.count < maximumBatch && hasInput(within: 0)
    return bytes
  }

  private static func hasInput(within milliseconds: Int32) -> Bool {
    var descriptor = pollfd(fd: 0, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, milliseconds) > 0
  }
}
