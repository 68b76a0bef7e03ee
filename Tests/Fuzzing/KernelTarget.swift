import MDMJSON
import MDMKernel

/// Frames that come from a socket, and connection files: read or refused, and nothing unsigned passes.
public struct KernelTarget: FuzzTarget {
  public static let name = "kernel"
  private let mutator: Mutator
  private let signer: Signer?
  private let writer: MessageWriter?

  /// Stands between frames of a case.
  private static let border: UInt8 = 0xFF

  public init(root: String) {
    let texts = [
      #"{"code": "1 + 1", "silent": false, "store_history": true, "user_expressions": {}}"#,
      #"{"code": "let x = [1, 2]\nx[0]", "cursor_pos": 3, "detail_level": 1}"#,
      #"{"hist_access_type": "search", "pattern": "*[a-z]?", "n": 10, "unique": true}"#,
      #"{"msg_id": "a_1", "session": "a", "msg_type": "execute_request", "version": "5.5"}"#,
      #"{"transport": "tcp", "ip": "127.0.0.1", "shell_port": 1, "iopub_port": 2, "#
        + #""stdin_port": 3, "control_port": 4, "hb_port": 5, "key": "k", "#
        + #""signature_scheme": "hmac-sha256", "kernel_name": "mdm"}"#,
      #"{"transport": "ipc", "ip": "k", "curve_publickey": "", "curve_secretkey": null}"#,
    ]
    mutator = Mutator(
      corpus: texts + Corpus.json,
      words: [
        "<IDS|MSG>", "{", "}", "[", "]", ",", ":", "\"", "\\ud83d", "null", "true", "-1", "65536",
        "1e999", "9223372036854775807", "\"\"", "msg_type", "subshell_id", "key", "\u{0}",
      ])
    signer = try? Signer(key: Array("secret".utf8))
    writer = signer.map { MessageWriter(session: "s", signer: $0, username: "fuzz") }
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    var frames: [[UInt8]] = []
    if random.oneIn(3) { frames.append([0, 1, 2]) }
    if !random.oneIn(20) { frames.append(Array("<IDS|MSG>".utf8)) }
    for _ in 0..<random.next(8) { frames.append(Array(mutator.text(&random).utf8)) }
    return Array(frames.joined(separator: [Self.border]))
  }

  public func run(_ input: [UInt8]) throws {
    let frames = input.split(separator: Self.border, omittingEmptySubsequences: false)
      .map { Array($0) }
    if let last = frames.last { _ = try? Connection(last, path: "fuzz") }
    guard let signer, let writer else { return }
    if let message = try? Message(frames, signer: signer) {
      throw BrokenLaw("a message without a signature passes: \(message.type)")
    }
    // The same frames, signed.
    guard let delimiter = frames.firstIndex(of: Array("<IDS|MSG>".utf8)),
      frames.count >= delimiter + 6
    else { return }
    var signed = frames
    signed[delimiter + 1] = signer.signature(of: signed[(delimiter + 2)...(delimiter + 5)])
    do throws(Message.Fault) {
      let message = try Message(signed, signer: signer)
      try Self.check(message, signed, delimiter)
      let reply = writer.frames(
        to: message.identities, "reply", message.content, parent: message.header)
      let read = try Message(reply, signer: signer)
      guard read.type == "reply", read.parent["msg_type"]?.text == message.type,
        read.identities == message.identities
      else { throw Message.Fault.badHeader("is not what was written") }
      var changed = reply
      changed[changed.count - 1].append(0x20)
      guard (try? Message(changed, signer: signer)) == nil else {
        throw Message.Fault.badSignature
      }
    } catch .badHeader(let reason) where reason.hasPrefix("is no JSON") || reason.hasPrefix("has") {
      return
    } catch {
      throw BrokenLaw("\(error)")
    }
  }

  private static func check(
    _ message: Message, _ frames: [[UInt8]], _ delimiter: Int
  ) throws(Message.Fault) {
    guard message.identities == Array(frames[..<delimiter]),
      message.header == frames[delimiter + 2],
      message.content.members != nil || message.contentFault != nil
    else { throw .badHeader("is not that of the frames") }
  }
}
