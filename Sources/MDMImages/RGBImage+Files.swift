import CStbImage

extension RGBImage {
  /// The most pixels that `decode` accepts by default (8192 x 8192).
  public static let defaultPixelLimit = 1 << 26

  /// Decodes a PNG or JPEG file; transparent pixels are laid over white.
  ///
  /// - Throws: `ImageError` for anything that is not a whole, undamaged file.
  public static func decode(
    _ bytes: [UInt8], pixelLimit: Int = defaultPixelLimit
  ) throws(ImageError) -> RGBImage {
    let format: String
    if bytes.starts(with: pngSignature) {
      format = "PNG"
      try checkPNG(bytes)
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      format = "JPEG"
      try checkJPEG(bytes)
    } else if bytes.count < pngSignature.count, !bytes.isEmpty, pngSignature.starts(with: bytes) {
      throw .truncated(format: "PNG", have: bytes.count)
    } else {
      throw .unknownFormat
    }
    var (width, height): (Int32, Int32) = (0, 0)
    var memory: UnsafeMutablePointer<UInt8>?
    var reason: UnsafePointer<CChar>?
    let status = mdm_stb_decode(
      bytes, bytes.count, max(pixelLimit, 0), &memory, &width, &height, &reason)
    defer { mdm_stb_free(memory) }
    guard status == 0, let memory else {
      let text = reason.map { String(cString: $0) } ?? "unknown"
      if text.contains("too many pixels") || text == "too large" {
        throw .tooLarge(limit: pixelLimit)
      }
      throw .damaged(format: format, reason: text)
    }
    let count = Int(width) * Int(height) * 3
    return RGBImage(
      width: Int(width), height: Int(height),
      pixels: Array(UnsafeBufferPointer(start: memory, count: count)))
  }

  /// The image as the bytes of a PNG file.
  public func encodedPNG() throws(ImageError) -> [UInt8] {
    var memory: UnsafeMutablePointer<UInt8>?
    var length = 0
    let (w, h) = (Int32(exactly: width) ?? 0, Int32(exactly: height) ?? 0)
    let status = mdm_stb_encode_png(pixels, pixels.count, w, h, &memory, &length)
    defer { mdm_stb_free(memory) }
    guard status == 0, let memory else {
      throw .cannotEncode(width: width, height: height)
    }
    return Array(UnsafeBufferPointer(start: memory, count: length))
  }

  private static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  // stb_image skips checksums and forgives missing ends, so a file cut off in transfer would
  // become a picture that is silently half empty. Chunks: length, type, data, CRC of type + data.
  private static func checkPNG(_ bytes: [UInt8]) throws(ImageError) {
    var at = pngSignature.count
    func word(_ at: Int) -> Int {
      Int(bytes[at]) << 24 | Int(bytes[at + 1]) << 16 | Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
    }
    while true {
      guard bytes.count - at >= 12 else { throw .truncated(format: "PNG", have: bytes.count) }
      let length = word(at)
      guard length <= 0x7FFF_FFFF else {
        throw .damaged(format: "PNG", reason: "a chunk of impossible length at byte \(at)")
      }
      guard bytes.count - at - 12 >= length else {
        throw .truncated(format: "PNG", have: bytes.count)
      }
      let type = bytes[(at + 4)..<(at + 8)]
      let sum = CRC32.checksum(bytes[(at + 4)..<(at + 8 + length)])
      guard Int(sum) == word(at + 8 + length) else {
        throw .damaged(format: "PNG", reason: "wrong checksum at byte \(at)")
      }
      at += 12 + length
      if type.elementsEqual("IEND".utf8) { return }
    }
  }

  private static func checkJPEG(_ bytes: [UInt8]) throws(ImageError) {
    // Some cameras append bytes after the end marker, so it is looked for anywhere in the tail.
    let tail = bytes.suffix(64 * 1024)
    let ends = zip(tail, tail.dropFirst()).contains { $0 == 0xFF && $1 == 0xD9 }
    guard ends else { throw .truncated(format: "JPEG", have: bytes.count) }
  }
}
