import MDMImages
import MDMJSON
import MDMParquet

/// What a loader is given: where the files are and where decoded pixels are kept.
public struct LoadSource: Sendable {
  /// A folder or a file.
  public let path: String
  public let cache: ImageCache
  /// Unpacked pages of Parquet files, of all of them together: as many bytes as pixels, to a limit.
  let pages: PageCache
  /// Larger pictures are resized to it; nil leaves them.
  public var longestSide: Int?
  /// Names the stream by which layouts draw that take a part of their rows; nil takes the first.
  public let seed: UInt64?
  /// Asked now and then; loading ends with `DataError.interrupted` where it says so.
  public let interrupted: @Sendable () -> Bool

  public init(
    _ path: String, cache: ImageCache = ImageCache(), longestSide: Int? = nil,
    seed: UInt64? = 0, interrupted: @escaping @Sendable () -> Bool = { false }
  ) {
    self.path = path
    self.cache = cache
    pages = PageCache(limit: min(cache.limit, PageCache.defaultLimit))
    self.longestSide = longestSide
    self.seed = seed
    self.interrupted = interrupted
  }

  /// The folder to which the paths of images are relative.
  var folder: String {
    if FileSystem.isFolder(path) { return path }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  /// The images of a field: one, or a list of them.
  func images(_ row: Row, _ names: String...) throws(DataError) -> [LazyImage] {
    guard let value = row.value(names) else {
      throw row.error(
        names[0], "is missing", "give an image: a file's path, its bytes, or a record of both")
    }
    var images: [LazyImage] = []
    for item in value.items ?? [value] where !item.isNull {
      images.append(try image(item, row, names[0]))
    }
    guard !images.isEmpty else { throw row.error(names[0], "holds no image", "give at least one") }
    return images
  }

  /// An image by its value: the record of Hugging Face, bytes, a path, a data URI or base64.
  func image(_ value: ParquetValue, _ row: Row, _ field: String) throws(DataError) -> LazyImage {
    switch value {
    case .stored(let stored):
      return LazyImage(cache: cache, longestSide: longestSide) { () throws(ImageError) in
        do throws(ParquetError) { return try stored.bytes() } catch {
          throw .unreadable(reason: error.description)
        }
      }
    case .bytes(let bytes):
      return LazyImage(cache: cache, longestSide: longestSide) { () throws(ImageError) in bytes }
    case .record:
      if let bytes = value["bytes"], !bytes.isNull { return try image(bytes, row, field) }
      if let path = value["path"]?.text { return try file(path, row, field) }
    case .text(let text):
      if text.utf8.count > 400 || text.hasPrefix("data:") {
        let code = text.hasPrefix("data:") ? text.split(separator: ",").last.map(String.init) : text
        guard let bytes = code.flatMap(Base64.bytes) else {
          throw row.error(field, "is neither a path nor base64", "give a path or the image's bytes")
        }
        return LazyImage(cache: cache, longestSide: longestSide) { () throws(ImageError) in bytes }
      }
      return try file(text, row, field)
    default: break
    }
    throw row.error(field, "is \(value.kind)", "give a path, bytes, or a record of both")
  }

  /// An image file below the folder.
  func file(_ path: String, _ row: Row, _ field: String) throws(DataError) -> LazyImage {
    guard !path.hasPrefix("/"), !path.split(separator: "/").contains(".."), !path.utf8.contains(0)
    else { throw row.error(field, "leaves the folder: `\(path)`", "give a path inside the folder") }
    let full = "\(folder)/\(path)"
    guard FileSystem.exists(full) else {
      throw row.error(
        field, "names `\(path)`, which does not exist", "paths are relative to `\(folder)`")
    }
    return LazyImage(cache: cache, longestSide: longestSide) { () throws(ImageError) in
      do throws(DataError) { return try FileSystem.read(full) } catch {
        throw .unreadable(reason: error.description)
      }
    }
  }

  /// The size of an image, as it is shown.
  func size(
    _ image: LazyImage, _ row: Row, _ field: String
  ) throws(DataError) -> (width: Int, height: Int) {
    do throws(ImageError) { return try image.size() } catch {
      throw row.error(field, error.description, error.hint)
    }
  }
}
