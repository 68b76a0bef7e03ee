import MDMImages
import Testing

@Suite struct CanvasTests {
  private let red = RGBColor(255, 0, 0)

  private func count(_ canvas: Canvas, _ color: RGBColor) -> Int {
    let image = canvas.image
    return (0..<(image.width * image.height)).count {
      image.color(x: $0 % image.width, y: $0 / image.width) == color
    }
  }

  @Test func aRectangleCoversItsPixelsOnly() {
    var canvas = Canvas(width: 10, height: 8)
    canvas.fillRectangle(x: 2, y: 3, width: 4, height: 2, red)
    #expect(count(canvas, red) == 8)
    #expect(canvas.image.color(x: 2, y: 3) == red)
    #expect(canvas.image.color(x: 6, y: 3) == .white)
  }

  @Test func figuresOutsideTheImageAreCutOff() {
    var canvas = Canvas(width: 6, height: 6)
    canvas.fillRectangle(x: -4, y: 4, width: 100, height: Int.max, red)
    #expect(count(canvas, red) == 12)
    canvas.fillCircle(x: -1e9, y: 1e30, radius: 3, red)
    canvas.fillPolygon([Point(.nan, 0), Point(1, 1), Point(2, .infinity)], red)
    canvas.line(from: Point(-50, -50), to: Point(-40, -10), width: 9, red)
    canvas.text("outside", x: 100, y: -100, red)
    #expect(count(canvas, red) == 12)
  }

  @Test func aCircleHasTheAreaOfACircle() {
    var canvas = Canvas(width: 64, height: 64)
    canvas.fillCircle(x: 32, y: 32, radius: 24, red)
    #expect(abs(Double(count(canvas, red)) - 1809.6) < 30)
  }

  @Test func aTriangleHasHalfTheAreaOfItsSquare() {
    var canvas = Canvas(width: 40, height: 40)
    canvas.fillTriangle(Point(0, 0), Point(40, 0), Point(0, 40), red)
    #expect(abs(count(canvas, red) - 800) <= 40)
  }

  @Test func anArrowEndsAtItsTip() {
    var canvas = Canvas(width: 40, height: 20)
    canvas.arrow(from: Point(2, 10), to: Point(36, 10), width: 3, head: 9, red)
    #expect(canvas.image.color(x: 3, y: 10) == red)
    #expect(canvas.image.color(x: 34, y: 10) == red)
    #expect(canvas.image.color(x: 37, y: 10) == .white)
    #expect(canvas.image.color(x: 28, y: 7) == red)  // the head is wider than the line
    #expect(canvas.image.color(x: 20, y: 7) == .white)
  }

  @Test func everyPrintableCharacterButTheSpaceIsDrawnAndDiffers() {
    var seen: Set<[UInt8]> = []
    for code in 33...126 {
      var canvas = Canvas(width: 6, height: 9)
      canvas.text(String(UnicodeScalar(UInt8(code))), x: 0, y: 0, red)
      #expect(count(canvas, red) > 0)
      seen.insert(canvas.image.pixels)
    }
    #expect(seen.count == 94)
  }

  @Test func aCharacterWithoutGlyphBecomesAQuestionMark() {
    var (a, b) = (Canvas(width: 6, height: 9), Canvas(width: 6, height: 9))
    a.text("é", x: 0, y: 0, red)
    b.text("?", x: 0, y: 0, red)
    #expect(a.image == b.image)
  }

  @Test func scalingRepeatsPixelsAndBackAgainIsTheSame() {
    var canvas = Canvas(width: 5, height: 4)
    canvas.fillRectangle(x: 1, y: 1, width: 2, height: 2, red)
    let large = canvas.image.scaled(by: 3)
    #expect(large.width == 15 && large.height == 12)
    #expect(large.color(x: 8, y: 8) == red && large.color(x: 9, y: 8) == .white)
    #expect(large.resized(width: 5, height: 4) == canvas.image)
  }

  @Test func resizingAnEmptyImageGivesAWhiteOne() {
    #expect(
      RGBImage(width: 0, height: 3).resized(width: 2, height: 2).pixels.allSatisfy { $0 == 255 })
  }
}
