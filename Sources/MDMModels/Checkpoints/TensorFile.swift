import MDMJSON

/// Named arrays of numbers in one safetensors file that is written whole or not at all, with a checksum.
package struct TensorFile {
  private enum Content {
    case array([UInt8])
    /// Memory of somebody else, who keeps it until `write` has returned.
    case memory(UnsafeRawBufferPointer)

    func with(_ body: (UnsafeRawBufferPointer) -> Void) {
      switch self {
      case .array(let bytes): bytes.withUnsafeBytes(body)
      case .memory(let bytes): body(bytes)
      }
    }
  }

  private var parts: [(name: String, type: String, count: Int, size: Int, content: Content)] = []
  private var sum = FingerprintHash()
  /// The name of the array that holds the checksum.
  private static let sumName = "sum"

  package init() {}

  /// Adds an array; `type` is its numbers' type as the format names it: F32, F64 or U8.
  package mutating func put(_ name: String, _ type: String, _ bytes: [UInt8]) {
    put(name, type, bytes.count, .array(bytes))
  }

  /// Adds an array whose memory stays until `write` has returned.
  package mutating func put(
    _ name: String, _ type: String, memory bytes: UnsafeRawBufferPointer
  ) { put(name, type, bytes.count, .memory(bytes)) }

  private mutating func put(_ name: String, _ type: String, _ size: Int, _ content: Content) {
    let width = type == "F64" ? 8 : type == "F32" ? 4 : 1
    parts.append((name, type, size / width, size, content))
    content.with { sum.add(name, $0) }
  }

  /// Writes the file beside its place, to the disk, and then over what was there.
  package consuming func write(to path: String) throws(ModelError) {
    let digits = Array("\(sum.value)".utf8)
    parts.append((Self.sumName, "U8", digits.count, digits.count, .array(digits)))
    var members: [JSONNode.Member] = []
    var offset = 0
    for part in parts {
      let range = [offset, offset + part.size].map { JSONNode.integer(Int64($0)) }
      members.append(
        .init(
          name: part.name,
          value: .object([
            .init(name: "dtype", value: .string(part.type)),
            .init(name: "shape", value: .array([.integer(Int64(part.count))])),
            .init(name: "data_offsets", value: .array(range)),
          ])))
      offset += part.size
    }
    var header = JSONNode.object(members).compact
    header += [UInt8](repeating: 0x20, count: (8 - header.count % 8) % 8)
    let parts = parts
    try File.write(to: path) { put in
      withUnsafeBytes(of: UInt64(header.count).littleEndian) { put($0) }
      header.withUnsafeBytes { put($0) }
      for part in parts { part.content.with(put) }
    }
  }

  /// The arrays of a file by their names.
  ///
  /// - Throws: `ModelError` where it cannot be read, is no such file or fails its checksum.
  package static func read(_ path: String) throws(ModelError) -> [String: [UInt8]] {
    let file = try Safetensors(FileBytes(mapping: path))
    var arrays: [String: [UInt8]] = [:]
    for name in file.names { arrays[name] = try file.data(of: name) }
    let digits = arrays.removeValue(forKey: sumName) ?? []
    var sum = FingerprintHash()
    for (name, bytes) in arrays { bytes.withUnsafeBytes { sum.add(name, $0) } }
    guard String(decoding: digits, as: UTF8.self) == "\(sum.value)" else {
      throw .malformedSafetensors(reason: "fails its checksum")
    }
    return arrays
  }
}

extension FingerprintHash {
  /// Adds an array; the order of arrays makes no difference.
  fileprivate mutating func add(_ name: String, _ bytes: UnsafeRawBufferPointer) {
    var part = FingerprintHash()
    for byte in name.utf8 { part.add(UInt64(byte)) }
    part.add(bytes)
    value = value &+ part.value
  }
}
