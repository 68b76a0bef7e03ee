/// The first picture of a WebP file as a file of its own.
///
/// An animation holds frames (`ANMF`) of 16 bytes of place and time and then a picture's chunks.
/// Frames smaller than the canvas are given as they are. Source: WebP Container Specification.
struct WebPContainer {
  let bytes: [UInt8]
  private(set) var orientation = ImageOrientation.upright

  init(_ file: [UInt8]) throws(ImageError) {
    func size(_ at: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(file[at + $1]) << (8 * $1) }
    }
    guard file.count >= 12, size(4) <= file.count - 8 else {
      throw .truncated(format: "WebP", have: file.count)
    }
    var frame: ArraySlice<UInt8>?
    var at = 12
    while at + 8 <= file.count {
      let type = file[at..<(at + 4)]
      let length = size(at + 4)
      guard length <= file.count - at - 8 else { break }
      let data = file[(at + 8)..<(at + 8 + length)]
      if type.elementsEqual("ANMF".utf8), frame == nil, length > 16 { frame = data.dropFirst(16) }
      if type.elementsEqual("EXIF".utf8) { orientation = ImageOrientation(exif: data) }
      at += 8 + length + length % 2
    }
    guard let frame else {
      bytes = file
      return
    }
    // libwebp reads a still picture whose ALPH chunk stands in front only with a VP8X chunk before.
    var chunks: [UInt8] = []
    if frame.starts(with: Array("ALPH".utf8)) {
      let place = frame.startIndex - 16
      chunks = Array("VP8X".utf8) + [10, 0, 0, 0, 0x10, 0, 0, 0] + file[(place + 6)..<(place + 12)]
    }
    chunks += frame
    bytes =
      Array("RIFF".utf8) + withUnsafeBytes(of: UInt32(chunks.count + 4).littleEndian) { Array($0) }
      + Array("WEBP".utf8) + chunks
  }
}
