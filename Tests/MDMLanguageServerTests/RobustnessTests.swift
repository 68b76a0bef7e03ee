import MDMJSON
import MDMLanguageServer
import Testing

/// Whatever is typed or sent, the server answers.
@Suite struct RobustnessTests {
  private static let script = """
    #!/usr/bin/env -S mdm run
    use experiments
    use "./m.mdm": double, other
    ## Adds.
    param steps: Int = 200, "how many"
    pub fn add(a: Int, b = a * 2, ..rest) -> Int { a + b }
    reward fn tight(completion, example) -> 0..1 { iou(completion.answer, example.box) ?? return 0 }
    let cfg = {rate: 1e-4, "odd key": 60%, inner: {deep: [1, 2]}}
    var total = 0
    for i, x in [1, 2] |> map(fn(y) y + 1) { total += cfg.inner.deep[i] ** 2 }
    match ({a: 1, rest: [1, 2]}) { {a: 1 | 2, rest: [head, ..tail]} if head > 0 -> tail, _ -> none }
    try { error("x") } catch e { print(f"{e.message:>20} {add(1, b: 2)}") }
    test "ä𝔘" { assert across seeds(3): seed ~= 1 +- 2 }
    budget(steps: 3) { print(mix {coco: 20%, sat: 80%}, \"\"\"
      more
      \"\"\") }
    experiments.compare([1], [2], fn(x) x, name: "n")
    """

  private static let methods = [
    "hover", "definition", "references", "documentHighlight", "completion", "signatureHelp",
    "prepareRename",
  ]

  private func ask(_ document: OpenDocument) throws {
    for method in Self.methods {
      let answer = try document.client.answer(
        "textDocument/\(method)",
        document.params(0, #""context": {"includeDeclaration": true}, "newName": "renamed""#))
      #expect(answer["result"] != nil || answer["error"]?["code"]?.integer == -32803, "\(method)")
    }
    for method in ["documentSymbol", "foldingRange"] {
      try document.client.request(
        "textDocument/\(method)", #"{"textDocument": {"uri": "\#(document.uri)"}}"#)
    }
  }

  @Test func everyBeginningOfAScriptIsAnswered() throws {
    let client = try Client()
    let scalars = Array(Self.script.unicodeScalars)
    for length in stride(from: 0, through: scalars.count, by: 3) {
      var text = String(String.UnicodeScalarView(scalars[..<length])) + "¦"
      try ask(try OpenDocument(client, text))
      // As it is typed in the middle of a file.
      text += String(String.UnicodeScalarView(scalars[min(scalars.count, length + 7)...]))
      try ask(try OpenDocument(client, text))
    }
  }

  @Test func everyNameOfAScriptCanBeRenamedOrNot() throws {
    let client = try Client()
    let scalars = Array(Self.script.unicodeScalars)
    var renamed = 0
    for place in stride(from: 0, to: scalars.count, by: 2) {
      let text = String(String.UnicodeScalarView(scalars[..<place] + ["¦"] + scalars[place...]))
      let document = try OpenDocument(client, text)
      let answer = try client.answer(
        "textDocument/rename", document.params(0, #""newName": "fresh_name""#))
      if answer["result"]?["changes"] != nil { renamed += 1 }
      #expect(answer["result"] != nil || answer["error"]?["code"]?.integer == -32803)
    }
    #expect(renamed > 50)
  }

  @Test func mutatedMessagesAreAnsweredOrRefused() throws {
    var random = SplitMix(state: 20_260_117)
    let params =
      #"{"textDocument": {"uri": "file:///t/main.mdm", "version": 2}, "position": {"line": 3, "character": 9}, "#
      + #""contentChanges": [{"range": {"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 4}}, "text": "x ="}], "#
      + #""range": {"start": {"line": 0, "character": 0}, "end": {"line": 9, "character": 4}}, "newName": "n", "context": {}}"#
    let methods = (Self.methods + ["rename", "codeAction", "didChange", "didClose", "formatting"])
    let client = try Client()
    for turn in 0..<1500 {
      if turn % 50 == 0 { _ = try OpenDocument(client, Self.script) }
      let method = methods[Int(random.next() % UInt64(methods.count))]
      let id = method.hasPrefix("did") ? "" : #""id": \#(turn), "#
      var bytes = Array(
        #"{"jsonrpc": "2.0", \#(id)"method": "textDocument/\#(method)", "params": \#(params)}"#.utf8
      )
      for _ in 0..<(random.next() % 4) {
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 3 {
        case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 1: bytes.remove(at: place)
        default: bytes.insert(contentsOf: Array("-1e9".utf8), at: place)
        }
      }
      var decoder = MessageDecoder()
      let header = Array("Content-Length: \(bytes.count)\r\n\r\n".utf8)
      _ = client.server.receive(decoder.feed(header + bytes))
    }
    #expect(client.server.exitStatus == nil)
    try ask(try OpenDocument(client, "print(1¦)"))
  }
}

/// SplitMix64: the same numbers in each run.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }
}
