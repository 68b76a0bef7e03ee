import CZeroMQ
import Foundation
import MDMJSON
import MDMKernel
import Testing

/// A client of a kernel over loopback: what Jupyter's clients do, with a deadline on every wait.
final class KernelClient {
  let kernel: KernelProcess
  let connection: Connection
  private let context: SocketContext
  private let writer: MessageWriter
  private let signer: Signer
  let shell: Socket
  let control: Socket
  let stdin: Socket
  private let iopub: Socket
  private let heartbeat: Socket
  /// What was published and not yet asked for.
  private var published: [Message] = []
  private var replies: [Message] = []

  /// - Parameter isReady: waits until the kernel has greeted and answered.
  init(
    _ kernel: KernelProcess, serverKey: String? = nil, isReady: Bool = true
  ) throws {
    self.kernel = kernel
    let connection = try kernel.connection()
    self.connection = connection
    context = try SocketContext()
    signer = try Signer(key: connection.key)
    writer = MessageWriter(signer: signer, username: "tester")
    let context = context
    func socket(_ kind: Socket.Kind, _ channel: Connection.Channel) throws -> Socket {
      let socket = try Socket(kind, in: context, linger: 0)
      if let serverKey, let own = SocketContext.curveKeys() {
        socket.set(MDM_ZMQ_CURVE_SERVERKEY, serverKey)
        socket.set(MDM_ZMQ_CURVE_PUBLICKEY, own.publicKey)
        socket.set(MDM_ZMQ_CURVE_SECRETKEY, own.secretKey)
      }
      if kind == .sub {
        socket.set(MDM_ZMQ_SUBSCRIBE, "")
        socket.set(MDM_ZMQ_RCVHWM, 0)
      }
      try socket.connect(connection.address(of: channel))
      return socket
    }
    iopub = try socket(.sub, .iopub)
    shell = try socket(.dealer, .shell)
    control = try socket(.dealer, .control)
    stdin = try socket(.dealer, .stdin)
    heartbeat = try socket(.req, .heartbeat)
    if isReady {
      _ = try publication { $0.type == "iopub_welcome" }
      _ = try outcome(of: send("kernel_info_request"))
    }
  }

  deinit {
    for socket in [shell, control, stdin, iopub, heartbeat] { socket.close() }
    context.end()
  }

  // MARK: Asking

  /// Sends a request; gives its id.
  @discardableResult
  func send(
    _ type: String, _ content: JSONNode = .object([]), subshell: String? = nil,
    on socket: Socket? = nil
  ) throws -> String {
    let frames = writer.frames(to: [], type, content, parent: nil, subshell: subshell)
    #expect((socket ?? shell).send(frames))
    return try Message(frames, signer: signer).id
  }

  /// The frames of a request, for tests that damage them.
  func frames(_ type: String, _ content: JSONNode = .object([])) -> [[UInt8]] {
    writer.frames(to: [], type, content, parent: nil)
  }

  @discardableResult
  func execute(_ code: String, _ options: JSONNode.Member..., subshell: String? = nil) throws
    -> String
  {
    try send(
      "execute_request",
      .object([.init(name: "code", value: .string(code))] + options), subshell: subshell)
  }

  // MARK: Waiting

  /// The reply to a request, from shell or control.
  func reply(to id: String, within seconds: Double = 30) throws -> Message {
    try wait(seconds, "the reply to \(id)") {
      self.replies.firstIndex { $0.parent["msg_id"]?.text == id }.map {
        self.replies.remove(at: $0)
      }
    }
  }

  /// The first published message that fits; those before it are dropped.
  func publication(
    within seconds: Double = 30, _ isWanted: (Message) -> Bool
  ) throws -> Message {
    try wait(seconds, "a published message") {
      guard let index = self.published.firstIndex(where: isWanted) else { return nil }
      defer { self.published.removeFirst(index + 1) }
      return self.published[index]
    }
  }

  /// What came of a request: its reply, and what was published for it from busy to idle.
  func outcome(
    of id: String, within seconds: Double = 30
  ) throws -> (reply: JSONNode, published: [Message]) {
    let content = try reply(to: id, within: seconds).content
    return (content, try publications(for: id, within: seconds))
  }

  /// What was published for a request, up to idle; messages for others stay.
  func publications(for id: String, within seconds: Double = 30) throws -> [Message] {
    try wait(seconds, "idle after \(id)") {
      let own = self.published.filter { $0.parent["msg_id"]?.text == id }
      guard own.contains(where: { $0.content["execution_state"]?.text == "idle" }) else {
        return nil
      }
      self.published.removeAll { $0.parent["msg_id"]?.text == id }
      return own
    }
  }

  /// Runs code to its end.
  func run(
    _ code: String, _ options: JSONNode.Member..., within seconds: Double = 60
  ) throws -> Ran {
    let id = try send(
      "execute_request", .object([.init(name: "code", value: .string(code))] + options))
    let (reply, published) = try outcome(of: id, within: seconds)
    return Ran(reply: reply, published: published)
  }

  /// What a cell came to.
  struct Ran {
    let reply: JSONNode
    let published: [Message]

    var status: String? { reply["status"]?.text }
    func contents(_ type: String) -> [JSONNode] {
      published.filter { $0.type == type }.map(\.content)
    }
    func text(_ stream: String) -> String {
      contents("stream").filter { $0["name"]?.text == stream }.compactMap { $0["text"]?.text }
        .joined()
    }
    var result: String? { contents("execute_result").first?["data"]?["text/plain"]?.text }
  }

  /// Whether the heartbeat answers.
  func isBeating(within seconds: Double = 10) -> Bool {
    heartbeat.send([Array("ping".utf8)])
    let deadline = Date(timeIntervalSinceNow: seconds)
    while Date() < deadline {
      _ = Socket.wait([heartbeat], milliseconds: 100)
      if let frames = heartbeat.receive() { return frames == [Array("ping".utf8)] }
    }
    return false
  }

  private func wait<Result>(
    _ seconds: Double, _ what: String, _ look: () throws -> Result?
  ) throws -> Result {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
      if let found = try look() { return found }
      guard Date() < deadline else { throw TestTimeout("\(what) has not come; log: \(kernel.log)") }
      _ = Socket.wait([shell, control, iopub], milliseconds: 50)
      for socket in [shell, control] {
        while let frames = socket.receive() { replies.append(try Message(frames, signer: signer)) }
      }
      while let frames = iopub.receive() { published.append(try Message(frames, signer: signer)) }
    }
  }
}

extension JSONNode.Member {
  /// An option of a request.
  static func option(_ name: String, _ value: JSONNode) -> Self { .init(name: name, value: value) }
}

extension JSONNode {
  static func of(_ members: (String, JSONNode)...) -> JSONNode {
    .object(members.map { Member(name: $0.0, value: $0.1) })
  }
}
