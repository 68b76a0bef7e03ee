import CZeroMQ
import Foundation
import MDMJSON
import MDMKernel
import Testing

/// How kernels begin and end.
@Suite struct LifeTests {
  @Test func aShutdownIsAnsweredAndTheProcessEnds() throws {
    let kernel = try KernelProcess()
    let client = try KernelClient(kernel)
    let id = try client.send(
      "shutdown_request", .of(("restart", .bool(false))), on: client.control)
    let (reply, published) = try client.outcome(of: id)
    #expect(reply == .of(("status", .string("ok")), ("restart", .bool(false))))
    #expect(published.contains { $0.type == "shutdown_reply" })
    #expect(kernel.exitStatus() == 0)
    // The file was its own.
    #expect(!FileManager.default.fileExists(atPath: kernel.connectionFile))
  }

  @Test func aShutdownInterruptsWhatRuns() throws {
    let kernel = try KernelProcess()
    let client = try KernelClient(kernel)
    let running = try client.execute("print(1)\nwhile true { }")
    _ = try client.publication { $0.type == "stream" }
    try client.send("shutdown_request", .of(("restart", .bool(true))))
    #expect(try client.reply(to: running).content["ename"]?.text == "Interrupted")
    #expect(kernel.exitStatus() == 0)
  }

  @Test func sigtermEndsTheKernel() throws {
    let kernel = try KernelProcess()
    let client = try KernelClient(kernel)
    _ = try client.execute("while true { }")
    _ = try client.publication { $0.type == "execute_input" }
    kill(kernel.process.processIdentifier, SIGTERM)
    #expect(kernel.exitStatus() == 0)
  }

  @Test func theKernelEndsWithItsParent() throws {
    let parent = Process()
    parent.executableURL = URL(filePath: "/bin/sleep")
    parent.arguments = ["300"]
    try parent.run()
    let kernel = try KernelProcess(
      environment: ["JPY_PARENT_PID": "\(parent.processIdentifier)"])
    let client = try KernelClient(kernel)
    #expect(try client.run("1").result == "1")
    _ = try client.execute("while true { }")
    kill(parent.processIdentifier, SIGKILL)
    parent.waitUntilExit()
    #expect(kernel.exitStatus() == 0)
    #expect(kernel.log.contains("is gone"))
  }

  @Test func historySurvivesARestart() throws {
    let first = try KernelProcess()
    let client = try KernelClient(first)
    for code in ["let a = 1", "let b = 2", "a + b", "let a = 1"] { _ = try client.run(code) }
    try client.send("shutdown_request", on: client.control)
    #expect(first.exitStatus() == 0)
    let second = try KernelClient(KernelProcess(folder: first.folder))
    func past(_ content: (String, JSONNode)...) throws -> [[JSONNode]] {
      let node = JSONNode.object(content.map { .init(name: $0.0, value: $0.1) })
      let id = try second.send("history_request", node)
      return try second.outcome(of: id).reply["history"]?.elements?.compactMap(\.elements) ?? []
    }
    let tail = try past(
      ("hist_access_type", .string("tail")), ("n", .integer(2)), ("output", .bool(true)))
    #expect(tail.map { $0[2].elements?.first?.text } == ["a + b", "let a = 1"])
    let range = try past(
      ("hist_access_type", .string("range")), ("session", .integer(-1)), ("start", .integer(2)),
      ("stop", .integer(4)))
    #expect(range.map { $0[2].text } == ["let b = 2", "a + b"])
    #expect(range.map { $0[1].integer } == [2, 3])
    let search = try past(
      ("hist_access_type", .string("search")), ("pattern", .string("let *")),
      ("unique", .bool(true)), ("n", .integer(5)))
    #expect(search.map { $0[2].text } == ["let b = 2", "let a = 1"])
  }

  @Test func ipcWorksToo() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "mdm-ipc-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var connection = Connection(key: Array("secret".utf8))
    connection.transport = .ipc
    connection.ip = folder.path + "/k"
    for (index, channel) in Connection.Channel.allCases.enumerated() {
      connection.ports[channel] = index + 1
    }
    let client = try KernelClient(KernelProcess(connection))
    #expect(try client.run("2 + 3").result == "5")
  }

  @Test func withCurveOnlyTheRightKeyIsHeard() throws {
    let keys = try #require(SocketContext.curveKeys())
    var connection = Connection(key: Array("secret".utf8))
    connection.curve = keys
    for channel in Connection.Channel.allCases { connection.ports[channel] = 0 }
    // Ports of a client's file stay as they are, so that free ones are asked for here.
    for channel in Connection.Channel.allCases { connection.ports[channel] = try Self.freePort() }
    let kernel = try KernelProcess(connection)
    let client = try KernelClient(kernel, serverKey: keys.publicKey)
    #expect(try client.run("2 + 3").result == "5")
    #expect(client.isBeating())
    let plain = try KernelClient(kernel, isReady: false)
    #expect(throws: TestTimeout.self) {
      _ = try plain.reply(to: plain.send("kernel_info_request"), within: 0.5)
    }
    let other = try #require(SocketContext.curveKeys())
    let stranger = try KernelClient(kernel, serverKey: other.publicKey, isReady: false)
    #expect(throws: TestTimeout.self) {
      _ = try stranger.reply(to: stranger.send("kernel_info_request"), within: 0.5)
    }
    #expect(try client.run("1").result == "1")
  }

  @Test func withoutAKeyMessagesAreNotSigned() throws {
    var connection = Connection(key: [])
    for channel in Connection.Channel.allCases { connection.ports[channel] = try Self.freePort() }
    let client = try KernelClient(KernelProcess(connection))
    #expect(client.frames("x")[1].isEmpty)
    #expect(try client.run("2").result == "2")
  }

  @Test(arguments: [
    ("", "is no JSON"), ("[]", "an array"), ("{}", "has no shell_port"),
    (#"{"transport": "udp"}"#, "the transport udp"),
    (
      #"{"shell_port": 1, "iopub_port": 1, "stdin_port": 1, "control_port": 1, "hb_port": 1, "key": 7}"#,
      "as key"
    ),
    (#"{"shell_port": 70000}"#, "no port as shell_port"),
    (
      #"{"key": "k", "signature_scheme": "hmac-md5", "shell_port": 1, "iopub_port": 1, "#
        + #""stdin_port": 1, "control_port": 1, "hb_port": 1}"#, "hmac-md5"
    ),
  ])
  func aBadConnectionFileIsExplained(text: String, reason: String) throws {
    #expect {
      _ = try Connection(Array(text.utf8), path: "c.json")
    } throws: { error in
      "\(error)".contains(reason) && "\(error)".contains("c.json")
    }
  }

  @Test func aPortInUseEndsTheStart() throws {
    let first = try KernelClient(KernelProcess())
    let second = try KernelProcess(first.connection)
    #expect(second.exitStatus() == 2)
    #expect(second.log.contains("cannot bind tcp://127.0.0.1"))
  }

  /// A port that nobody listens on right now.
  private static func freePort() throws -> Int {
    let context = try SocketContext()
    let socket = try Socket(.rep, in: context, linger: 0)
    let port = try socket.bind("tcp://127.0.0.1:*")
    socket.close()
    context.end()
    return try #require(port)
  }
}
