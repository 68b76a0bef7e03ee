/// What can be wrong with an image file or with pixels that are to become one.
public enum ImageError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The bytes begin like no kind of image file that is read.
  case unknownFormat
  /// The file ends before it should; `have` is its length in bytes.
  case truncated(format: String, have: Int)
  /// A checksum, a header or the compressed data is wrong.
  case damaged(format: String, reason: String)
  /// More pixels than `limit` were announced.
  case tooLarge(limit: Int)
  /// The file that holds it cannot be read; the reason is the system's.
  case unreadable(reason: String)
  /// The image has no pixels or too many for a PNG file.
  case cannotEncode(width: Int, height: Int)

  /// What is wrong, to follow the name of the file: `is a PNG file that …`.
  public var description: String {
    switch self {
    case .unknownFormat: "is no PNG, JPEG, WebP or GIF file"
    case .truncated(let format, let have): "is a \(format) file cut off after \(have) bytes"
    case .damaged(let format, let reason): "is a damaged \(format) file (\(reason))"
    case .tooLarge(let limit): "has more than \(limit) pixels"
    case .unreadable(let reason): "cannot be read (\(reason))"
    case .cannotEncode(let width, let height):
      "cannot become a PNG file with \(width) x \(height) pixels"
    }
  }

  /// What to do about it.
  public var hint: String {
    switch self {
    case .unknownFormat: "convert it to PNG"
    case .truncated: "copy or download it again"
    case .damaged: "write it again with another program"
    case .tooLarge: "make it smaller first"
    case .unreadable: "keep the files of a dataset where they are while it is used"
    case .cannotEncode: "give it at least one pixel and at most about 500 million"
    }
  }
}
