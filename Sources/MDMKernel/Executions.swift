import Glibc
import MDMBuiltins
import MDMJSON
import MDMSession
import MDMSyntax

/// Runs the code that clients send, one request after the other, on the thread that owns the machine.
final class Executions {
  private let evaluator: CellEvaluator
  private let channel: RequestChannel
  private let publisher: Publisher
  private let output: CellOutput
  private let queue: ExecutionQueue
  private let work: Work
  private let history: InputHistory
  private let log: KernelLog
  private let renderer: DiagnosticRenderer
  /// The number of the last input that was counted.
  private var count = 0

  /// Requests that were sent together with one that fails arrive so many microseconds after it.
  private static let burst: UInt32 = 20_000

  init(
    evaluator: CellEvaluator, channel: RequestChannel, publisher: Publisher, output: CellOutput,
    queue: ExecutionQueue, work: Work, history: InputHistory, log: KernelLog, usesColor: Bool
  ) {
    self.evaluator = evaluator
    self.channel = channel
    self.publisher = publisher
    self.output = output
    self.queue = queue
    self.work = work
    self.history = history
    self.log = log
    renderer = DiagnosticRenderer(colour: usesColor)
  }

  /// Runs requests until the queue is closed.
  func run() {
    while let request = queue.next() { execute(request) }
  }

  private func execute(_ request: Message) {
    let started = MessageWriter.date
    let header = request.header
    publisher.status("busy", parent: header)
    let code = request.content["code"]?.text ?? ""
    let isSilent = request.content["silent"] == .bool(true)
    let isCounted = !isSilent && request.content["store_history"] != .bool(false)
    let number = count + 1
    if isCounted { count = number }
    if !isSilent {
      publisher.send(
        "execute_input",
        .of(("code", .string(code)), ("execution_count", .integer(Int64(number)))), parent: header)
    }
    if isCounted { remember(code, number) }
    output.begin(parent: header, isSilent: isSilent)
    work.begin(header)
    let result = evaluator.evaluate(code, number: number)
    let expressions = result.error == nil ? values(of: request) : .object([])
    let wasInterrupted = work.end()
    output.end()
    let isStopped = result.status != .finished && request.content["stop_on_error"] != .bool(false)
    let content =
      isFailed(result)
      ? failure(result, number, header, isSilent) : success(result, number, expressions, isSilent)
    var aborted: [Message] = []
    if wasInterrupted || isStopped {
      usleep(Self.burst)
      aborted = queue.takeAll(of: request.subshell)
    }
    channel.reply(
      to: request, content,
      metadata: .of(
        ("started", .string(started)), ("status", content["status"] ?? .null)))
    publisher.status("idle", parent: header)
    for request in aborted { abort(request, wasInterrupted) }
  }

  private func isFailed(_ result: CellResult) -> Bool {
    result.status != .finished || result.error != nil
  }

  private func remember(_ code: String, _ number: Int) {
    do {
      try history.append(code, number: number)
    } catch {
      log.dropped("an input from the history: \(error.diagnostic.message)")
    }
  }

  /// Sends the value and what warnings say; gives the reply.
  private func success(
    _ result: CellResult, _ number: Int, _ expressions: JSONNode, _ isSilent: Bool
  ) -> JSONNode {
    if !result.diagnostics.isEmpty {
      // A stored notebook is read without a terminal: no colours outside of errors.
      output.write(DiagnosticRenderer().render(result.diagnostics), to: .stderr)
    }
    if let value = result.value { output.result(value, number: number) }
    var payload: [JSONNode] = []
    if let page = result.page, !isSilent {
      payload.append(
        .of(
          ("source", .string("page")), ("data", output.bundle(page).data),
          ("start", .integer(0))))
    }
    if result.isLeaving {
      payload.append(.of(("source", .string("ask_exit")), ("keepkernel", .bool(false))))
    }
    return .of(
      ("status", .string("ok")), ("execution_count", .integer(Int64(number))),
      ("payload", .array(payload)), ("user_expressions", expressions))
  }

  /// Sends the error; gives the reply, which says the same.
  private func failure(
    _ result: CellResult, _ number: Int, _ header: [UInt8], _ isSilent: Bool
  ) -> JSONNode {
    let error = self.error(result)
    if !isSilent { publisher.send("error", .object(error), parent: header) }
    let head: [JSONNode.Member] = [
      .init(name: "status", value: .string("error")),
      .init(name: "execution_count", value: .integer(Int64(number))),
    ]
    return .object(head + error + [.init(name: "user_expressions", value: .object([]))])
  }

  /// `ename`, `evalue` and `traceback`: the code, the message and the whole of all diagnostics.
  private func error(_ result: CellResult) -> [JSONNode.Member] {
    let name: String =
      switch result.status {
      case .interrupted: "Interrupted"
      case .timeLimit: "TimeLimit"
      default: result.error?.code ?? "Error"
      }
    var text = renderer.render(result.diagnostics)
    while text.hasSuffix("\n") { text.removeLast() }
    let message = result.error?.message ?? "the cell did not finish"
    return [
      .init(name: "ename", value: .string(name)),
      .init(name: "evalue", value: .string(message)),
      .init(
        name: "traceback", value: .array([.string(text.isEmpty ? "\(name): \(message)" : text)])),
    ]
  }

  /// The values of the expressions that a request wants to know besides.
  private func values(of request: Message) -> JSONNode {
    guard let wanted = request.content["user_expressions"]?.members else { return .object([]) }
    return .object(
      wanted.map { member in
        let result = evaluator.value(of: member.value.text ?? "")
        guard !isFailed(result) else {
          return .init(
            name: member.name,
            value: .object([.init(name: "status", value: .string("error"))] + error(result)))
        }
        let value = result.value ?? Presentation(text: "none")
        let (data, metadata) = output.bundle(value)
        return .init(
          name: member.name,
          value: .of(("status", .string("ok")), ("data", data), ("metadata", metadata)))
      })
  }

  /// Answers a request that is not run, because one before it failed.
  private func abort(_ request: Message, _ wasInterrupted: Bool) {
    publisher.status("busy", parent: request.header)
    var content = ShellRequests.error(
      "Aborted",
      wasInterrupted ? "a cell before this one was interrupted" : "a cell before this one failed")
    content = .object(
      (content.members ?? []) + [
        .init(name: "execution_count", value: .integer(Int64(count)))
      ])
    channel.reply(to: request, content)
    publisher.status("idle", parent: request.header)
  }
}
