import MDMJSON

/// What clients ask on the control channel, answered by a thread of its own.
final class ControlRequests: Sendable {
  private let channel: RequestChannel
  private let publisher: Publisher
  private let work: Work
  private let subshells: Subshells
  private let info: JSONNode
  private let log: KernelLog
  private let shutDown: @Sendable (Message, RequestChannel) -> Void

  init(
    channel: RequestChannel, publisher: Publisher, work: Work, subshells: Subshells, info: JSONNode,
    log: KernelLog, shutDown: @escaping @Sendable (Message, RequestChannel) -> Void
  ) {
    self.channel = channel
    self.publisher = publisher
    self.work = work
    self.subshells = subshells
    self.info = info
    self.log = log
    self.shutDown = shutDown
  }

  func handle(_ request: Message) {
    if request.type == "shutdown_request" { return shutDown(request, channel) }
    publisher.status("busy", parent: request.header)
    if let content = content(request) { channel.reply(to: request, content) }
    publisher.status("idle", parent: request.header)
    work.whileRunning { publisher.status("busy", parent: $0) }
  }

  private func content(_ request: Message) -> JSONNode? {
    switch request.type {
    case "interrupt_request":
      work.interrupt()
      return Self.ok
    case "kernel_info_request": return info
    case "create_subshell_request":
      guard let name = subshells.create() else {
        return ShellRequests.error(
          "TooManySubshells", "there are \(Subshells.limit) subshells already")
      }
      return .of(("status", .string("ok")), ("subshell_id", .string(name)))
    case "delete_subshell_request":
      let name = request.content["subshell_id"]?.text ?? ""
      guard subshells.delete(name) else {
        return ShellRequests.error("UnknownSubshell", "there is no subshell \(name)")
      }
      return Self.ok
    case "list_subshell_request":
      let names = subshells.all.map { JSONNode.string($0) }
      return .of(("status", .string("ok")), ("subshell_id", .array(names)))
    case "debug_request":
      // Clients ask each kernel, also those that say that they have no debugger.
      return .of(
        ("type", .string("response")), ("request_seq", request.content["seq"] ?? .integer(0)),
        ("success", .bool(false)), ("command", request.content["command"] ?? .string("")),
        ("message", .string("mdm has no debugger")))
    default:
      log.dropped("a control request of the unknown type \(request.type.prefix(80))")
      return nil
    }
  }

  private static let ok = JSONNode.of(("status", .string("ok")))
}
