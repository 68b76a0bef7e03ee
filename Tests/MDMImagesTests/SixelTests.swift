import MDMImages
import Testing

@Suite struct SixelTests {
  @Test func pixelsAreWrittenBandByBand() {
    var image = RGBImage(width: 2, height: 7, fill: RGBColor(255, 0, 0))
    image.pixels[3 * 13] = 0  // the last pixel of the second band is black
    // Two columns of six red pixels, then a band of one red and one black pixel.
    #expect(
      image.sixel()
        == "\u{1b}Pq\"1;1;2;7#0;2;0;0;0#180;2;100;0;0#180~~-#0?@$#180@?-\u{1b}\\")
  }

  @Test func longRunsAreShortened() {
    #expect(RGBImage(width: 9, height: 6).sixel().contains("#215!9~-"))
  }

  @Test func halfBlocksShowTwoPixelsEach() {
    let image = RGBImage(width: 2, height: 2, fill: RGBColor(1, 2, 3))
    #expect(
      image.halfBlocks(columns: 10) == "\u{1b}[38;2;1;2;3;48;2;1;2;3m▀▀\u{1b}[0m\n")
  }

  @Test func terminalsOf256ColoursGetTheNearest() {
    let image = RGBImage(width: 1, height: 2, fill: RGBColor(255, 0, 100))
    #expect(
      image.halfBlocks(columns: 1, isTrueColor: false) == "\u{1b}[38;5;197;48;5;197m▀\u{1b}[0m\n")
  }
}
