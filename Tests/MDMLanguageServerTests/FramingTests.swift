import MDMJSON
import MDMLanguageServer
import Testing

@Suite struct FramingTests {
  private func items(_ text: String) -> [MessageDecoder.Item] {
    var decoder = MessageDecoder()
    return decoder.feed(Array(text.utf8))
  }

  @Test func messagesFollowEachOther() {
    #expect(
      items("Content-Length: 2\r\n\r\n[]Content-Length: 4\r\n\r\nnull") == [
        .message(.array([])), .message(.null),
      ])
  }

  @Test func theLengthCountsBytes() {
    #expect(items("Content-Length: 4\r\n\r\n\"é\"") == [.message(.string("é"))])
  }

  @Test func aMessageMayArriveByteByByte() {
    var decoder = MessageDecoder()
    var found: [MessageDecoder.Item] = []
    for byte in "Content-Length: 4\r\n\r\ntrueContent-Length: 1\r\n\r\n1".utf8 {
      found += decoder.feed([byte])
    }
    #expect(found == [.message(.bool(true)), .message(items("Content-Length: 1\r\n\r\n1").node)])
    #expect(decoder.isAtBoundary)
  }

  @Test func otherFieldsAndCasesAreAccepted() {
    #expect(
      items(
        "content-type: application/vscode-jsonrpc; charset=utf-8\r\ncontent-length:4\r\n\r\nnull")
        == [.message(.null)])
  }

  @Test func whatIsNoJSONIsPassedOver() {
    let found = items("Content-Length: 3\r\n\r\n{a}Content-Length: 4\r\n\r\nnull")
    guard found.count == 2, case .unreadable = found[0] else {
      Issue.record("\(found)")
      return
    }
    #expect(found[1] == .message(.null))
  }

  @Test(arguments: [
    "Content-Length: x\r\n\r\n", "X: 1\r\n\r\n", "Content-Length: -1\r\n\r\n",
    "Content-Length: 99999999999999999999\r\n\r\n", "\r\n",
  ])
  func aHeaderWithoutLengthIsPassedOver(_ header: String) {
    let found = items(header + "Content-Length: 4\r\n\r\nnull")
    guard case .invalid = found.first else {
      Issue.record("\(found)")
      return
    }
    #expect(found.last == .message(.null))
  }

  @Test func aMessageThatIsTooLongIsPassedOver() {
    var decoder = MessageDecoder()
    let length = MessageDecoder.maximumLength + 1
    guard case .invalid = decoder.feed(Array("Content-Length: \(length)\r\n\r\n".utf8)).first else {
      Issue.record("accepted")
      return
    }
    let block = [UInt8](repeating: 0x20, count: 1 << 20)
    var left = length
    while left > 0 {
      #expect(decoder.feed(block.prefix(left)).isEmpty)
      left -= min(left, block.count)
    }
    #expect(decoder.feed(Array("Content-Length: 4\r\n\r\nnull".utf8)) == [.message(.null)])
  }

  @Test func noiseWithoutAnyHeaderEndsAtTheNextOne() {
    let found = items(
      String(repeating: "x", count: 20_000) + "Content-Length: 4\r\n\r\nnull")
    #expect(found.last == .message(.null))
  }

  @Test func whatIsSentCanBeRead() {
    let message = JSONNode.object([.init(name: "a", value: .string("ü\n\"\\\u{1}"))])
    var decoder = MessageDecoder()
    #expect(decoder.feed(MessageDecoder.encode(message)) == [.message(message)])
  }
}

extension [MessageDecoder.Item] {
  /// The only message.
  fileprivate var node: JSONNode {
    if case .message(let node)? = first { return node }
    return .null
  }
}
