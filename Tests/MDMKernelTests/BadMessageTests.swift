import Foundation
import MDMJSON
import MDMKernel
import Testing

/// Messages that nobody should send: the kernel goes on.
@Suite struct BadMessageTests {
  private let kernel: KernelProcess
  private let client: KernelClient

  init() throws {
    kernel = try KernelProcess()
    client = try KernelClient(kernel)
  }

  private func isAlive() throws -> Bool { try client.run("1 + 1").result == "2" }

  @Test func aWrongSignatureIsDropped() throws {
    var forged = client.frames(
      "execute_request", .of(("code", .string("let stolen = 1"))))
    forged[1] = Array(String(repeating: "0", count: 64).utf8)
    client.shell.send(forged)
    var changed = client.frames("execute_request", .of(("code", .string("let stolen = 1"))))
    changed[5] = JSONNode.of(("code", .string("let stolen = 2"))).compact
    client.shell.send(changed)
    client.control.send(changed)
    #expect(try client.run("stolen").reply["ename"]?.text == "E0301")
    #expect(kernel.log.contains("dropped a message with a wrong signature on shell"))
  }

  @Test func framesThatAreCutShortAreDropped() throws {
    let whole = client.frames("execute_request", .of(("code", .string("1"))))
    for count in 1..<whole.count { client.shell.send(Array(whole[..<count])) }
    for index in whole.indices {
      var cut = whole
      cut[index] = Array(cut[index].dropLast(cut[index].count / 2 + 1))
      client.shell.send(cut)
      client.control.send(cut)
    }
    client.shell.send([[]])
    client.shell.send(Array(repeating: [], count: 50_000))
    client.stdin.send(whole)
    #expect(try isAlive())
  }

  @Test func contentsThatCannotBeReadAreAnswered() throws {
    let signer = try Signer(key: client.connection.key)
    for content in ["", "[1]", "{\"code\": 7}", "{\"code\": \"\\ud800\"}", "{}"] {
      for type in ["execute_request", "complete_request", "history_request", "is_complete_request"]
      {
        var frames = client.frames(type)
        frames[5] = Array(content.utf8)
        frames[1] = signer.signature(of: frames[2...5])
        client.shell.send(frames)
        let id = try Message(frames, signer: signer).id
        let reply = try client.outcome(of: id).reply
        #expect(reply["status"]?.text == "error" && reply["ename"]?.text == "MalformedRequest")
      }
    }
    #expect(try isAlive())
  }

  @Test func unknownRequestsAreToldToTheStarter() throws {
    let id = try client.send("dance_request")
    #expect(try client.publications(for: id).count == 2)
    #expect(kernel.log.contains("unknown type dance_request"))
  }

  @Test func aStormOfMessagesIsAnsweredWhole() throws {
    let running = try client.execute("var n = 0\nwhile n < 3000000 { n += 1 }\nn")
    let ids = try (0..<2000).map { index in
      try client.send(
        index.isMultiple(of: 2) ? "complete_request" : "is_complete_request",
        .of(("code", .string("pri"))))
    }
    for id in ids { #expect(try client.reply(to: id).content["status"] != nil) }
    #expect(try client.reply(to: running).content["status"]?.text == "ok")
    #expect(try isAlive())
  }

  @Test func aStormOfPrintsIsAFewMessages() throws {
    let ran = try client.run("for i in 0..100000 { print(i) }")
    let text = ran.text("stdout")
    #expect(text.hasSuffix("\n99999\n") && text.count == 588_890)
    #expect(ran.contents("stream").count < 2000)
  }

  @Test func outputsBeyondTheLimitAreCutAndSaidSo() throws {
    let bounded = try KernelClient(KernelProcess(arguments: ["--output-limit", "1MB"]))
    let ran = try bounded.run("for i in 0..30000 { print(\"ü\" * 50) }\ndisplay(1)\n5")
    #expect(ran.status == "ok" && ran.result == nil && ran.contents("display_data").isEmpty)
    #expect((990_000...1_000_000).contains(ran.text("stdout").utf8.count))
    #expect(ran.text("stderr").components(separatedBy: "outputs are cut here").count == 2)
    let next = try bounded.run("6")
    #expect(next.result == "6")
    let value = try bounded.run("\"x\" * 2000000")
    #expect(value.result == nil && value.text("stderr").contains("outputs are cut"))
    let displays = try bounded.run("for i in 0..6000 { display(i) }")
    #expect(displays.contents("display_data").count == 5000)
  }
}
