import Glibc

/// A file of TensorBoard's events, written as they happen.
///
/// Each record has its length (8 bytes, little-endian), the masked CRC-32C of that, the bytes of a protobuf
/// message `Event`, and the masked CRC-32C of these.
///
/// Source: TensorFlow, tensorflow/core/lib/io/record_writer.h, and the messages of
/// tensorboard/compat/proto/event.proto and summary.proto.
final class EventFile {
  private let file: Int32
  private var waiting: [UInt8] = []

  /// Begins a file in a folder; nil where it cannot be made.
  ///
  /// - Parameter startingAfter: a step; what earlier files of the folder hold after it is void.
  init?(folder: String, startingAfter step: Int) {
    let identity = ProcessIdentity.current
    let now = Disk.wallSeconds()
    // Readers take the files of a folder in the order of their names.
    var number = Disk.names(in: folder).count { $0.contains("tfevents") }
    var opened: Int32 = -1
    repeat {
      let place = String(repeating: "0", count: max(0, 4 - "\(number)".count)) + "\(number)"
      let name = "events.out.tfevents.\(Int(now)).\(place).\(identity.host).\(identity.number)"
      opened = open("\(folder)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
      number += 1
    } while opened < 0 && errno == EEXIST && number < 10_000
    guard opened >= 0 else { return nil }
    file = opened
    var first = Message()
    first.put(1, now)
    first.put(3, text: "brain.Event:2")
    append(first.bytes)
    defer { flush() }
    guard step > 0 else { return }
    // A session that starts at a step makes readers forget what came after it before.
    var log = Message()
    log.put(1, integer: 1)
    var start = Message()
    start.put(1, now)
    start.put(2, integer: step + 1)
    start.put(7, log.bytes)
    append(start.bytes)
  }

  deinit { close() }

  private var isOpen = true

  func close() {
    flush()
    if isOpen { Glibc.close(file) }
    isOpen = false
  }

  /// Adds a step's metrics, to be written by `flush()`.
  func add(step: Int, scalars: [(key: String, value: Double)]) {
    var summary = Message()
    for (key, value) in scalars where value.isFinite {
      // tag of the text, its length, the text, tag of the number, the number
      let text = key.utf8.count
      summary.begin(1, size: 1 + Message.size(text) + text + 1 + 4)
      summary.put(1, text: key)
      summary.put(2, Float(value))
    }
    var event = Message()
    event.put(1, Disk.wallSeconds())
    event.put(2, integer: step)
    event.put(5, summary.bytes)
    append(event.bytes)
  }

  private func append(_ bytes: [UInt8]) {
    let length = withUnsafeBytes(of: UInt64(bytes.count).littleEndian, Array.init)
    waiting += length
    waiting += Self.masked(length)
    waiting += bytes
    waiting += Self.masked(bytes)
  }

  /// Writes the records that wait; where they do not fit on the disk they are left out whole, as readers
  /// stop at a torn one.
  func flush() {
    guard isOpen, !waiting.isEmpty else { return }
    let place = lseek(file, 0, SEEK_END)
    if Disk.write(waiting, to: file).problem != nil { ftruncate(file, place) }
    waiting.removeAll(keepingCapacity: true)
  }

  private static func masked(_ bytes: [UInt8]) -> [UInt8] {
    let sum = CRC32C.checksum(bytes)
    let masked = (sum >> 15 | sum << 17) &+ 0xA282_EAD8
    return withUnsafeBytes(of: masked.littleEndian, Array.init)
  }

  /// A protobuf message as far as events need it.
  private struct Message {
    var bytes: [UInt8] = []

    private mutating func varint(_ value: UInt64) {
      var rest = value
      while rest > 0x7F {
        bytes.append(UInt8(rest & 0x7F) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }

    private mutating func tag(_ field: Int, _ type: Int) { varint(UInt64(field << 3 | type)) }

    mutating func put(_ field: Int, _ value: Double) {
      tag(field, 1)
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func put(_ field: Int, _ value: Float) {
      tag(field, 5)
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += $0 }
    }

    mutating func put(_ field: Int, integer: Int) {
      tag(field, 0)
      varint(UInt64(bitPattern: Int64(integer)))
    }

    /// The bytes that a number takes.
    static func size(_ value: Int) -> Int { value < 1 << 7 ? 1 : 1 + size(value >> 7) }

    /// Begins a message, a text or bytes of some size.
    mutating func begin(_ field: Int, size: Int) {
      tag(field, 2)
      varint(UInt64(size))
    }

    mutating func put(_ field: Int, _ inner: [UInt8]) {
      begin(field, size: inner.count)
      bytes += inner
    }

    mutating func put(_ field: Int, text: String) {
      begin(field, size: text.utf8.count)
      bytes += text.utf8
    }
  }
}

/// The cyclic redundancy check with Castagnoli's polynomial. Source: RFC 3720, appendix B.4.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  static func checksum(_ bytes: [UInt8]) -> UInt32 {
    table.withUnsafeBufferPointer { table in
      var sum = ~UInt32(0)
      for byte in bytes { sum = table[Int((sum ^ UInt32(byte)) & 0xFF)] ^ sum >> 8 }
      return ~sum
    }
  }
}
