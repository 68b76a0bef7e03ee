import MDMImages
import Synchronization
import Testing

@Suite struct LazyImageTests {
  private final class Counter: Sendable {
    let count = Atomic(0)
  }

  private func image(
    _ cache: ImageCache, _ shade: UInt8, side: Int = 10, counter: Counter = Counter()
  ) throws -> LazyImage {
    let bytes = try RGBImage(width: side, height: side, fill: RGBColor(shade, 0, 0)).encodedPNG()
    return LazyImage(cache: cache) { () throws(ImageError) in
      counter.count.add(1, ordering: .relaxed)
      return bytes
    }
  }

  @Test func aFileIsReadOnceWhileTheCacheHasIt() throws {
    let counter = Counter()
    let lazy = try image(ImageCache(), 5, counter: counter)
    for _ in 0..<3 { #expect(try lazy.decoded().color(x: 0, y: 0) == RGBColor(5, 0, 0)) }
    #expect(counter.count.load(ordering: .relaxed) == 1)
    #expect(lazy.width == 10)
  }

  @Test func theCacheKeepsItsBound() throws {
    let cache = ImageCache(limit: 1000)
    let images = try (0..<9).map { try image(cache, $0) }
    for lazy in images + images.reversed() {
      _ = try lazy.decoded()
      #expect(cache.bytes <= 1000)
    }
    #expect(cache.bytes == 900)
    let large = try image(cache, 1, side: 40)
    #expect(try large.decoded().width == 40)
    #expect(cache.bytes == 900)
  }

  @Test func imagesArePreparedByOtherThreads() throws {
    let cache = ImageCache()
    let images = try (0..<40).map { try image(cache, $0) }
    LazyImage.prepare(images)
    let reds = try images.map { try $0.decoded().pixels[0] }
    #expect(reds == Array(0..<40))
  }

  @Test func anErrorComesWhenPixelsAreAskedFor() {
    let lazy = LazyImage(cache: ImageCache()) { () throws(ImageError) in [1, 2, 3] }
    #expect(throws: ImageError.unknownFormat) { try lazy.decoded() }
    #expect(lazy.width == 0)
    LazyImage.prepare([lazy])
  }

  @Test func everyIndexIsVisitedOnce() {
    let sum = Counter()
    Threads.forEach(1000) { sum.count.add($0, ordering: .relaxed) }
    #expect(sum.count.load(ordering: .relaxed) == 499_500)
  }

  @Test func lookAlikesHaveNearHashes() throws {
    var canvas = Canvas(width: 60, height: 40)
    canvas.fillCircle(x: 20, y: 20, radius: 15, RGBColor(200, 40, 40))
    canvas.fillRectangle(x: 40, y: 5, width: 15, height: 30, RGBColor(20, 40, 140))
    let image = canvas.image
    let other = RGBImage(width: 60, height: 40, pixels: image.pixels.reversed())
    func distance(_ a: RGBImage, _ b: RGBImage) -> Int {
      (a.differenceHash ^ b.differenceHash).nonzeroBitCount
    }
    #expect(distance(image, image.bicubic(width: 33, height: 22)) <= 4)
    #expect(distance(image, other) > 10)
    #expect(RGBImage(width: 1, height: 1).differenceHash == 0)
  }
}
