import Foundation
import MDMJSON
import MDMKernel
import Testing

/// What is answered while a cell runs, and how it is stopped.
@Suite struct BusyTests {
  private let kernel: KernelProcess
  private let client: KernelClient

  init() throws {
    kernel = try KernelProcess()
    client = try KernelClient(kernel)
    #expect(try client.run("var count = 0").status == "ok")
  }

  /// Starts a cell that has no end; gives its id once it runs.
  private func startEndless() throws -> String {
    let id = try client.execute("print(\"started\")\nwhile true { count += 1 }")
    _ = try client.publication { $0.type == "stream" }
    return id
  }

  private func ask(_ type: String, _ content: JSONNode) throws -> JSONNode {
    let id = try client.send(type, content)
    return try client.outcome(of: id).reply
  }

  @Test func questionsAreAnsweredWhileACellRuns() throws {
    let id = try startEndless()
    let completion = try ask(
      "complete_request", .of(("code", .string("cou")), ("cursor_pos", .integer(3))))
    #expect(completion["matches"]?.elements?.contains(.string("count")) == true)
    #expect(completion["cursor_start"]?.integer == 0 && completion["cursor_end"]?.integer == 3)
    let types = completion["metadata"]?["_jupyter_types_experimental"]?.elements
    #expect(types?.count == completion["matches"]?.elements?.count)
    let inspection = try ask(
      "inspect_request", .of(("code", .string("print")), ("cursor_pos", .integer(5))))
    #expect(inspection["found"] == .bool(true))
    #expect(inspection["data"]?["text/plain"]?.text?.contains("print") == true)
    #expect(
      try ask("inspect_request", .of(("code", .string("zzz"))))["found"] == .bool(false))
    #expect(
      try ask("is_complete_request", .of(("code", .string("fn f() {"))))
        == .of(("status", .string("incomplete")), ("indent", .string("  "))))
    #expect(
      try ask("history_request", .of(("hist_access_type", .string("tail")), ("n", .integer(1))))[
        "history"]?.elements?.count == 1)
    #expect(try ask("comm_info_request", .object([]))["comms"] == .object([]))
    // The state that clients show stays that of the cell.
    let last = try client.publication { $0.type == "status" && $0.parent["msg_id"]?.text == id }
    #expect(last.content["execution_state"]?.text == "busy")
    _ = try client.send("interrupt_request", on: client.control)
    #expect(try client.reply(to: id).content["ename"]?.text == "Interrupted")
  }

  @Test func aMessageInterruptsAndTheVariablesStay() throws {
    let id = try startEndless()
    let queued = try client.execute("count = -1")
    let interrupt = try client.send("interrupt_request", on: client.control)
    #expect(try client.reply(to: interrupt).content["status"]?.text == "ok")
    #expect(try client.reply(to: id).content["status"]?.text == "error")
    // Whoever stops a run of all cells means all.
    #expect(try client.reply(to: queued).content["ename"]?.text == "Aborted")
    #expect(try client.run("count > 0").result == "true")
  }

  @Test func aSignalInterruptsAndAtIdleDoesNothing() throws {
    kill(kernel.process.processIdentifier, SIGINT)
    #expect(try client.run("count").result == "0")
    let id = try startEndless()
    kill(kernel.process.processIdentifier, SIGINT)
    #expect(try client.reply(to: id).content["ename"]?.text == "Interrupted")
    kill(kernel.process.processIdentifier, SIGINT)
    #expect(try client.run("count > 0").result == "true")
  }

  @Test func anInterruptedTrainingGivesItsPartialRun() throws {
    let id = try client.execute(
      "let r = train(policy(\"mini\"), uniform(load(\"mini\")), steps: 100000)")
    _ = try client.publication(within: 60) { $0.type == "display_data" }
    _ = try client.send("interrupt_request", on: client.control)
    #expect(try client.reply(to: id, within: 60).content["status"]?.text == "ok")
    let ran = try client.run("r.status")
    #expect(ran.result?.contains("interrupted") == true)
  }

  @Test func subshellsComeAndGo() throws {
    func control(_ type: String, _ content: JSONNode = .object([])) throws -> JSONNode {
      try client.reply(to: client.send(type, content, on: client.control)).content
    }
    let created = try control("create_subshell_request")
    let name = try #require(created["subshell_id"]?.text)
    #expect(try control("list_subshell_request")["subshell_id"] == .array([.string(name)]))
    let running = try startEndless()
    let id = try client.send(
      "complete_request", .of(("code", .string("cou")), ("cursor_pos", .integer(3))), subshell: name
    )
    let reply = try client.reply(to: id)
    #expect(reply.content["matches"]?.elements?.isEmpty == false && reply.subshell == name)
    let jobs = try client.execute(":jobs", subshell: name)
    let page = try client.reply(to: jobs).content["payload"]?.elements?.first
    #expect(page?["data"]?["text/plain"]?.text?.contains("in the background") == true)
    let unknown = try client.execute("?nothing_like_it", subshell: name)
    #expect(try client.outcome(of: unknown).reply["ename"]?.text == "E0814")
    _ = try client.send("interrupt_request", on: client.control)
    _ = try client.reply(to: running)
    let cell = try client.execute("1 + 1", subshell: name)
    #expect(try client.reply(to: cell).content["status"]?.text == "ok")
    #expect(
      try control("delete_subshell_request", .of(("subshell_id", .string(name))))["status"]?.text
        == "ok")
    let lost = try client.execute("1", subshell: name)
    #expect(try client.reply(to: lost).content["ename"]?.text == "UnknownSubshell")
    let again = try control("delete_subshell_request", .of(("subshell_id", .string(name))))
    #expect(again["status"]?.text == "error")
  }

  @Test func jobsGoOnBetweenCellsAndTellOfTheirFailure() throws {
    let started = try client.run(
      "let job = spawn train(policy(\"mini\"), uniform(load(\"mini\")), steps: 100000)")
    #expect(started.status == "ok")
    let ran = try client.run(":jobs")
    let page = ran.reply["payload"]?.elements?.first?["data"]?["text/plain"]?.text ?? ""
    #expect(page.hasPrefix("1  running") && page.contains("train("))
    #expect(try client.run("job.stop()\njob.wait().status").result == "interrupted")
    let failed = try client.execute("fn broken() { [1][5] }\nlet bad = spawn broken()")
    #expect(try client.reply(to: failed).content["status"]?.text == "ok")
    let told = try client.publication {
      $0.type == "stream" && $0.content["text"]?.text?.contains("failed: index 5") == true
    }
    #expect(told.content["name"]?.text == "stderr")
  }

  @Test func commsAreClosedAtOnce() throws {
    let id = try client.send(
      "comm_open", .of(("comm_id", .string("c1")), ("target_name", .string("x"))))
    let published = try client.publications(for: id)
    #expect(published.first { $0.type == "comm_close" }?.content["comm_id"]?.text == "c1")
  }
}
