import Fixtures
import MDMImages
import Testing

/// Files that Pillow wrote, and the pixels that it reads from them: Tests/Fixtures/make_images.py.
@Suite struct ImageFormatTests {
  static func bytes(_ name: String) throws -> [UInt8] { try Fixture("images/" + name).bytes() }

  static func pixels(_ name: String) throws -> RGBImage {
    let bytes = try bytes(name)
    let (w, h) = (Int(bytes[0]) + Int(bytes[1]) * 256, Int(bytes[2]) + Int(bytes[3]) * 256)
    return RGBImage(width: w, height: h, pixels: Array(bytes.dropFirst(4)))
  }

  static func difference(_ a: RGBImage, _ b: RGBImage) -> Int {
    guard a.width == b.width, a.height == b.height else { return 256 }
    return zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
  }

  @Test(arguments: [
    "rgb.png", "alpha.png", "gray.png", "palette.png", "transparent-palette.png", "one-bit.png",
    "16-bit.png", "interlaced.png", "one-pixel.png", "animated.png", "turn-6.png", "baseline.jpg",
    "progressive.jpg", "444.jpg", "422.jpg", "gray.jpg", "cmyk.jpg", "turn-2.jpg", "turn-3.jpg",
    "turn-4.jpg", "turn-5.jpg", "turn-6.jpg", "turn-7.jpg", "turn-8.jpg", "turn-8.webp",
    "lossy.webp", "lossless.webp", "alpha.webp", "lossy-alpha.webp", "animated.webp", "still.gif",
    "animated.gif",
  ])
  func aFileHasThePixelsThatPillowReads(_ name: String) throws {
    let bytes = try Self.bytes(name)
    let image = try RGBImage.decode(bytes)
    let expected = try Self.pixels(name + ".rgb")
    #expect(Self.difference(image, expected) == 0)
    let header = try ImageHeader(bytes)
    #expect(header.width == expected.width && header.height == expected.height)
  }

  // The last two shrink more in height than twice as much as in width: columns come first there.
  @Test(arguments: [(20, 61), (27, 19), (53, 18), (50, 7), (80, 5)])
  func resizingGivesPillowsBytes(_ width: Int, _ height: Int) throws {
    let image = try RGBImage.decode(Self.bytes("noise.png"))
    let expected = try Self.pixels("noise-\(width)x\(height).rgb")
    #expect(image.bicubic(width: width, height: height) == expected)
  }

  // First chunks with their checksums: 50,000 pixels and 2^31 - 1 to each side.
  @Test(arguments: [
    [0, 0, 195, 80, 0, 0, 195, 80, 8, 2, 0, 0, 0, 196, 205, 170, 157],
    [127, 255, 255, 255, 127, 255, 255, 255, 8, 2, 0, 0, 0, 155, 171, 156, 49],
  ])
  func aPictureOfTooManyPixelsIsNotDecoded(_ header: [UInt8]) throws {
    var bytes = try Self.bytes("rgb.png")
    bytes.replaceSubrange(16..<33, with: header)
    #expect(throws: ImageError.tooLarge(limit: RGBImage.defaultPixelLimit)) {
      try ImageHeader(bytes)
    }
  }

  @Test func theLongestSideIsCutDown() {
    let image = RGBImage(width: 200, height: 50).fitted(longestSide: 40)
    #expect(image.width == 40 && image.height == 10)
    #expect(RGBImage(width: 30, height: 5).fitted(longestSide: 40).width == 30)
    #expect(RGBImage(width: 9000, height: 1).fitted(longestSide: 10).height == 1)
  }

  @Test(arguments: ["lossless.webp", "progressive.jpg", "rgb.png"])
  func aCutOffFileIsRefused(_ name: String) throws {
    let bytes = try Self.bytes(name)
    for length in stride(from: 12, to: bytes.count - 8, by: 7) {
      #expect(throws: ImageError.self) { try RGBImage.decode(Array(bytes.prefix(length))) }
    }
  }

  @Test func malformedFilesOfEveryKindNeverCrash() throws {
    let originals = try [
      "16-bit.png", "interlaced.png", "transparent-palette.png", "turn-6.jpg", "cmyk.jpg",
      "animated.webp", "lossy-alpha.webp", "animated.gif",
    ].map(Self.bytes)
    var state: UInt64 = 88_172_645_463_325_252
    func random(_ limit: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(limit))
    }
    for round in 0..<3000 {
      var bytes = originals[round % originals.count]
      for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
      if random(6) == 0 { bytes.removeLast(random(bytes.count)) }
      _ = try? RGBImage.decode(bytes, pixelLimit: 1 << 18)
      _ = ImageFormat(of: bytes)
    }
  }

  @Test func longThinImagesAreTakenAndGiantOnesRefused() throws {
    let thin = try RGBImage.decode(RGBImage(width: 20_000, height: 10).encodedPNG())
    #expect(thin.width == 20_000)
    // A header of 50,000 x 50,000 pixels in front of nothing.
    var bytes = try RGBImage(width: 1, height: 1).encodedPNG()
    for (i, byte) in [0, 0, 0xC3, 0x50, 0, 0, 0xC3, 0x50].enumerated() {
      bytes[16 + i] = UInt8(byte)
    }
    #expect(throws: ImageError.self) { try RGBImage.decode(bytes) }
    var gif = try Self.bytes("still.gif")
    gif.replaceSubrange(6..<10, with: [0x50, 0xC3, 0x50, 0xC3])
    #expect(throws: ImageError.tooLarge(limit: RGBImage.defaultPixelLimit)) {
      try RGBImage.decode(gif)
    }
  }

  @Test func aFileThatUnpacksToMoreThanItsSizeIsRefused() throws {
    // One pixel whose compressed rows hold ten million zeros.
    #expect(throws: ImageError.self) { try RGBImage.decode(Self.bytes("bomb.png")) }
  }
}
