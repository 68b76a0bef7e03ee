/// A safetensors file in memory: a JSON header and the tensors' bytes.
///
/// Format: 8 bytes header length, little-endian; the header; then the data that it points into.
package struct Safetensors {
  private struct Entry {
    var type: String
    var shape: [Int]
    var range: Range<Int>
  }

  private let bytes: [UInt8]
  private var entries: [String: Entry] = [:]

  /// Checks the header; the tensors' bytes are checked when they are read.
  package init(_ bytes: [UInt8]) throws(ModelError) {
    self.bytes = bytes
    guard bytes.count >= 8 else {
      throw .malformedSafetensors(reason: "has only \(bytes.count) bytes")
    }
    let length = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[$1]) << UInt64(8 * $1) }
    guard length <= UInt64(bytes.count - 8) else {
      throw .malformedSafetensors(reason: "is shorter than its header says")
    }
    let start = 8 + Int(length)
    let header = try ModelError.document(Array(bytes[8..<start]), "the safetensors header")
    guard let members = header.members else {
      throw .malformedSafetensors(reason: "has a header that is not an object")
    }
    for member in members where member.name != "__metadata__" {
      let (name, value) = (member.name, member.value)
      guard let type = value["dtype"]?.text,
        let shape = value["shape"]?.elements?.compactMap(\.integer),
        shape.count == value["shape"]?.elements?.count, shape.allSatisfy({ $0 >= 0 }),
        let offsets = value["data_offsets"]?.elements?.compactMap(\.integer), offsets.count == 2,
        0 <= offsets[0], offsets[0] <= offsets[1]
      else { throw .malformedSafetensors(reason: "describes `\(name)` in a way it should not") }
      guard offsets[1] <= bytes.count - start else {
        throw .malformedSafetensors(reason: "ends before the data of `\(name)`")
      }
      entries[name] = Entry(
        type: type, shape: shape, range: (start + offsets[0])..<(start + offsets[1]))
    }
  }

  /// The names of all tensors.
  package var names: [String] { entries.keys.sorted() }

  /// The shape of a tensor, or nil.
  package func shape(of name: String) -> [Int]? { entries[name]?.shape }

  /// The bytes of a tensor.
  package func data(of name: String) throws(ModelError) -> ArraySlice<UInt8> {
    guard let entry = entries[name] else { throw .missingTensor(name: name) }
    return bytes[entry.range]
  }

  /// Reads a tensor of type F32, F16 or BF16 and of the given shape as floats.
  package func read(
    _ name: String, shape: [Int], into output: UnsafeMutablePointer<Float>
  ) throws(ModelError) {
    guard let entry = entries[name] else { throw .missingTensor(name: name) }
    guard entry.shape == shape else {
      throw .wrongShape(name: name, expected: shape, found: entry.shape)
    }
    let count = shape.reduce(1, *)
    let size = entry.type == "F32" ? 4 : 2
    guard ["F32", "F16", "BF16"].contains(entry.type) else {
      throw .malformedSafetensors(reason: "stores `\(name)` as \(entry.type), not as floats")
    }
    guard entry.range.count == count * size else {
      throw .malformedSafetensors(reason: "has \(entry.range.count) bytes for `\(name)`")
    }
    bytes.withUnsafeBytes { data in
      for i in 0..<count {
        let at = entry.range.lowerBound + i * size
        switch entry.type {
        case "F32":
          let bits = data.loadUnaligned(fromByteOffset: at, as: UInt32.self)
          output[i] = Float(bitPattern: UInt32(littleEndian: bits))
        case "BF16":
          let bits = data.loadUnaligned(fromByteOffset: at, as: UInt16.self)
          output[i] = Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16)
        default:
          let bits = data.loadUnaligned(fromByteOffset: at, as: UInt16.self)
          output[i] = Self.half(UInt16(littleEndian: bits))
        }
      }
    }
    if let bad = (0..<count).first(where: { !output[$0].isFinite }) {
      throw .malformedSafetensors(reason: "holds a number that is not finite, `\(name)`[\(bad)]")
    }
  }

  /// Reads a tensor of any shape as floats.
  package func floats(_ name: String) throws(ModelError) -> [Float] {
    guard let entry = entries[name] else { throw .missingTensor(name: name) }
    var count = 0
    for (i, size) in entry.shape.enumerated() {
      count = i == 0 ? size : count.multipliedReportingOverflow(by: size).partialValue
    }
    guard entry.range.count == count * 4, count >= 0 else {
      throw .malformedSafetensors(reason: "has \(entry.range.count) bytes for `\(name)`")
    }
    let storage = WeightStorage(count: count)
    try read(name, shape: entry.shape, into: storage.base)
    return Array(UnsafeBufferPointer(start: storage.base, count: count))
  }

  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    if exponent == 0 { return sign * fraction * 0x1p-24 }
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    return sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
  }

  /// The file of all tensors of a layout.
  static func bytes(of layout: ParameterLayout, weights: WeightStorage) -> [UInt8] {
    var header = "{\"__metadata__\":{\"format\":\"pt\"}"
    for tensor in layout.tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      header +=
        ",\"\(tensor.name)\":{\"dtype\":\"F32\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(tensor.offset * 4),\((tensor.offset + tensor.count) * 4)]}"
    }
    header += "}"
    while header.utf8.count % 8 != 0 { header += " " }
    var result: [UInt8] = []
    result.reserveCapacity(8 + header.utf8.count + weights.count * 4)
    for i in 0..<8 { result.append(UInt8(truncatingIfNeeded: header.utf8.count >> (8 * i))) }
    result += Array(header.utf8)
    for i in 0..<weights.count {
      let bits = weights.base[i].bitPattern.littleEndian
      withUnsafeBytes(of: bits) { result.append(contentsOf: $0) }
    }
    return result
  }
}
