import Glibc
import Synchronization

/// An image that is read and decoded when its pixels are asked for.
public struct LazyImage: Sendable, Equatable {
  private enum Content {
    case pixels(RGBImage)
    case encoded(EncodedImage)
  }

  private let content: Content

  /// An image in memory.
  public init(_ image: RGBImage) { content = .pixels(image) }

  /// An image file, or a part of one.
  ///
  /// - Parameters:
  ///   - cache: Keeps the pixels until its bound is reached.
  ///   - longestSide: Larger pictures are resized to it, as Pillow does.
  ///   - read: Gives the file's bytes, the same ones every time.
  public init(
    cache: ImageCache, longestSide: Int? = nil,
    read: @escaping @Sendable () throws(ImageError) -> [UInt8]
  ) {
    content = .encoded(EncodedImage(cache: cache, longestSide: longestSide, read: read))
  }

  /// The size, from the file's header alone.
  public func size() throws(ImageError) -> (width: Int, height: Int) {
    switch content {
    case .pixels(let image): (image.width, image.height)
    case .encoded(let file): try file.size()
    }
  }

  /// 0 where the file cannot be read.
  public var width: Int { (try? size())?.width ?? 0 }
  /// 0 where the file cannot be read.
  public var height: Int { (try? size())?.height ?? 0 }

  /// The pixels, from the cache where it has them.
  public func decoded() throws(ImageError) -> RGBImage {
    switch content {
    case .pixels(let image): image
    case .encoded(let file): try file.decoded()
    }
  }

  /// The bytes of an image file: those that were read, or a PNG of the pixels.
  public func fileBytes() throws(ImageError) -> [UInt8] {
    switch content {
    case .pixels(let image): try image.encodedPNG()
    case .encoded(let file): try file.read()
    }
  }

  /// The pixels where the image was made in memory.
  public var pixelsInMemory: RGBImage? {
    if case .pixels(let image) = content { image } else { nil }
  }

  /// The size to which it is cut down; nil where it is shown as it is stored.
  public var longestSide: Int? {
    if case .encoded(let file) = content { file.longestSide } else { nil }
  }

  /// Images are equal when they are the same file or have equal bytes or pixels.
  public static func == (a: LazyImage, b: LazyImage) -> Bool {
    switch (a.content, b.content) {
    case (.pixels(let x), .pixels(let y)): x == y
    case (.encoded(let x), .encoded(let y)):
      x === y
        || (x.longestSide == y.longestSide
          && (try? x.read()).map { $0 == (try? y.read()) } ?? false)
    default: (try? a.decoded()).map { $0 == (try? b.decoded()) } ?? false
    }
  }

  /// Has pixels decoded by other threads before they are asked for, as far as the caches have room.
  public static func prepare(_ images: [LazyImage]) {
    for image in images {
      if case .encoded(let file) = image.content { file.cache.prepare(file) }
    }
  }
}

/// A file behind a `LazyImage`.
final class EncodedImage: Sendable {
  let cache: ImageCache
  let longestSide: Int?
  let read: @Sendable () throws(ImageError) -> [UInt8]
  private let known = Mutex<(width: Int, height: Int)?>(nil)

  init(
    cache: ImageCache, longestSide: Int?,
    read: @escaping @Sendable () throws(ImageError) -> [UInt8]
  ) {
    self.cache = cache
    self.longestSide = longestSide
    self.read = read
  }

  func size() throws(ImageError) -> (width: Int, height: Int) {
    if let size = known.withLock({ $0 }) { return size }
    let header = try ImageHeader(read())
    let size = RGBImage.fittedSize(
      width: header.width, height: header.height, longestSide: longestSide ?? .max)
    known.withLock { $0 = size }
    return size
  }

  func decoded() throws(ImageError) -> RGBImage {
    while true {
      switch cache.claim(self) {
      case .decoded(let image): return image
      case .busy: usleep(50)
      case .claimed:
        do throws(ImageError) {
          let image = try RGBImage.decode(read()).fitted(longestSide: longestSide ?? .max)
          known.withLock { $0 = (image.width, image.height) }
          cache.keep(image, of: self)
          return image
        } catch {
          cache.keep(nil, of: self)
          throw error
        }
      }
    }
  }
}
