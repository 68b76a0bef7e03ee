/// How stored pixels are turned and mirrored to be shown, numbered as in Exif.
///
/// Source: Exif 2.32 (CIPA DC-008), tag 0x0112; TIFF 6.0 for the layout of the tags.
public enum ImageOrientation: Int, Sendable, CaseIterable {
  case upright = 1
  case mirrored, halfTurn, flipped, transposed, rightTurn, transverse, leftTurn

  /// Whether width and height change places.
  var swapsSides: Bool { rawValue >= 5 }

  /// What a JPEG file says in its Exif segment.
  init(inJPEG bytes: [UInt8]) {
    self = .upright
    var at = 2
    // Segments: FF, marker, length with itself; the scan begins at SOS (DA).
    while at + 4 <= bytes.count, bytes[at] == 0xFF, bytes[at + 1] != 0xDA {
      let length = Int(bytes[at + 2]) << 8 | Int(bytes[at + 3])
      let end = at + 2 + length
      guard length >= 2, end <= bytes.count else { return }
      if bytes[at + 1] == 0xE1 {
        let data = bytes[(at + 4)..<end]
        if data.starts(with: Self.exif) { self = Self(exif: data) }
      }
      at = end
    }
  }

  /// What a PNG file says in its `eXIf` chunk.
  init(inPNG bytes: [UInt8]) {
    self = .upright
    for chunk in PNGChunks(bytes) where chunk.type.elementsEqual("eXIf".utf8) {
      self = Self(exif: chunk.data)
    }
  }

  /// What a block of Exif tags says, with or without the `Exif` in front of it.
  init(exif block: ArraySlice<UInt8>) {
    self = .upright
    let tags = Array(block.starts(with: Self.exif) ? block.dropFirst(6) : block)
    guard tags.count >= 8 else { return }
    let isLittle = tags[0] == UInt8(ascii: "I")
    func short(_ at: Int) -> Int? {
      guard at >= 0, at + 2 <= tags.count else { return nil }
      let (a, b) = (Int(tags[at]), Int(tags[at + 1]))
      return isLittle ? b << 8 | a : a << 8 | b
    }
    guard let low = short(isLittle ? 4 : 6), let high = short(isLittle ? 6 : 4) else { return }
    let directory = high << 16 | low
    guard let count = short(directory) else { return }
    for i in 0..<count {
      let entry = directory + 2 + 12 * i
      guard let tag = short(entry), let value = short(entry + 8) else { return }
      if tag == 0x0112, let known = Self(rawValue: value) { self = known }
    }
  }

  private static let exif: [UInt8] = Array("Exif".utf8) + [0, 0]
}

extension RGBImage {
  /// The image turned as an orientation says.
  func turned(_ orientation: ImageOrientation) -> RGBImage {
    if orientation == .upright { return self }
    let (w, h) = orientation.swapsSides ? (height, width) : (width, height)
    var result = RGBImage(width: w, height: h)
    for y in 0..<h {
      for x in 0..<w {
        let (column, row): (Int, Int)
        switch orientation {
        case .upright: (column, row) = (x, y)
        case .mirrored: (column, row) = (width - 1 - x, y)
        case .halfTurn: (column, row) = (width - 1 - x, height - 1 - y)
        case .flipped: (column, row) = (x, height - 1 - y)
        case .transposed: (column, row) = (y, x)
        case .rightTurn: (column, row) = (y, height - 1 - x)
        case .transverse: (column, row) = (width - 1 - y, height - 1 - x)
        case .leftTurn: (column, row) = (width - 1 - y, x)
        }
        let (from, to) = ((row * width + column) * 3, (y * w + x) * 3)
        for channel in 0..<3 { result.pixels[to + channel] = pixels[from + channel] }
      }
    }
    return result
  }
}
