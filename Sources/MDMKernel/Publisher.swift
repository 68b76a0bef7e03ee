import CZeroMQ
import MDMJSON
import Synchronization

/// Sends to all who listen: the thread that owns the iopub socket, and the queue in front of it.
///
/// Text of one stream that comes faster than it is sent becomes one message; a progress line is shown
/// under one display id, a few times a second at most. Otherwise everything leaves in the order in
/// which it was given.
final class Publisher: Sendable {
  private struct State {
    /// Whole messages, oldest first.
    var ready: [[[UInt8]]] = []
    /// Text behind them that is not yet a message.
    var text: (stream: Stream, text: String, parent: [UInt8])?
    var live: LiveLine?
    var isStopping = false
  }

  /// A text stream, as messages name it.
  enum Stream: String, Sendable { case stdout, stderr }

  /// A progress line of one cell.
  private struct LiveLine {
    let display: String
    let parent: [UInt8]
    /// What waits to be shown.
    var text: String?
    var due: Int
    var isShown = false
    /// What is shown is empty.
    var isBlank = false
  }

  private let state = Mutex(State())
  private let writer: MessageWriter
  private let signal: WakeSignal

  /// Milliseconds between two messages of text.
  static let textInterval = 20
  /// Milliseconds between two states of a progress line.
  static let liveInterval = 100
  /// A progress line that lives no longer is not shown at all.
  static let liveDelay = 250

  init(_ writer: MessageWriter) throws(KernelError) {
    self.writer = writer
    signal = try WakeSignal()
  }

  // MARK: From any thread

  /// Sends a message behind all that was given before.
  func send(
    _ type: String, _ content: JSONNode, metadata: JSONNode = .object([]), parent: [UInt8]?
  ) {
    let frames = writer.frames(
      to: [Array(type.utf8)], type, content, metadata: metadata, parent: parent)
    state.withLock { state in
      flush(&state)
      state.ready.append(frames)
    }
    signal.give()
  }

  /// Tells that work on a request begins or is over.
  func status(_ name: String, parent: [UInt8]?) {
    send("status", .of(("execution_state", .string(name))), parent: parent)
  }

  /// Sends text of a stream, together with what follows at once.
  func write(_ text: String, to stream: Stream, parent: [UInt8]) {
    guard !text.isEmpty else { return }
    let isFirst = state.withLock { state in
      if let waiting = state.text, waiting.stream == stream, waiting.parent == parent {
        state.text?.text += text
        return false
      }
      flush(&state)
      state.text = (stream, text, parent)
      return true
    }
    if isFirst { signal.give() }
  }

  /// Shows a progress line in place of the one before; an empty text takes it away.
  func live(_ text: String, display: String, parent: [UInt8]) {
    let isNew = state.withLock { state in
      if text.isEmpty {
        hideLive(&state)
        return true
      }
      if state.live?.display != display {
        hideLive(&state)
        state.live = LiveLine(
          display: display, parent: parent, due: Monotonic.milliseconds + Self.liveDelay)
      }
      let wasWaiting = state.live?.text != nil
      state.live?.text = text
      return !wasWaiting
    }
    if isNew { signal.give() }
  }

  /// Sends what is left, then ends the thread.
  func stop() {
    state.withLock { $0.isStopping = true }
    signal.give()
  }

  // MARK: Under the lock

  private func flush(_ state: inout State) {
    guard let (stream, text, parent) = state.text else { return }
    state.text = nil
    let content = JSONNode.of(("name", .string(stream.rawValue)), ("text", .string(text)))
    state.ready.append(
      writer.frames(
        to: [Array("stream.\(stream.rawValue)".utf8)], "stream", content, parent: parent))
  }

  private func hideLive(_ state: inout State) {
    guard var live = state.live else { return }
    live.text = nil
    if live.isShown, !live.isBlank { show("", live, &state) }
    live.isBlank = true
    state.live = live
  }

  private func show(_ text: String, _ live: LiveLine, _ state: inout State) {
    flush(&state)
    let type = live.isShown ? "update_display_data" : "display_data"
    let content = JSONNode.of(
      ("data", .of(("text/plain", .string(text)))), ("metadata", .object([])),
      ("transient", .of(("display_id", .string(live.display)))))
    state.ready.append(
      writer.frames(to: [Array(type.utf8)], type, content, parent: live.parent))
  }

  /// What has to leave now, and how long the thread may sleep afterwards.
  private func due(
    at now: Int, lastText: Int
  ) -> (messages: [[[UInt8]]], sleep: Int?, isOver: Bool) {
    state.withLock { state in
      var sleep: Int?
      if state.text != nil {
        let wait = lastText + Self.textInterval - now
        if wait <= 0 || state.isStopping { flush(&state) } else { sleep = wait }
      }
      if var live = state.live, let text = live.text {
        if live.due <= now {
          show(text, live, &state)
          live.text = nil
          live.isShown = true
          live.isBlank = false
          live.due = now + Self.liveInterval
          state.live = live
        } else {
          sleep = min(sleep ?? .max, live.due - now)
        }
      }
      let messages = state.ready
      state.ready = []
      return (messages, sleep, state.isStopping)
    }
  }

  // MARK: On its thread

  /// Sends until it is stopped; closes the socket.
  func run(_ socket: Socket) {
    var lastText = Monotonic.milliseconds - Self.textInterval
    var sleep: Int?
    while true {
      let hasNews = Socket.wait([socket], or: signal, milliseconds: sleep)[0]
      signal.clear()
      if hasNews { welcome(socket) }
      let (messages, wait, isOver) = due(at: Monotonic.milliseconds, lastText: lastText)
      for frames in messages {
        if frames.first?.starts(with: "stream".utf8) == true { lastText = Monotonic.milliseconds }
        socket.send(frames)
      }
      sleep = wait
      if isOver { break }
    }
    socket.close()
  }

  /// Greets those who have just subscribed, so that they know that they miss nothing from now on.
  private func welcome(_ socket: Socket) {
    while let frames = socket.receive() {
      guard let frame = frames.first, frame.first == 1 else { continue }
      let topic = String(decoding: frame.dropFirst(), as: UTF8.self)
      socket.send(
        writer.frames(
          to: [Array(frame.dropFirst())], "iopub_welcome",
          .of(("subscription", .string(topic))), parent: nil))
    }
  }
}

extension JSONNode {
  /// An object of some members.
  static func of(_ members: (String, JSONNode)...) -> JSONNode {
    .object(members.map { Member(name: $0.0, value: $0.1) })
  }
}
