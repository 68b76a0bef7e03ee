import CStbImage
import CTurboJPEG
import CWebP

/// What an image file says of itself before its pixels are decoded.
public struct ImageHeader: Sendable, Equatable {
  public let format: ImageFormat
  /// The size as it is shown, after turning.
  public let width: Int
  public let height: Int
  /// How the stored pixels are turned to be shown.
  public let orientation: ImageOrientation

  /// The header of a file.
  ///
  /// - Throws: `ImageError` for foreign, cut-off and damaged files and for too many pixels.
  public init(_ bytes: [UInt8], pixelLimit: Int = RGBImage.defaultPixelLimit) throws(ImageError) {
    guard let format = ImageFormat(of: bytes) else {
      let png = ImageFormat.pngSignature
      if !bytes.isEmpty, bytes.count < png.count, png.starts(with: bytes) {
        throw .truncated(format: "PNG", have: bytes.count)
      }
      throw .unknownFormat
    }
    self.format = format
    var (w, h): (Int32, Int32) = (0, 0)
    var orientation = ImageOrientation.upright
    var reason: String?
    switch format {
    case .png:
      try Self.checkPNG(bytes)
      // stb_image calls what is too large an unknown type.
      if let size = PNGChunks(bytes).size, size.height > 0,
        size.width > max(pixelLimit, 0) / size.height
      {
        throw .tooLarge(limit: pixelLimit)
      }
      orientation = ImageOrientation(inPNG: bytes)
      var text: UnsafePointer<CChar>?
      if mdm_stb_size(bytes, bytes.count, &w, &h, &text) != 0 {
        reason = text.map { String(cString: $0) } ?? "wrong header"
      }
    case .gif:
      var text: UnsafePointer<CChar>?
      if mdm_stb_size(bytes, bytes.count, &w, &h, &text) != 0 {
        reason = text.map { String(cString: $0) } ?? "wrong header"
      }
    case .jpeg:
      try Self.checkJPEG(bytes)
      orientation = ImageOrientation(inJPEG: bytes)
      var text = [CChar](repeating: 0, count: 200)
      if mdm_jpeg_size(bytes, bytes.count, &w, &h, &text) != 0 { reason = Self.text(text) }
    case .webP:
      let still = try WebPContainer(bytes)
      orientation = still.orientation
      if mdm_webp_size(still.bytes, still.bytes.count, &w, &h) != 0 { reason = "wrong header" }
    }
    if let reason { throw .damaged(format: format.rawValue, reason: reason) }
    guard w > 0, h > 0 else { throw .damaged(format: format.rawValue, reason: "no pixels") }
    guard Int(w) <= max(pixelLimit, 0) / Int(h) else { throw .tooLarge(limit: pixelLimit) }
    self.orientation = orientation
    (width, height) = orientation.swapsSides ? (Int(h), Int(w)) : (Int(w), Int(h))
  }

  static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  // stb_image skips checksums and forgives missing ends, so a file cut off in transfer would
  // become a picture that is silently half empty.
  private static func checkPNG(_ bytes: [UInt8]) throws(ImageError) {
    for chunk in PNGChunks(bytes) {
      switch chunk.fault {
      case .cutOff: throw .truncated(format: "PNG", have: bytes.count)
      case .badLength:
        throw .damaged(format: "PNG", reason: "a chunk of impossible length at byte \(chunk.start)")
      case .badChecksum:
        throw .damaged(format: "PNG", reason: "wrong checksum at byte \(chunk.start)")
      case nil: continue
      }
    }
  }

  private static func checkJPEG(_ bytes: [UInt8]) throws(ImageError) {
    // Some cameras append bytes after the end marker, so it is looked for anywhere in the tail.
    let tail = bytes.suffix(64 * 1024)
    let ends = zip(tail, tail.dropFirst()).contains { $0 == 0xFF && $1 == 0xD9 }
    guard ends else { throw .truncated(format: "JPEG", have: bytes.count) }
  }
}
