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
  private let replies: CellReplies
  /// The number of the last input that was counted.
  private var count = 0 { didSet { work.note(count: count) } }

  /// Requests that were sent together with one that fails arrive so many microseconds after it.
  private static let burst: UInt32 = 20_000

  init(
    evaluator: CellEvaluator, channel: RequestChannel, publisher: Publisher, output: CellOutput,
    queue: ExecutionQueue, work: Work, history: InputHistory, log: KernelLog, replies: CellReplies
  ) {
    self.evaluator = evaluator
    self.channel = channel
    self.publisher = publisher
    self.output = output
    self.queue = queue
    self.work = work
    self.history = history
    self.log = log
    self.replies = replies
  }

  /// Runs requests until the queue is closed.
  func run() {
    evaluator.session.jobs.observe { [output] row in
      // Nobody may be waiting for it.
      guard row.status == .failed, let error = row.error else { return }
      output.write(
        "job \(row.number), \(row.label), failed: \(error.message)\n", to: .stderr)
    }
    while let request = queue.next() { execute(request) }
    evaluator.session.jobs.observe(nil)
    evaluator.session.leaveJobs()
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
    let content: JSONNode
    if CellReplies.isFailed(result) {
      let error = replies.error(result)
      if !isSilent { publisher.send("error", .object(error), parent: header) }
      content = replies.failure(error, number: number)
    } else {
      show(result, number)
      content = replies.success(result, number: number, isSilent: isSilent, expressions)
    }
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

  private func remember(_ code: String, _ number: Int) {
    do {
      try history.append(code, number: number)
    } catch {
      log.dropped("an input from the history: \(error.diagnostic.message)")
    }
  }

  /// Sends the value and what warnings say.
  private func show(_ result: CellResult, _ number: Int) {
    if !result.diagnostics.isEmpty {
      // A stored notebook is read without a terminal: no colours outside of errors.
      output.write(DiagnosticRenderer().render(result.diagnostics), to: .stderr)
    }
    if let value = result.value { output.result(value, number: number) }
  }

  /// The values of the expressions that a request wants to know besides.
  private func values(of request: Message) -> JSONNode {
    guard let wanted = request.content["user_expressions"]?.members else { return .object([]) }
    return .object(
      wanted.map { member in
        let result = evaluator.value(of: member.value.text ?? "")
        guard !CellReplies.isFailed(result) else {
          return .init(
            name: member.name,
            value: .object([.init(name: "status", value: .string("error"))] + replies.error(result))
          )
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
    channel.reply(
      to: request, CellReplies.aborted(wasInterrupted: wasInterrupted, number: count))
    publisher.status("idle", parent: request.header)
  }
}
