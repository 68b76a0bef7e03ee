import MDMBuiltins
import MDMJSON
import MDMSession
import MDMSyntax

/// What the results of cells are as the contents of replies.
struct CellReplies: Sendable {
  private let renderer: DiagnosticRenderer
  private let output: CellOutput

  init(output: CellOutput, usesColor: Bool) {
    self.output = output
    renderer = DiagnosticRenderer(colour: usesColor)
  }

  static func isFailed(_ result: CellResult) -> Bool {
    result.status != .finished || result.error != nil
  }

  /// The content of the reply to a cell that ran.
  func success(_ result: CellResult, number: Int, isSilent: Bool, _ expressions: JSONNode)
    -> JSONNode
  {
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

  /// The content of the reply to a cell that failed.
  func failure(_ error: [JSONNode.Member], number: Int) -> JSONNode {
    let head: [JSONNode.Member] = [
      .init(name: "status", value: .string("error")),
      .init(name: "execution_count", value: .integer(Int64(number))),
    ]
    return .object(head + error + [.init(name: "user_expressions", value: .object([]))])
  }

  /// `ename`, `evalue` and `traceback`: the code, the message and the whole of all diagnostics.
  func error(_ result: CellResult) -> [JSONNode.Member] {
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

  /// What a cell is not run for, because one before it failed or was interrupted.
  static func aborted(wasInterrupted: Bool, number: Int) -> JSONNode {
    let reason =
      wasInterrupted ? "a cell before this one was interrupted" : "a cell before this one failed"
    let error = ShellRequests.error("Aborted", reason)
    return .object(
      (error.members ?? []) + [.init(name: "execution_count", value: .integer(Int64(number)))])
  }
}
