import MDMImages
import MDMNumerics
import Testing

@Suite struct ImageFileTests {
  private func picture() -> RGBImage {
    var canvas = Canvas(width: 13, height: 7)
    canvas.fillCircle(x: 6, y: 3, radius: 3, RGBColor(10, 200, 30))
    canvas.text("ab", x: 1, y: 0, .black)
    return canvas.image
  }

  private func error(_ bytes: [UInt8]) -> ImageError? {
    do throws(ImageError) {
      _ = try RGBImage.decode(bytes)
      return nil
    } catch { return error }
  }

  @Test func aPNGFileGivesItsPixelsBack() throws {
    #expect(try RGBImage.decode(picture().encodedPNG()) == picture())
  }

  @Test func aJPEGFileIsDecoded() throws {
    let image = try RGBImage.decode(SampleJPEG.bytes)
    #expect(image.width == 16 && image.height == 16)
    let corner = try #require(image.color(x: 1, y: 1))
    #expect(corner.red > 180 && corner.blue < 90)
  }

  @Test func everyTruncatedPNGSaysSo() throws {
    let bytes = try picture().encodedPNG()
    for length in 1..<bytes.count {
      #expect(error(Array(bytes.prefix(length))) == .truncated(format: "PNG", have: length))
    }
  }

  @Test func aTruncatedJPEGSaysSo() {
    let half = Array(SampleJPEG.bytes.prefix(SampleJPEG.bytes.count / 2))
    #expect(error(half) == .truncated(format: "JPEG", have: half.count))
  }

  @Test func anEmptyOrForeignFileIsNoImage() {
    #expect(error([]) == .unknownFormat)
    #expect(error(Array("BM and more".utf8)) == .unknownFormat)
  }

  @Test func aChangedByteIsFoundByItsChecksum() throws {
    var bytes = try picture().encodedPNG()
    bytes[20] ^= 1
    guard case .damaged(format: "PNG", let reason) = error(bytes) else {
      Issue.record("not found to be damaged")
      return
    }
    #expect(reason.contains("checksum"))
  }

  @Test func malformedFilesNeverCrash() throws {
    let originals = [try picture().encodedPNG(), SampleJPEG.bytes]
    var stream = RandomStream(seed: 3, purpose: "fuzz")
    for round in 0..<4000 {
      var bytes = originals[round % 2]
      for _ in 0..<stream.integer(in: 1...6) {
        bytes[stream.integer(below: bytes.count)] = UInt8(stream.integer(below: 256))
      }
      if stream.integer(below: 4) == 0 { bytes.removeLast(stream.integer(below: bytes.count)) }
      if let image = try? RGBImage.decode(bytes, pixelLimit: 1 << 20) {
        #expect(image.pixels.count == image.width * image.height * 3)
      }
    }
  }

  @Test func tooManyPixelsAreRefused() throws {
    let bytes = try picture().encodedPNG()
    #expect(throws: ImageError.tooLarge(limit: 50)) { try RGBImage.decode(bytes, pixelLimit: 50) }
  }

  @Test func anEmptyImageCannotBeEncoded() {
    #expect(throws: ImageError.cannotEncode(width: 0, height: 4)) {
      try RGBImage(width: 0, height: 4).encodedPNG()
    }
  }

  @Test func everyErrorHasAMessageAndAHint() {
    let errors: [ImageError] = [
      .unknownFormat, .truncated(format: "PNG", have: 3), .damaged(format: "PNG", reason: "x"),
      .tooLarge(limit: 5), .unreadable(reason: "x"), .cannotEncode(width: 0, height: 0),
    ]
    for error in errors { #expect(!error.description.isEmpty && !error.hint.isEmpty) }
  }
}
