import CKernels
import MDMJSON

/// A safetensors file: a JSON header and the tensors' bytes.
///
/// Format: 8 bytes header length, little-endian; the header; then the data that it points into. As the
/// format demands, the tensors must cover the data without gaps and overlaps.
package struct Safetensors: Sendable {
  private struct Entry {
    var type: String
    var shape: [Int]
    var range: Range<Int>
  }

  private let file: FileBytes
  private var entries: [String: Entry] = [:]
  private static let sizes = [
    "F64": 8, "I64": 8, "U64": 8, "F32": 4, "I32": 4, "U32": 4, "F16": 2, "BF16": 2, "I16": 2,
    "U16": 2, "I8": 1, "U8": 1, "BOOL": 1, "F8_E4M3": 1, "F8_E5M2": 1,
  ]
  /// The longest header that the format's own reader takes.
  private static let longestHeader = 100_000_000

  /// Checks the header of a file in memory.
  package init(_ bytes: [UInt8]) throws(ModelError) { try self.init(FileBytes(bytes)) }

  /// Checks the header; the numbers are checked when they are read.
  package init(_ file: FileBytes) throws(ModelError) {
    self.file = file
    let bytes = file.bytes
    guard bytes.count >= 8 else {
      throw .malformedSafetensors(reason: "has only \(bytes.count) bytes")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(bytes.count - 8), length <= Self.longestHeader else {
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
      var size: Int? = Self.sizes[type]
      for side in shape {
        size = size.flatMap { $0.multipliedReportingOverflow(by: side).overflow ? nil : $0 * side }
      }
      guard size == offsets[1] - offsets[0] else {
        throw .malformedSafetensors(
          reason: "has \(offsets[1] - offsets[0]) bytes for `\(name)`, \(type) of \(shape)")
      }
      entries[name] = Entry(
        type: type, shape: shape, range: (start + offsets[0])..<(start + offsets[1]))
    }
    var end = start
    for (name, entry) in entries.sorted(by: {
      $0.value.range.lowerBound < $1.value.range.lowerBound
    })
    where !entry.range.isEmpty {
      guard entry.range.lowerBound == end else {
        throw .malformedSafetensors(reason: "has a gap or an overlap before `\(name)`")
      }
      end = entry.range.upperBound
    }
    guard end == bytes.count else {
      throw .malformedSafetensors(reason: "has \(bytes.count - end) bytes behind its last tensor")
    }
  }

  /// The names of all tensors.
  package var names: [String] { entries.keys.sorted() }

  /// The shape of a tensor, or nil.
  package func shape(of name: String) -> [Int]? { entries[name]?.shape }

  /// The bytes of a tensor.
  package func data(of name: String) throws(ModelError) -> [UInt8] {
    guard let entry = entries[name] else { throw .missingTensor(name: name) }
    return Array(file.bytes[entry.range])
  }

  /// The type of a tensor's numbers as the format writes it, or nil.
  package func type(of name: String) -> String? { entries[name]?.type }

  /// The bytes of a bfloat16 tensor of the given shape, whose numbers are all finite.
  func halves(_ name: String, shape: [Int]) throws(ModelError) -> UnsafeRawPointer {
    let data = try data(of: name, shape: shape)
    guard let start = data.baseAddress else { throw .missingTensor(name: name) }
    let bad = mdm_first_infinite_half(start, data.count / 2)
    if bad >= 0 { throw Self.infinite(name, bad) }
    return start
  }

  private func data(
    of name: String, shape: [Int]
  ) throws(ModelError) -> UnsafeRawBufferPointer {
    guard let entry = entries[name] else { throw .missingTensor(name: name) }
    guard entry.shape == shape else {
      throw .wrongShape(name: name, expected: shape, found: entry.shape)
    }
    return UnsafeRawBufferPointer(rebasing: file.bytes[entry.range])
  }

  private static func infinite(_ name: String, _ place: Int) -> ModelError {
    .malformedSafetensors(reason: "holds a number that is not finite, `\(name)`[\(place)]")
  }

  /// Reads a tensor of type F32, F16 or BF16 and of the given shape as floats.
  package func read(
    _ name: String, shape: [Int], into output: UnsafeMutablePointer<Float>
  ) throws(ModelError) {
    let data = try data(of: name, shape: shape)
    let count = shape.reduce(1, *)
    // The exponent of what is not finite has all its bits set.
    var isFinite = true
    func put(_ i: Int, _ value: Float) {
      output[i] = value
      isFinite = isFinite && value.bitPattern & 0x7F80_0000 != 0x7F80_0000
    }
    let type = type(of: name) ?? ""
    switch type {
    case "F32":
      for i in 0..<count {
        let bits = data.loadUnaligned(fromByteOffset: i * 4, as: UInt32.self)
        put(i, Float(bitPattern: UInt32(littleEndian: bits)))
      }
    case "BF16":
      for i in 0..<count {
        let bits = data.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)
        put(i, Float(bitPattern: UInt32(UInt16(littleEndian: bits)) << 16))
      }
    case "F16":
      for i in 0..<count {
        let bits = data.loadUnaligned(fromByteOffset: i * 2, as: UInt16.self)
        put(i, Self.half(UInt16(littleEndian: bits)))
      }
    default:
      throw .malformedSafetensors(reason: "stores `\(name)` as \(type), not as floats")
    }
    if !isFinite {
      throw Self.infinite(name, (0..<count).first { !output[$0].isFinite } ?? 0)
    }
  }

  /// Reads a tensor of any shape as floats.
  package func floats(_ name: String) throws(ModelError) -> [Float] {
    guard let entry = entries[name] else { throw .missingTensor(name: name) }
    let storage = WeightStorage(count: entry.shape.reduce(1, *))
    try read(name, shape: entry.shape, into: storage.base)
    return Array(UnsafeBufferPointer(start: storage.base, count: storage.count))
  }

  private static func half(_ bits: UInt16) -> Float {
    let sign: Float = bits & 0x8000 == 0 ? 1 : -1
    let exponent = Int(bits >> 10 & 31)
    let fraction = Float(bits & 1023)
    if exponent == 0 { return sign * fraction * 0x1p-24 }
    if exponent == 31 { return fraction == 0 ? sign * .infinity : .nan }
    return sign * Float(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
  }
}
