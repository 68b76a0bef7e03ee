import MDMJSON
import Synchronization

/// A socket on which clients ask: the thread that owns it reads messages, hands good ones on and sends
/// what others post.
final class RequestChannel: Sendable {
  private let name: String
  private let signer: Signer
  private let writer: MessageWriter
  private let outbox: Outbox
  private let log: KernelLog
  private let isStopping = Atomic<Bool>(false)

  init(
    _ name: String, signer: Signer, writer: MessageWriter, log: KernelLog
  ) throws(KernelError) {
    self.name = name
    self.signer = signer
    self.writer = writer
    self.log = log
    outbox = try Outbox()
  }

  /// Answers a request, from any thread.
  ///
  /// - Parameter type: by default the request's, with `_reply` at its end.
  func reply(
    to request: Message, type: String? = nil, _ content: JSONNode, metadata: JSONNode = .object([])
  ) {
    let base = request.type.hasSuffix("_request") ? request.type.dropLast(8) : request.type[...]
    outbox.post(
      writer.frames(
        to: request.identities, type ?? base + "_reply", content, metadata: metadata,
        parent: request.header, subshell: request.subshell))
  }

  /// Wakes the thread; signal handlers may call it.
  func wake() { outbox.signal.give() }

  /// Sends what is left, then ends the thread.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    wake()
  }

  /// Serves until it is stopped; closes the sockets.
  ///
  /// - Parameters:
  ///   - ignored: a socket whose messages nobody waits for.
  ///   - interval: milliseconds between calls of `tick`; nil: it is called after messages only.
  func run(
    _ socket: Socket, ignoring ignored: Socket? = nil, every interval: Int? = nil,
    tick: () -> Void = {}, handle: (Message) -> Void
  ) {
    let sockets = [socket] + (ignored.map { [$0] } ?? [])
    while true {
      let hasNews = Socket.wait(sockets, or: outbox.signal, milliseconds: interval)
      // Asked before the outbox is emptied, so that nothing is posted in between and lost.
      let isOver = isStopping.load(ordering: .acquiring)
      tick()
      if hasNews[0] {
        // Replies go out between messages even where these never end.
        for _ in 0..<100 {
          guard let frames = socket.receive() else { break }
          receive(frames, handle)
        }
      }
      if let ignored, hasNews[1] { while ignored.receive() != nil {} }
      for frames in outbox.take() { socket.send(frames) }
      if isOver { break }
    }
    ignored?.close()
    socket.close()
  }

  private func receive(_ frames: [[UInt8]], _ handle: (Message) -> Void) {
    do throws(Message.Fault) {
      handle(try Message(frames, signer: signer))
    } catch {
      log.dropped("\(error) on \(name)")
    }
  }
}
