import CZeroMQ
import Glibc

/// What sockets live in: libzmq with its thread.
package final class SocketContext: @unchecked Sendable {
  // libzmq lets any thread use it.
  let pointer: UnsafeMutableRawPointer

  package init() throws(KernelError) {
    if let problem = mdm_zmq_load() { throw .library(String(cString: problem)) }
    guard let pointer = mdm_zmq_context() else {
      throw .system("libzmq does not start: \(Socket.reason)")
    }
    self.pointer = pointer
  }

  /// Waits until what was sent has left, for as long as the sockets linger; all have to be closed.
  package func end() {
    while mdm_zmq_context_end(pointer) != 0, mdm_zmq_errno() == EINTR {}
  }

  /// New keys for CurveZMQ; nil where libzmq was built without it.
  package static func curveKeys() -> Connection.CurveKeys? {
    var publicKey = [CChar](repeating: 0, count: 41)
    var secretKey = publicKey
    guard mdm_zmq_load() == nil, mdm_zmq_curve_keys(&publicKey, &secretKey) == 0 else { return nil }
    func text(_ characters: [CChar]) -> String {
      String(decoding: characters.prefix(40).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    return Connection.CurveKeys(publicKey: text(publicKey), secretKey: text(secretKey))
  }
}

/// A socket of libzmq. One thread at a time uses it; handing it over needs a fence, such as the start
/// of a thread.
package final class Socket: @unchecked Sendable {
  /// What it does with messages.
  package enum Kind: Int32, Sendable {
    case sub = 2
    case req = 3
    case rep = 4
    case dealer = 5
    case router = 6
    case xpub = 9
  }

  private let pointer: UnsafeMutableRawPointer

  /// A message of more frames is none of ours.
  static let frameLimit = 10_000
  /// Nor is one of more bytes.
  static let byteLimit = 128 << 20

  /// - Parameter linger: milliseconds for which closing waits for what was sent.
  package init(
    _ kind: Kind, in context: SocketContext, linger: Int32 = 1000
  ) throws(KernelError) {
    guard let pointer = mdm_zmq_socket(context.pointer, kind.rawValue) else {
      throw .system("libzmq gives no socket: \(Socket.reason)")
    }
    self.pointer = pointer
    set(MDM_ZMQ_LINGER, linger)
    var limit = Int64(Self.byteLimit)
    _ = mdm_zmq_set(pointer, Int32(MDM_ZMQ_MAXMSGSIZE.rawValue), &limit, 8)
  }

  /// Sets a number; options that this libzmq does not know are passed over.
  package func set(_ option: mdm_zmq_option, _ value: Int32) {
    var value = value
    _ = mdm_zmq_set(pointer, Int32(option.rawValue), &value, 4)
  }

  /// Sets a text; false where it is refused.
  @discardableResult
  package func set(_ option: mdm_zmq_option, _ text: String) -> Bool {
    Array(text.utf8).withUnsafeBytes {
      mdm_zmq_set(pointer, Int32(option.rawValue), $0.baseAddress, $0.count) == 0
    }
  }

  /// Listens at an address; gives the port where `*` stood for it.
  package func bind(_ address: String) throws(KernelError) -> Int? {
    guard mdm_zmq_bind(pointer, address) == 0 else {
      throw .socket(address: address, reason: Socket.reason)
    }
    var text = [CChar](repeating: 0, count: 1024)
    var count = text.count
    guard mdm_zmq_get(pointer, Int32(MDM_ZMQ_LAST_ENDPOINT.rawValue), &text, &count) == 0 else {
      return nil
    }
    let endpoint = String(
      decoding: text.prefix(max(count - 1, 0)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return endpoint.split(separator: ":").last.flatMap { Int($0) }
  }

  /// Connects to an address.
  package func connect(_ address: String) throws(KernelError) {
    guard mdm_zmq_connect(pointer, address) == 0 else {
      throw .socket(address: address, reason: Socket.reason)
    }
  }

  /// Sends a message of several frames; false where it could not be handed on.
  @discardableResult
  package func send(_ frames: [[UInt8]]) -> Bool {
    for (index, frame) in frames.enumerated() {
      let flags = Int32(index < frames.count - 1 ? MDM_ZMQ_SNDMORE : 0)
      while true {
        let status = frame.withUnsafeBytes {
          mdm_zmq_send(pointer, $0.baseAddress, $0.count, flags)
        }
        if status >= 0 { break }
        guard mdm_zmq_errno() == EINTR else { return false }
      }
    }
    return true
  }

  /// The next message that has arrived; nil where there is none. One of too many frames or bytes comes
  /// without any.
  package func receive() -> [[UInt8]]? {
    var frames: [[UInt8]] = []
    var (count, size) = (0, 0)
    var frame = mdm_zmq_frame()
    while true {
      let status = mdm_zmq_receive(pointer, &frame, Int32(MDM_ZMQ_DONTWAIT))
      guard status >= 0 else {
        let number = mdm_zmq_errno()
        mdm_zmq_release(&frame)
        if number == EINTR { continue }
        return nil
      }
      let length = mdm_zmq_count(&frame)
      count += 1
      size += length
      if count <= Self.frameLimit, size <= Self.byteLimit {
        frames.append(
          [UInt8](UnsafeRawBufferPointer(start: mdm_zmq_bytes(&frame), count: length)))
      } else {
        frames = []
      }
      let isMore = mdm_zmq_more(&frame) != 0
      mdm_zmq_release(&frame)
      if !isMore { return count <= Self.frameLimit && size <= Self.byteLimit ? frames : [] }
    }
  }

  package func close() { _ = mdm_zmq_close(pointer) }

  /// Waits until messages arrive on sockets, the signal is given or the time is over.
  ///
  /// - Parameter milliseconds: nil: for ever.
  /// - Returns: for each socket, whether it has a message.
  package static func wait(
    _ sockets: [Socket], or signal: WakeSignal? = nil, milliseconds: Int?
  ) -> [Bool] {
    var items = sockets.map {
      mdm_zmq_poll_item(
        socket: $0.pointer, descriptor: 0, events: Int16(MDM_ZMQ_POLLIN), returned: 0)
    }
    if let signal {
      items.append(
        mdm_zmq_poll_item(
          socket: nil, descriptor: signal.descriptor, events: Int16(MDM_ZMQ_POLLIN), returned: 0))
    }
    let status = mdm_zmq_poll(&items, Int32(items.count), milliseconds ?? -1)
    if status < 0, mdm_zmq_errno() != EINTR {
      // Nothing can be waited for; do not spin over it.
      usleep(10_000)
    }
    return items.prefix(sockets.count).map { status > 0 && $0.returned != 0 }
  }

  fileprivate static var reason: String { String(cString: mdm_zmq_error(mdm_zmq_errno())) }
}
