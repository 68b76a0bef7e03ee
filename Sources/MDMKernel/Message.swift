import MDMJSON

/// A message that came in: its signature is right and its header can be read.
package struct Message: Sendable {
  /// To whom the reply goes.
  package var identities: [[UInt8]]
  /// The header as it was sent, which replies give back unchanged.
  package var header: [UInt8]
  package var parent: JSONNode
  package var type: String
  package var id: String
  /// Which subshell is asked; nil: the main one.
  package var subshell: String?
  package var content: JSONNode
  package var buffers: [[UInt8]]
  /// Why the content could not be read; it is empty then.
  package var contentFault: String?

  /// Why frames are no message.
  package enum Fault: Error, Sendable, Equatable, CustomStringConvertible {
    case noDelimiter
    case tooFewFrames(Int)
    case badSignature
    case badHeader(String)

    package var description: String {
      switch self {
      case .noDelimiter: "a message without <IDS|MSG>"
      case .tooFewFrames(let count): "a message of \(count) frames behind <IDS|MSG> instead of 5"
      case .badSignature: "a message with a wrong signature"
      case .badHeader(let reason): "a message whose header \(reason)"
      }
    }
  }

  static let delimiter = Array("<IDS|MSG>".utf8)

  /// Reads the frames of a message and checks its signature over their raw bytes.
  package init(_ frames: [[UInt8]], signer: Signer) throws(Fault) {
    guard let delimiter = frames.firstIndex(of: Self.delimiter) else { throw .noDelimiter }
    let rest = Array(frames[(delimiter + 1)...])
    guard rest.count >= 5 else { throw .tooFewFrames(rest.count) }
    guard signer.accepts(rest[0], of: rest[1...4]) else { throw .badSignature }
    identities = Array(frames[..<delimiter])
    header = rest[1]
    let fields: JSONNode
    do throws(JSONError) {
      fields = try JSONNode(parsing: rest[1])
    } catch {
      throw .badHeader("is no JSON: \(error)")
    }
    guard let type = fields["msg_type"]?.text else { throw .badHeader("has no msg_type") }
    self.type = type
    id = fields["msg_id"]?.text ?? ""
    subshell = fields["subshell_id"]?.text
    parent = (try? JSONNode(parsing: rest[2])) ?? .null
    do throws(JSONError) {
      content = try JSONNode(parsing: rest[4])
      if content.members == nil { contentFault = "the content is \(content.kind)" }
    } catch {
      content = .object([])
      contentFault = "the content is no JSON: \(error)"
    }
    buffers = Array(rest[5...])
  }
}
