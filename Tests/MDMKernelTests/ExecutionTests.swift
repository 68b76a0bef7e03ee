import Foundation
import MDMJSON
import MDMKernel
import Testing

/// Cells as clients run them, against the built executable.
@Suite struct ExecutionTests {
  private let client: KernelClient

  init() throws { client = try KernelClient(KernelProcess()) }

  @Test func theKernelSaysWhatItIs() throws {
    let info = try client.outcome(of: client.send("kernel_info_request")).reply
    #expect(info["status"]?.text == "ok" && info["implementation"]?.text == "mdm")
    #expect(info["protocol_version"]?.text == "5.5")
    #expect(info["language_info"]?["name"]?.text == "mdm")
    #expect(info["language_info"]?["file_extension"]?.text == ".mdm")
    #expect(info["supported_features"] == .array([.string("kernel subshells")]))
    let same = try client.outcome(of: client.send("kernel_info_request", on: client.control)).reply
    #expect(same == info)
    #expect(client.isBeating())
  }

  @Test func aCellPrintsAndHasAValue() throws {
    let ran = try client.run("print(\"hello, world\")\neprint(\"careful\")\n6 * 7")
    #expect(ran.status == "ok" && ran.result == "42")
    #expect(ran.text("stdout") == "hello, world\n" && ran.text("stderr") == "careful\n")
    #expect(
      ran.published.map(\.type) == [
        "status", "execute_input", "stream", "stream", "execute_result", "status",
      ])
    #expect(ran.contents("execute_input").first?["code"]?.text?.hasPrefix("print") == true)
    #expect(ran.reply["execution_count"]?.integer == 1)
    #expect(ran.contents("execute_result").first?["execution_count"]?.integer == 1)
    #expect(try client.run("_1 + 1").result == "43")
  }

  @Test func theParentIsTheRequestsHeaderByteForByte() throws {
    let frames = client.frames("kernel_info_request")
    client.shell.send(frames)
    let id = try Message(frames, signer: try Signer(key: client.connection.key)).id
    let reply = try client.reply(to: id)
    #expect(reply.parent == (try JSONNode(parsing: frames[2])))
  }

  @Test func displaysCarryAllFormsAndUpdates() throws {
    let ran = try client.run(
      """
      display([1, 2], id: "a")
      display("three", id: "a")
      display(table([{x: 1, y: 2.5}]))
      clear_output()
      """)
    let shown = ran.contents("display_data")
    #expect(shown.first?["data"]?["text/plain"]?.text == "[1, 2]")
    #expect(shown.first?["transient"]?["display_id"]?.text == "a")
    #expect(shown.last?["data"]?["text/html"]?.text?.contains("<table") == true)
    let update = ran.contents("update_display_data").first
    #expect(update?["transient"]?["display_id"]?.text == "a")
    #expect(ran.contents("clear_output").first?["wait"] == .bool(false))
  }

  @Test func aPlotIsAPictureInSeveralForms() throws {
    let ran = try client.run("plot([1, 4, 9], title: \"squares\")")
    let value = try #require(ran.contents("execute_result").first)
    #expect(value["data"]?["image/svg+xml"]?.text?.contains("<svg") == true)
    #expect(value["data"]?["image/png"]?.text?.hasPrefix("iVBORw0KGgo") == true)
    #expect(value["data"]?["text/plain"]?.text?.isEmpty == false)
    #expect((value["metadata"]?["image/png"]?["width"]?.integer ?? 0) > 100)
  }

  @Test func anErrorIsRenderedOnce() throws {
    let ran = try client.run("let xs = [1]\nxs[3]")
    #expect(ran.status == "error" && ran.reply["ename"]?.text == "E0404")
    #expect(ran.published.map(\.type) == ["status", "execute_input", "error", "status"])
    let error = try #require(ran.contents("error").first)
    #expect(error["evalue"] == ran.reply["evalue"])
    let text = error["traceback"]?.elements?.compactMap(\.text).joined(separator: "\n") ?? ""
    #expect(text.contains("error[E0404]") && text.contains("cell[1]:2:1"))
    let rejected = try client.run("prnt(1)")
    #expect(rejected.reply["ename"]?.text == "E0301")
    #expect(rejected.reply["traceback"]?.elements?.first?.text?.contains("did you mean") == true)
  }

  @Test func coloursAreForFrontEndsThatWantThem() throws {
    let colourful = try KernelClient(KernelProcess(environment: ["NO_COLOR": ""]))
    let ran = try colourful.run("prnt(1)")
    #expect(ran.reply["traceback"]?.elements?.first?.text?.contains("\u{1B}[") == true)
  }

  @Test func cellsBehindAnErrorAreNotRun() throws {
    let ids = try ["let a = 1", "[][0]", "let b = 2", "let c = 3"].map { try client.execute($0) }
    let replies = try ids.map { try client.reply(to: $0).content }
    #expect(replies.map { $0["status"]?.text } == ["ok", "error", "error", "error"])
    #expect(replies[2]["ename"]?.text == "Aborted" && replies[2]["traceback"]?.elements != nil)
    for id in ids { #expect(try !client.publications(for: id).isEmpty) }
    #expect(try client.run("b").status == "error")
    #expect(try client.run("a").result == "1")
  }

  @Test func cellsMayGoOnBehindAnError() throws {
    let ids = try ["[][0]", "let b = 2"].map {
      try client.execute($0, .option("stop_on_error", .bool(false)))
    }
    #expect(try ids.map { try client.reply(to: $0).content["status"]?.text } == ["error", "ok"])
  }

  @Test func silentCellsLeaveNoTrace() throws {
    let ran = try client.run("print(1)\n2", .option("silent", .bool(true)))
    #expect(ran.published.map(\.type) == ["status", "status"] && ran.status == "ok")
    #expect(try client.run("5").reply["execution_count"]?.integer == 1)
    let unstored = try client.run("6", .option("store_history", .bool(false)))
    #expect(unstored.result == "6" && unstored.reply["execution_count"]?.integer == 2)
    #expect(try client.run("7").reply["execution_count"]?.integer == 2)
    let past = try client.outcome(
      of: client.send(
        "history_request", .of(("hist_access_type", .string("tail")), ("n", .integer(10)))))
    let inputs = past.reply["history"]?.elements?.compactMap { $0.elements?.last?.text }
    #expect(inputs == ["5", "7"])
  }

  @Test func expressionsOfARequestChangeNothing() throws {
    let ran = try client.run(
      "let x = 4\nx * 2",
      .option("user_expressions", .of(("a", .string("x + 1")), ("b", .string("nothing")))))
    let values = ran.reply["user_expressions"]
    #expect(values?["a"]?["data"]?["text/plain"]?.text == "5")
    #expect(values?["b"]?["status"]?.text == "error" && values?["b"]?["ename"]?.text == "E0301")
    #expect(try client.run("_").result == "8")
  }

  @Test func commandsWorkInCells() throws {
    let ran = try client.run("?print")
    #expect(ran.status == "ok" && ran.contents("display_data").isEmpty)
    let payload = try #require(ran.reply["payload"]?.elements)
    #expect(payload.count == 1 && payload[0]["source"]?.text == "page")
    #expect(payload[0]["data"]?["text/plain"]?.text?.contains("print") == true)
    #expect(try client.run(":nothing").status == "error")
    let leaving = try client.run(":quit")
    #expect(leaving.reply["payload"]?.elements?.first?["source"]?.text == "ask_exit")
  }

  @Test func warningsOfACellThatRunsGoToItsErrorStream() throws {
    let ran = try client.run("print(0.1 + 0.2 == 0.3)")
    #expect(ran.status == "ok" && ran.text("stderr").contains("warning["))
    #expect(ran.text("stdout") == "false\n")
  }

  @Test func progressIsOneDisplayThatGoes() throws {
    let ran = try client.run(
      """
      let small = {group: 2, prompts: 2, workers: 1}
      let r = train(policy("mini"), uniform(load("mini")), steps: 40, evaluate: 0)
      """, within: 120)
    #expect(ran.status == "ok")
    let shown = ran.contents("display_data")
    let updates = ran.contents("update_display_data")
    #expect(shown.count == 1)
    let id = try #require(shown.first?["transient"]?["display_id"]?.text)
    #expect(updates.allSatisfy { $0["transient"]?["display_id"]?.text == id })
    #expect(updates.last?["data"]?["text/plain"]?.text == "")
    #expect(updates.contains { $0["data"]?["text/plain"]?.text?.contains("step") == true })
  }
}
