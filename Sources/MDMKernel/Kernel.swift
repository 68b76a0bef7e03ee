import CZeroMQ
import Glibc
import MDMBuiltins
import MDMJSON
import MDMSession
import MDMStore

/// A Jupyter kernel: one session behind the five sockets of a connection.
///
/// The thread that calls ``run()`` owns the machine. Four more own the sockets: shell and stdin,
/// control, iopub, heartbeat; so everything but code is answered while a cell runs.
public final class Kernel {
  /// What a kernel is given from outside.
  public struct Options: Sendable {
    /// Of mdm.
    public var version: String
    public var history: InputHistory
    /// Bytes that the values of cells may take.
    public var memoryLimit: Int?
    /// Bytes that a cell may send.
    public var outputLimit = 10_000_000
    /// Where trainings are kept while they go on; nil: nowhere.
    public var runs: RunStore?
    /// Colours errors, which front ends show as a terminal does.
    public var usesColor = true
    /// Columns for printing.
    public var width = 100
    /// The process without which the kernel ends, `JPY_PARENT_PID`; nil: it stands alone.
    public var parent: Int32?
    /// Takes lines for whoever started the kernel.
    public var log: @Sendable (String) -> Void

    public init(
      version: String, history: InputHistory, log: @escaping @Sendable (String) -> Void
    ) {
      self.version = version
      self.history = history
      self.log = log
    }
  }

  /// Where it listens, with the ports that were chosen.
  public private(set) var connection: Connection
  /// For signal handlers.
  public let signals: Signals

  private let context: SocketContext
  private var sockets: [Connection.Channel: Socket] = [:]
  private let publisher: Publisher
  private let shell: RequestChannel
  private let control: RequestChannel
  private let heartbeatEnd: WakeSignal
  private let queue: ExecutionQueue
  /// What runs in the background, which ends with the kernel.
  private let jobs: JobRegistry
  private let executions: Executions
  private let shellRequests: ShellRequests
  private let controlRequests: ControlRequests
  private let parent: ParentWatch
  private let log: KernelLog

  /// Binds all sockets; clients may send from now on, and are answered as soon as it runs.
  public init(_ connection: Connection, _ options: Options) throws(KernelError) {
    context = try SocketContext()
    let signer = try Signer(key: connection.key)
    let writer = MessageWriter(signer: signer, username: "mdm")
    let log = KernelLog(options.log)
    self.log = log
    publisher = try Publisher(writer)
    shell = try RequestChannel("shell", signer: signer, writer: writer, log: log)
    control = try RequestChannel("control", signer: signer, writer: writer, log: log)
    heartbeatEnd = try WakeSignal()
    queue = try ExecutionQueue()
    parent = ParentWatch(client: options.parent)
    let output = CellOutput(publisher, limit: options.outputLimit, columns: options.width)
    let evaluator = CellEvaluator(Self.sessionOptions(options, output), named: "cell")
    jobs = evaluator.session.jobs
    let work = Work(evaluator.session.interrupt)
    let signals = Signals(work, control)
    self.signals = signals
    let subshells = Subshells()
    let info = KernelInfo.content(version: options.version)
    let publisher = publisher
    let shutDown: @Sendable (Message, RequestChannel) -> Void = { request, channel in
      publisher.status("busy", parent: request.header)
      let restart = request.content["restart"] == .bool(true)
      let content = JSONNode.of(("status", .string("ok")), ("restart", .bool(restart)))
      channel.reply(to: request, content)
      publisher.send("shutdown_reply", content, parent: request.header)
      publisher.status("idle", parent: request.header)
      signals.stop()
    }
    let replies = CellReplies(output: output, usesColor: options.usesColor)
    executions = Executions(
      evaluator: evaluator, channel: shell, publisher: publisher, output: output, queue: queue,
      work: work, history: options.history, log: log, replies: replies)
    shellRequests = ShellRequests(
      channel: shell, publisher: publisher, queue: queue, work: work, view: evaluator.view,
      history: options.history, subshells: subshells, info: info, log: log, columns: options.width,
      replies: replies, shutDown: shutDown)
    controlRequests = ControlRequests(
      channel: control, publisher: publisher, work: work, subshells: subshells, info: info,
      log: log, shutDown: shutDown)
    self.connection = connection
    for channel in Connection.Channel.allCases { try bind(channel) }
  }

  private static func sessionOptions(_ options: Options, _ output: CellOutput) -> SessionOptions {
    var session = SessionOptions(
      output: { output.write($0, to: .stdout) }, errorOutput: { output.write($0, to: .stderr) },
      live: { output.live($0) })
    session.present = { output.present($0, id: $1, isUpdate: $2) }
    session.clearOutput = { output.clear($0) }
    session.memoryLimit = options.memoryLimit
    session.width = options.width
    session.runs = options.runs
    return session
  }

  private func bind(_ channel: Connection.Channel) throws(KernelError) {
    let kind: Socket.Kind =
      switch channel {
      case .shell, .control, .stdin: .router
      case .iopub: .xpub
      case .heartbeat: .rep
      }
    let socket = try Socket(kind, in: context)
    switch kind {
    case .router:
      // A client that connects again under its name takes the place of its lost connection.
      socket.set(MDM_ZMQ_ROUTER_HANDOVER, 1)
      socket.set(MDM_ZMQ_SNDHWM, 20_000)
      socket.set(MDM_ZMQ_RCVHWM, 20_000)
    case .xpub:
      // Each subscriber is greeted, not only the first.
      socket.set(MDM_ZMQ_XPUB_VERBOSE, 1)
      // A client that is slow for a while misses nothing.
      socket.set(MDM_ZMQ_SNDHWM, 100_000)
    default: break
    }
    if let curve = connection.curve {
      socket.set(MDM_ZMQ_CURVE_SERVER, 1)
      guard socket.set(MDM_ZMQ_CURVE_SECRETKEY, curve.secretKey),
        socket.set(MDM_ZMQ_CURVE_PUBLICKEY, curve.publicKey)
      else {
        throw .socket(
          address: connection.address(of: channel), reason: "this libzmq does not take CURVE keys")
      }
    }
    if let port = try socket.bind(connection.address(of: channel)), connection.transport == .tcp {
      connection.ports[channel] = port
    }
    sockets[channel] = socket
  }

  /// Serves until a client shuts the kernel down, or its parent is gone.
  public func run() throws(KernelError) {
    publisher.status("starting", parent: nil)
    let (sockets, stdin) = (sockets, sockets[.stdin])
    self.sockets = [:]
    guard let iopub = sockets[.iopub], let heart = sockets[.heartbeat],
      let shellSocket = sockets[.shell], let controlSocket = sockets[.control]
    else { return }
    let (publisher, shell, control) = (publisher, shell, control)
    let (shellRequests, controlRequests) = (shellRequests, controlRequests)
    let (signals, queue, parent, log, heartbeatEnd) = (signals, queue, parent, log, heartbeatEnd)
    let publishing = try KernelThread { publisher.run(iopub) }
    let beating = try KernelThread { Self.echo(heart, until: heartbeatEnd) }
    let asking = try KernelThread {
      shell.run(shellSocket, ignoring: stdin) { shellRequests.handle($0) }
    }
    let controlling = try KernelThread {
      let ending = Ending(signals: signals, queue: queue, parent: parent, log: log)
      control.run(controlSocket, every: 250, tick: ending.look) { controlRequests.handle($0) }
    }
    executions.run()
    jobs.leave()
    signals.isOver.store(true, ordering: .releasing)
    shell.stop()
    control.stop()
    heartbeatEnd.give()
    for thread in [asking, controlling, beating] { thread.join() }
    // Those have nothing more to publish.
    publisher.stop()
    publishing.join()
    // What was sent last has to reach its reader.
    context.end()
  }

  /// Sends back what comes, so that clients know that somebody is there.
  private static func echo(_ socket: Socket, until end: WakeSignal) {
    var isOver = false
    while !isOver {
      let hasNews = Socket.wait([socket], or: end, milliseconds: nil)
      if hasNews[0], let frames = socket.receive() {
        socket.send(frames)
      } else {
        isOver = end.isGiven
      }
    }
    socket.close()
  }
}
