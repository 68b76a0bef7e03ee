import Glibc

/// Steps over the UTF-8 bytes of strings, with short ways through ASCII.
enum TextBytes {
  typealias Bytes = UnsafeBufferPointer<UInt8>

  /// The scalar that begins at an offset, and its length in bytes. The bytes are valid UTF-8.
  @inline(__always)
  static func scalar(_ bytes: Bytes, _ at: Int) -> (value: Unicode.Scalar, length: Int) {
    let first = UInt32(bytes[at])
    if first < 0x80 { return (Unicode.Scalar(UInt8(first)), 1) }
    let tail = { (offset: Int) -> UInt32 in UInt32(bytes[at + offset]) & 0x3F }
    let (code, length): (UInt32, Int) =
      first < 0xE0
      ? ((first & 0x1F) << 6 | tail(1), 2)
      : first < 0xF0
        ? ((first & 0x0F) << 12 | tail(1) << 6 | tail(2), 3)
        : ((first & 0x07) << 18 | tail(1) << 12 | tail(2) << 6 | tail(3), 4)
    return (Unicode.Scalar(code) ?? "\u{FFFD}", length)
  }

  /// The start of the scalar that ends before an offset above 0.
  @inline(__always)
  static func before(_ bytes: Bytes, _ end: Int) -> Int {
    var start = end - 1
    while start > 0, bytes[start] & 0xC0 == 0x80 { start -= 1 }
    return start
  }

  /// White space: Unicode's property White_Space.
  @inline(__always)
  static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x80
      ? scalar.value == 0x20 || (0x09...0x0D).contains(scalar.value)
      : scalar.properties.isWhitespace
  }

  /// The range without the scalars at its ends that a test accepts.
  static func trimmed(
    _ bytes: Bytes, start trimsStart: Bool, end trimsEnd: Bool,
    _ test: (Unicode.Scalar) -> Bool
  ) -> Range<Int> {
    var start = 0
    var end = bytes.count
    while trimsStart, start < end {
      let (scalar, length) = scalar(bytes, start)
      if !test(scalar) { break }
      start += length
    }
    while trimsEnd, end > start {
      let last = before(bytes, end)
      if !test(scalar(bytes, last).value) { break }
      end = last
    }
    return start..<end
  }

  /// The scalars of a text.
  static func scalars(_ bytes: Bytes) -> [UInt32] {
    var result: [UInt32] = []
    result.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      let (value, length) = scalar(bytes, at)
      result.append(value.value)
      at += length
    }
    return result
  }

  /// The last occurrence of a text that ends at or before an offset.
  static func last(_ part: Bytes, in bytes: Bytes, endingBy end: Int) -> Int? {
    guard let text = bytes.baseAddress, let wanted = part.baseAddress else { return end }
    var position = end - part.count
    while position >= 0 {
      if text[position] == wanted[0], memcmp(text + position, wanted, part.count) == 0 {
        return position
      }
      position -= 1
    }
    return nil
  }
}

extension NativeCall {
  /// A new string of a stretch of another one's bytes; the string itself where that is all of it.
  @inline(__always)
  func piece(_ string: Ref<StringObject>, _ start: Int, _ end: Int) -> Value {
    if start == 0, end == string.byteCount { return Value(string) }
    return Value(
      machine.heap.pointee.newString(
        UnsafeBufferPointer(start: string.bytes + start, count: end - start)))
  }

  /// A new string of bytes that are valid UTF-8.
  func text(_ bytes: [UInt8]) throws -> Value {
    try machine.checkRoom(bytes.count)
    return bytes.withUnsafeBufferPointer { Value(machine.heap.pointee.newString($0)) }
  }

  /// A new list.
  func newList(capacity: Int = 4) -> Ref<ListObject> {
    machine.heap.pointee.newList(capacity: capacity)
  }

  /// Appends to a list.
  @inline(__always)
  func append(_ value: Value, to list: Ref<ListObject>) {
    machine.heap.pointee.append(value, to: list)
  }

  /// An Int argument that has to be at least so large.
  func int(_ index: Int, atLeast least: Int) throws -> Int {
    let value = try int(index)
    guard value >= least else {
      let name = native.function.signature.parameters[index].name
      throw fail(.value, "`\(name)` is at least \(least), got \(value)", argument: index)
    }
    return value
  }

  /// Polls for an interrupt every 4096 steps.
  @inline(__always)
  func poll(_ step: Int) throws {
    if step & 0xFFF == 0xFFF { try checkInterrupt() }
  }
}
