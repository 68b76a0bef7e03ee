/// A value of Thrift's compact protocol, in which Parquet writes its headers.
///
/// Source: Apache Thrift, thrift-compact-protocol.md.
indirect enum ThriftValue {
  case int(Int64)
  case bool(Bool)
  case double(Double)
  case bytes([UInt8])
  case list([ThriftValue])
  case record([Int: ThriftValue])

  subscript(field: Int) -> ThriftValue? {
    if case .record(let fields) = self { fields[field] } else { nil }
  }

  var int: Int? { if case .int(let value) = self { Int(value) } else { nil } }
  var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
  var items: [ThriftValue]? { if case .list(let items) = self { items } else { nil } }
  var text: String? {
    if case .bytes(let bytes) = self { String(validating: bytes, as: UTF8.self) } else { nil }
  }

  /// Reads a structure.
  init(structIn reader: inout ByteReader, depth: Int = 0) throws(ParquetError) {
    guard depth < 32 else { throw .damaged(reason: "headers nested too deeply") }
    var fields: [Int: ThriftValue] = [:]
    var id = 0
    while true {
      let head = try reader.byte()
      if head == 0 { break }
      let step = Int(head >> 4)
      id = step == 0 ? Int(truncatingIfNeeded: try reader.zigzag()) : id &+ step
      let type = head & 0x0F
      fields[id] =
        type == 1 || type == 2
        ? .bool(type == 1) : try ThriftValue(type: type, in: &reader, depth: depth)
    }
    self = .record(fields)
  }

  private init(type: UInt8, in reader: inout ByteReader, depth: Int) throws(ParquetError) {
    switch type {
    case 1, 2: self = .bool(try reader.byte() == 1)
    case 3: self = .int(Int64(Int8(bitPattern: try reader.byte())))
    case 4, 5, 6: self = .int(try reader.zigzag())
    case 7: self = .double(Double(bitPattern: try reader.number(UInt64.self)))
    case 8:
      let count = try reader.varint()
      guard count <= UInt64(reader.left) else { throw .truncated }
      self = .bytes(Array(try reader.take(Int(count))))
    case 9, 10:
      let head = try reader.byte()
      let count = head >> 4 == 15 ? try reader.varint() : UInt64(head >> 4)
      // Every item takes at least one byte.
      guard count <= UInt64(reader.left), depth < 32 else { throw .truncated }
      var items: [ThriftValue] = []
      items.reserveCapacity(Int(count))
      for _ in 0..<Int(count) {
        items.append(try ThriftValue(type: head & 0x0F, in: &reader, depth: depth + 1))
      }
      self = .list(items)
    case 12: self = try ThriftValue(structIn: &reader, depth: depth + 1)
    default: throw .damaged(reason: "a header field of type \(type)")
    }
  }
}

/// Writes structures of Thrift's compact protocol.
struct ThriftWriter {
  private(set) var bytes: [UInt8] = []
  private var last = [0]

  private mutating func varint(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7F) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func zigzag(_ value: Int) {
    varint(UInt64(bitPattern: Int64(value << 1) ^ Int64(value >> 63)))
  }

  private mutating func field(_ id: Int, _ type: UInt8) {
    let step = id - last[last.count - 1]
    if (1...15).contains(step) {
      bytes.append(UInt8(step) << 4 | type)
    } else {
      bytes.append(type)
      zigzag(id)
    }
    last[last.count - 1] = id
  }

  mutating func int32(_ id: Int, _ value: Int) {
    field(id, 5)
    zigzag(value)
  }

  mutating func int64(_ id: Int, _ value: Int) {
    field(id, 6)
    zigzag(value)
  }

  mutating func text(_ id: Int, _ value: String) {
    field(id, 8)
    string(value)
  }

  private mutating func string(_ value: String) {
    varint(UInt64(value.utf8.count))
    bytes += Array(value.utf8)
  }

  mutating func record(_ id: Int, _ body: (inout ThriftWriter) -> Void) {
    field(id, 12)
    item(body)
  }

  /// A structure inside a list, or the outermost one.
  mutating func item(_ body: (inout ThriftWriter) -> Void) {
    last.append(0)
    body(&self)
    bytes.append(0)
    last.removeLast()
  }

  mutating func records(_ id: Int, count: Int, _ body: (inout ThriftWriter, Int) -> Void) {
    list(id, type: 12, count: count)
    for index in 0..<count { item { body(&$0, index) } }
  }

  mutating func texts(_ id: Int, _ values: [String]) {
    list(id, type: 8, count: values.count)
    for value in values { string(value) }
  }

  mutating func ints(_ id: Int, _ values: [Int]) {
    list(id, type: 5, count: values.count)
    for value in values { zigzag(value) }
  }

  private mutating func list(_ id: Int, type: UInt8, count: Int) {
    field(id, 9)
    if count < 15 {
      bytes.append(UInt8(count) << 4 | type)
    } else {
      bytes.append(0xF0 | type)
      varint(UInt64(count))
    }
  }
}
