import CStbImage
import CTurboJPEG
import CWebP

extension RGBImage {
  /// The most pixels that `decode` accepts by default (8192 x 8192).
  public static let defaultPixelLimit = 1 << 26

  /// Decodes a PNG, JPEG, WebP or GIF file, of animations the first picture.
  ///
  /// Transparent pixels are laid over white, 16-bit channels cut to 8, and the picture is turned as
  /// its Exif orientation says.
  ///
  /// - Throws: `ImageError` for anything that is not a whole, undamaged file.
  public static func decode(
    _ bytes: [UInt8], pixelLimit: Int = defaultPixelLimit
  ) throws(ImageError) -> RGBImage {
    try decode(bytes, header: ImageHeader(bytes, pixelLimit: pixelLimit))
  }

  static func decode(_ bytes: [UInt8], header: ImageHeader) throws(ImageError) -> RGBImage {
    let swaps = header.orientation.swapsSides
    let width = swaps ? header.height : header.width
    let height = swaps ? header.width : header.height
    let (w, h) = (Int32(width), Int32(height))
    var status: Int32 = 0
    var reason = ""
    let file = header.format == .webP ? try WebPContainer(bytes).bytes : bytes
    let count = width * height * 3
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, used in
      used = count
      switch header.format {
      case .png, .gif:
        var text: UnsafePointer<CChar>?
        status = mdm_stb_decode(file, file.count, w, h, buffer.baseAddress, &text)
        reason = text.map { String(cString: $0) } ?? ""
      case .jpeg:
        var text = [CChar](repeating: 0, count: 200)
        status = mdm_jpeg_decode(file, file.count, w, h, buffer.baseAddress, &text)
        reason = ImageHeader.text(text)
      case .webP:
        status = mdm_webp_decode(file, file.count, w, h, buffer.baseAddress)
        reason = "wrong data"
      }
      // What a failed decoder leaves unwritten is never shown, but is to be defined.
      if status != 0 { buffer.update(repeating: 0) }
    }
    if status == -2 { throw .truncated(format: header.format.rawValue, have: bytes.count) }
    guard status == 0 else { throw .damaged(format: header.format.rawValue, reason: reason) }
    return RGBImage(width: width, height: height, pixels: pixels).turned(header.orientation)
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
}
