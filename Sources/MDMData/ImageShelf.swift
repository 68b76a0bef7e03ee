import MDMImages

/// The image files that records name, each once.
struct ImageShelf: Sendable {
  let folder: String
  private let cache: ImageCache
  private let longestSide: Int?
  private var places: [String: Int] = [:]
  private var images: [LazyImage] = []

  init(folder: String, cache: ImageCache, longestSide: Int? = nil) {
    self.folder = folder
    self.cache = cache
    self.longestSide = longestSide
  }

  /// The place of an image file, whose header is checked at its first use.
  mutating func place(
    of path: String, file: String, line: Int
  ) throws(DataError) -> (place: Int, width: Int, height: Int) {
    let place: Int
    if let known = places[path] {
      place = known
    } else {
      let full = "\(folder)/\(path)"
      guard FileSystem.exists(full) else {
        throw .missingImage(file: file, line: line, image: path)
      }
      images.append(
        LazyImage(cache: cache, longestSide: longestSide) { () throws(ImageError) in
          do throws(DataError) { return try FileSystem.read(full) } catch {
            throw .unreadable(reason: error.description)
          }
        })
      place = images.count - 1
      places[path] = place
    }
    do throws(ImageError) {
      let size = try images[place].size()
      return (place, size.width, size.height)
    } catch { throw .badImage(file: file, line: line, image: path, error: error) }
  }

  func image(_ place: Int) -> LazyImage { images[place] }
}
