import MDMJSON
import MDMRuntime
import MDMSession
import MDMSyntax

/// What clients ask on the shell channel. Everything but code is answered at once, on the thread that
/// reads the channel, also while a cell runs.
final class ShellRequests: Sendable {
  private let channel: RequestChannel
  private let publisher: Publisher
  private let queue: ExecutionQueue
  private let work: Work
  private let view: SessionView
  private let history: InputHistory
  private let subshells: Subshells
  private let info: JSONNode
  private let log: KernelLog
  private let columns: Int
  private let replies: CellReplies
  private let shutDown: @Sendable (Message, RequestChannel) -> Void

  init(
    channel: RequestChannel, publisher: Publisher, queue: ExecutionQueue, work: Work,
    view: SessionView, history: InputHistory, subshells: Subshells, info: JSONNode, log: KernelLog,
    columns: Int, replies: CellReplies,
    shutDown: @escaping @Sendable (Message, RequestChannel) -> Void
  ) {
    self.channel = channel
    self.publisher = publisher
    self.queue = queue
    self.work = work
    self.view = view
    self.history = history
    self.subshells = subshells
    self.info = info
    self.log = log
    self.columns = columns
    self.replies = replies
    self.shutDown = shutDown
  }

  func handle(_ request: Message) {
    if let subshell = request.subshell, !subshells.contains(subshell) {
      return answer(request) {
        Self.error("UnknownSubshell", "there is no subshell \(subshell)")
      }
    }
    switch request.type {
    case "execute_request":
      guard let code = request.content["code"]?.text else {
        return answer(request) { self.malformed(request, "code") }
      }
      // Subshells are asked while the main shell is busy.
      if request.subshell != nil, let result = view.answer(code) {
        return answer(request) { self.command(code, result, request) }
      }
      guard !queue.add(request) else { return }
      answer(request) {
        Self.error(
          "TooManyRequests", "\(ExecutionQueue.limit) requests wait already; wait for replies")
      }
    case "kernel_info_request": answer(request) { self.info }
    case "complete_request": answer(request) { self.completions(request) }
    case "inspect_request": answer(request) { self.inspection(request) }
    case "is_complete_request": answer(request) { self.completeness(request) }
    case "history_request": answer(request) { self.past(request) }
    case "comm_info_request":
      answer(request) { .of(("status", .string("ok")), ("comms", .object([]))) }
    case "comm_open":
      answer(request) {
        // There is no target; a client that is told so does not wait for it.
        let id = request.content["comm_id"] ?? .string("")
        self.publisher.send(
          "comm_close", .of(("comm_id", id), ("data", .object([]))), parent: request.header)
        return nil
      }
    case "comm_msg", "comm_close": answer(request) { nil }
    case "shutdown_request": shutDown(request, channel)
    case "interrupt_request":
      work.interrupt()
      answer(request) { .of(("status", .string("ok"))) }
    default:
      log.dropped("a request of the unknown type \(request.type.prefix(80))")
      answer(request) { nil }
    }
  }

  /// Replies between the two states that clients wait for; no reply for nil.
  private func answer(_ request: Message, _ content: () -> JSONNode?) {
    publisher.status("busy", parent: request.header)
    if let content = content() { channel.reply(to: request, content) }
    publisher.status("idle", parent: request.header)
    // Clients show the last state that they heard of, whoever it was for.
    work.whileRunning { publisher.status("busy", parent: $0) }
  }

  // MARK: Answers

  /// What a command says that needs no machine, such as `:jobs`.
  private func command(_ code: String, _ result: CellResult, _ request: Message) -> JSONNode {
    let isSilent = request.content["silent"] == .bool(true)
    let number = work.count
    func publish(_ type: String, _ content: JSONNode) {
      if !isSilent { publisher.send(type, content, parent: request.header) }
    }
    publish(
      "execute_input",
      .of(("code", .string(code)), ("execution_count", .integer(Int64(number)))))
    guard CellReplies.isFailed(result) else {
      return replies.success(result, number: number, isSilent: isSilent, .object([]))
    }
    let error = replies.error(result)
    publish("error", .object(error))
    return replies.failure(error, number: number)
  }

  private func completions(_ request: Message) -> JSONNode {
    guard let (code, cursor) = place(request) else { return malformed(request, "code") }
    let list = view.complete(code, at: cursor)
    let (start, end) = (JSONNode.integer(Int64(list.start)), JSONNode.integer(Int64(list.end)))
    let types = list.candidates.map { candidate in
      var members: [JSONNode.Member] = [
        .init(name: "start", value: start), .init(name: "end", value: end),
        .init(name: "text", value: .string(candidate.text)),
        .init(name: "type", value: .string(candidate.kind.rawValue)),
      ]
      let signature = candidate.help.isEmpty ? candidate.type : candidate.help
      if !signature.isEmpty {
        members.append(.init(name: "signature", value: .string(signature)))
      }
      return JSONNode.object(members)
    }
    return .of(
      ("status", .string("ok")), ("matches", .array(list.candidates.map { .string($0.text) })),
      ("cursor_start", start), ("cursor_end", end),
      ("metadata", .of(("_jupyter_types_experimental", .array(types)))))
  }

  private func inspection(_ request: Message) -> JSONNode {
    guard let (code, cursor) = place(request) else { return malformed(request, "code") }
    let isDetailed = (request.content["detail_level"]?.integer ?? 0) > 0
    let found = view.inspect(code, at: cursor, isDetailed: isDetailed)
    var (data, metadata) = (JSONNode.object([]), JSONNode.object([]))
    if let found {
      // No picture is drawn for a tooltip.
      var found = found
      found.figure = nil
      if let bundle = try? found.bundle(columns: columns) {
        (data, metadata) = MessageBundle.nodes(bundle, isDoubled: false)
      }
    }
    return .of(
      ("status", .string("ok")), ("found", .bool(found != nil)), ("data", data),
      ("metadata", metadata))
  }

  private func completeness(_ request: Message) -> JSONNode {
    guard let code = request.content["code"]?.text else { return malformed(request, "code") }
    switch view.completeness(of: code) {
    case .complete: return .of(("status", .string("complete")))
    case .invalid: return .of(("status", .string("invalid")))
    case .incomplete(let depth):
      let indent = String(repeating: "  ", count: min(depth, 50))
      return .of(("status", .string("incomplete")), ("indent", .string(indent)))
    }
  }

  private func past(_ request: Message) -> JSONNode {
    let content = request.content
    let count = content["n"]?.integer
    let entries: [InputHistory.Entry]
    switch content["hist_access_type"]?.text {
    case "tail": entries = history.tail(count ?? 1000)
    case "range":
      entries = history.range(
        session: content["session"]?.integer ?? 0, from: content["start"]?.integer ?? 0,
        to: content["stop"]?.integer)
    case "search":
      entries = history.search(
        content["pattern"]?.text ?? "*", isUnique: content["unique"] == .bool(true), limit: count)
    default: return malformed(request, "hist_access_type: tail, range or search")
    }
    let withOutput = content["output"] == .bool(true)
    let rows = entries.map { entry in
      let input = JSONNode.string(entry.input)
      let output = entry.output.map { JSONNode.string($0) } ?? .null
      return JSONNode.array([
        .integer(Int64(entry.session)), .integer(Int64(entry.number)),
        withOutput ? .array([input, output]) : input,
      ])
    }
    return .of(("status", .string("ok")), ("history", .array(rows)))
  }

  /// The code and the cursor in it, at its end where none is given.
  private func place(_ request: Message) -> (code: String, cursor: Int)? {
    guard let code = request.content["code"]?.text else { return nil }
    let count = code.unicodeScalars.count
    return (code, min(max(request.content["cursor_pos"]?.integer ?? count, 0), count))
  }

  private func malformed(_ request: Message, _ needed: String) -> JSONNode {
    Self.error(
      "MalformedRequest", request.contentFault ?? "the \(request.type) needs \(needed)")
  }

  /// The content of a reply that refuses.
  static func error(_ name: String, _ reason: String) -> JSONNode {
    .of(
      ("status", .string("error")), ("ename", .string(name)), ("evalue", .string(reason)),
      ("traceback", .array([.string("\(name): \(reason)")])))
  }
}
