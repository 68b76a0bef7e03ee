import Glibc

extension Ref<StringObject> {
  @inline(__always) var bytes: UnsafeMutablePointer<UInt8> { pointer.pointee.bytes }

  @inline(__always) var buffer: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes, count: pointer.pointee.byteCount)
  }

  /// The text as a Swift string.
  var text: String { String(decoding: buffer, as: UTF8.self) }

  /// The number of Unicode scalars.
  var length: Int {
    let known = pointer.pointee.scalarCount
    if known >= 0 { return known }
    var count = 0
    for byte in buffer where byte & 0xC0 != 0x80 { count += 1 }
    pointer.pointee.scalarCount = count
    return count
  }

  @inline(__always) var isASCII: Bool { length == pointer.pointee.byteCount }

  /// The hash of the bytes, never 0.
  var hashValue: UInt64 {
    let known = pointer.pointee.hash
    if known != 0 { return known }
    let hash = StringHash.of(buffer)
    pointer.pointee.hash = hash
    return hash
  }

  /// The byte offset of a scalar position from 0 through `length`.
  func byteOffset(ofScalar position: Int) -> Int {
    if isASCII { return position }
    var scalar = 0
    var byte = 0
    if pointer.pointee.cursorScalar <= position {
      scalar = Int(pointer.pointee.cursorScalar)
      byte = Int(pointer.pointee.cursorByte)
    }
    let bytes = buffer
    while scalar < position, byte < bytes.count {
      byte += 1
      while byte < bytes.count, bytes[byte] & 0xC0 == 0x80 { byte += 1 }
      scalar += 1
    }
    if byte <= Int(UInt32.max) {
      pointer.pointee.cursorScalar = UInt32(scalar)
      pointer.pointee.cursorByte = UInt32(byte)
    }
    return byte
  }

  /// The scalar position of a byte offset.
  func scalarPosition(ofByte offset: Int) -> Int {
    if isASCII { return offset }
    var count = 0
    for byte in buffer[0..<offset] where byte & 0xC0 != 0x80 { count += 1 }
    return count
  }

  func equals(_ other: Ref<StringObject>) -> Bool {
    if pointer == other.pointer { return true }
    let count = pointer.pointee.byteCount
    if count != other.byteCount { return false }
    if pointer.pointee.isSymbol && other.isSymbol { return false }
    if pointer.pointee.hash != 0, other.hash != 0, pointer.pointee.hash != other.hash {
      return false
    }
    // Keys are short: two overlapping loads instead of a call.
    if count >= 8, count <= 16 {
      let (left, right) = (UnsafeRawPointer(bytes), UnsafeRawPointer(other.bytes))
      let head = left.loadUnaligned(as: UInt64.self) ^ right.loadUnaligned(as: UInt64.self)
      let tail =
        (left + count - 8).loadUnaligned(as: UInt64.self)
        ^ (right + count - 8).loadUnaligned(as: UInt64.self)
      return head | tail == 0
    }
    return memcmp(bytes, other.bytes, count) == 0
  }

  /// Order by Unicode scalars, which in UTF-8 is the order of the bytes.
  func compare(_ other: Ref<StringObject>) -> Int {
    let common = min(pointer.pointee.byteCount, other.byteCount)
    let order = Int(memcmp(bytes, other.bytes, common))
    return order != 0 ? order : pointer.pointee.byteCount - other.byteCount
  }

  /// The first position of a text at or after an offset, in bytes.
  func find(_ part: UnsafeBufferPointer<UInt8>, from offset: Int = 0) -> Int? {
    let count = pointer.pointee.byteCount
    if part.isEmpty { return offset <= count ? offset : nil }
    guard let start = part.baseAddress else { return nil }
    var position = offset
    while count - position >= part.count {
      guard let hit = memchr(bytes + position, Int32(part[0]), count - position - part.count + 1)
      else { return nil }
      position = hit - UnsafeMutableRawPointer(bytes)
      if memcmp(hit, start, part.count) == 0 { return position }
      position += 1
    }
    return nil
  }
}

/// The hash of string keys: eight bytes at a time, multiplied and folded.
enum StringHash {
  static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var hash: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(bytes.count)
    var position = 0
    let raw = UnsafeRawBufferPointer(bytes)
    while position + 8 <= bytes.count {
      hash = mix(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    var rest: UInt64 = 0
    while position < bytes.count {
      rest = rest << 8 | UInt64(bytes[position])
      position += 1
    }
    hash = mix(hash ^ rest)
    return hash == 0 ? 1 : hash
  }

  @inline(__always) static func mix(_ value: UInt64) -> UInt64 {
    let product = value.multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
    return product.high ^ product.low
  }
}

/// The interned strings of a machine: field names, constants, single characters. They never die.
struct SymbolTable {
  private var table: UnsafeMutablePointer<UnsafeMutablePointer<StringObject>?>
  private var capacity = 512
  private(set) var count = 0

  init() {
    table = .allocate(capacity: 512)
    table.initialize(repeating: nil, count: 512)
  }

  /// The symbol with these bytes, if there is one.
  func find(_ bytes: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Ref<StringObject>? {
    var position = Int(truncatingIfNeeded: hash) & (capacity - 1)
    while let candidate = table[position] {
      let string = Ref(candidate)
      if string.hash == hash, string.byteCount == bytes.count,
        string.buffer.elementsEqual(bytes)
      {
        return string
      }
      position = (position + 1) & (capacity - 1)
    }
    return nil
  }

  /// The symbol that equals a string, if there is one.
  @inline(__always)
  func find(_ string: Ref<StringObject>) -> Ref<StringObject>? {
    string.isSymbol ? string : find(string.buffer, hash: string.hashValue)
  }

  mutating func intern(_ text: String) -> Ref<StringObject> {
    var text = text
    return text.withUTF8 { intern($0) }
  }

  mutating func intern(_ bytes: [UInt8]) -> Ref<StringObject> {
    bytes.withUnsafeBufferPointer { intern($0) }
  }

  mutating func intern(_ bytes: UnsafeBufferPointer<UInt8>) -> Ref<StringObject> {
    let hash = StringHash.of(bytes)
    if let known = find(bytes, hash: hash) { return known }
    if (count + 1) * 2 > capacity { grow() }
    guard let raw = malloc(Heap.stringHeader + bytes.count) else { Heap.outOfMemory() }
    let pointer = raw.assumingMemoryBound(to: StringObject.self)
    pointer.initialize(
      to: StringObject(
        header: Header(kind: .string, isImmortal: true), isSymbol: true, byteCount: bytes.count,
        bytes: (raw + Heap.stringHeader).assumingMemoryBound(to: UInt8.self), hash: hash))
    let symbol = Ref(pointer)
    if let start = bytes.baseAddress { symbol.bytes.update(from: start, count: bytes.count) }
    insert(pointer)
    count += 1
    return symbol
  }

  private func insert(_ symbol: UnsafeMutablePointer<StringObject>) {
    var position = Int(truncatingIfNeeded: symbol.pointee.hash) & (capacity - 1)
    while table[position] != nil { position = (position + 1) & (capacity - 1) }
    table[position] = symbol
  }

  private mutating func grow() {
    let old = table
    let oldCapacity = capacity
    capacity *= 2
    table = .allocate(capacity: capacity)
    table.initialize(repeating: nil, count: capacity)
    for position in 0..<oldCapacity {
      if let symbol = old[position] { insert(symbol) }
    }
    old.deallocate()
  }

  func destroy() {
    for position in 0..<capacity { free(table[position]) }
    table.deallocate()
  }
}
