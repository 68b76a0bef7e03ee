import CCompression

/// The chunks of a PNG file up to its end, or to the first one that is wrong.
///
/// A chunk is its length, a type of four letters, data, and the checksum of type and data.
/// Source: PNG specification (third edition), section 5.3.
struct PNGChunks: Sequence, IteratorProtocol {
  enum Fault { case cutOff, badLength, badChecksum }

  struct Chunk {
    /// The place of its length in the file.
    let start: Int
    let type: ArraySlice<UInt8>
    let data: ArraySlice<UInt8>
    let fault: Fault?
  }

  private let bytes: [UInt8]
  private var at = ImageFormat.pngSignature.count
  private var isDone = false

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Chunk? {
    guard !isDone else { return nil }
    let start = at
    func wrong(_ fault: Fault) -> Chunk { Chunk(start: start, type: [], data: [], fault: fault) }
    isDone = true
    guard bytes.count - at >= 12 else { return wrong(.cutOff) }
    let length = word(at)
    guard length <= 0x7FFF_FFFF else { return wrong(.badLength) }
    guard bytes.count - at - 12 >= length else { return wrong(.cutOff) }
    let sum = bytes.withUnsafeBufferPointer {
      mdm_crc32($0.baseAddress! + start + 4, length + 4)
    }
    guard Int(sum) == word(at + 8 + length) else { return wrong(.badChecksum) }
    at += 12 + length
    let type = bytes[(start + 4)..<(start + 8)]
    isDone = type.elementsEqual("IEND".utf8)
    return Chunk(start: start, type: type, data: bytes[(start + 8)..<(at - 4)], fault: nil)
  }

  /// Width and height as the first chunk has them; nil where it is cut off.
  var size: (width: Int, height: Int)? {
    let start = ImageFormat.pngSignature.count + 8
    return bytes.count >= start + 8 ? (word(start), word(start + 4)) : nil
  }

  private func word(_ at: Int) -> Int {
    Int(bytes[at]) << 24 | Int(bytes[at + 1]) << 16 | Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
  }
}
