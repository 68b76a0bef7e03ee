import Glibc
import MDMJSON
import Synchronization

/// Makes the frames of messages that go out: numbered, dated and signed.
package final class MessageWriter: Sendable {
  /// The newest version of the protocol whose messages are understood.
  package static let protocolVersion = "5.5"

  package let session: String
  private let signer: Signer
  private let username: String
  private let count = Atomic<Int>(0)

  package init(session: String = MessageWriter.uniqueName(), signer: Signer, username: String) {
    self.session = session
    self.signer = signer
    self.username = username
  }

  /// The frames of a message.
  ///
  /// - Parameters:
  ///   - identities: to whom it goes, or the topic.
  ///   - parent: the header of what it answers, as it was sent; nil: it answers nothing.
  package func frames(
    to identities: [[UInt8]], _ type: String, _ content: JSONNode, metadata: JSONNode = .object([]),
    parent: [UInt8]?, subshell: String? = nil
  ) -> [[UInt8]] {
    let number = count.add(1, ordering: .relaxed).newValue
    var header: [JSONNode.Member] = [
      .init(name: "msg_id", value: .string("\(session)_\(number)")),
      .init(name: "session", value: .string(session)),
      .init(name: "username", value: .string(username)),
      .init(name: "date", value: .string(Self.date)),
      .init(name: "msg_type", value: .string(type)),
      .init(name: "version", value: .string(Self.protocolVersion)),
    ]
    if let subshell { header.append(.init(name: "subshell_id", value: .string(subshell))) }
    let parts = [
      JSONNode.object(header).compact, parent ?? Array("{}".utf8), metadata.compact,
      content.compact,
    ]
    return identities + [Message.delimiter, signer.signature(of: parts)] + parts
  }

  /// A name that nobody else has: 128 random bits as a UUID is written.
  package static func uniqueName() -> String {
    var random = SystemRandomNumberGenerator()
    var bytes = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
    bytes[6] = bytes[6] & 0x0F | 0x40
    bytes[8] = bytes[8] & 0x3F | 0x80
    var text = ""
    for (index, byte) in bytes.enumerated() {
      if [4, 6, 8, 10].contains(index) { text += "-" }
      let digits = String(byte, radix: 16)
      text += digits.count == 1 ? "0" + digits : digits
    }
    return text
  }

  /// Now, as ISO 8601 with microseconds, in UTC.
  static var date: String {
    var now = timespec()
    clock_gettime(CLOCK_REALTIME, &now)
    var parts = tm()
    gmtime_r(&now.tv_sec, &parts)
    func digits(_ number: Int, _ count: Int) -> String {
      let text = String(number)
      return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }
    let day =
      "\(parts.tm_year + 1900)-\(digits(Int(parts.tm_mon) + 1, 2))-\(digits(Int(parts.tm_mday), 2))"
    let time =
      "\(digits(Int(parts.tm_hour), 2)):\(digits(Int(parts.tm_min), 2)):"
      + digits(Int(parts.tm_sec), 2)
    return "\(day)T\(time).\(digits(now.tv_nsec / 1000, 6))Z"
  }
}
