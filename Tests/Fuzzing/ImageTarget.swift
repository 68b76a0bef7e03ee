import Foundation
import MDMImages

/// Any bytes are a picture of the size that their header says, or are refused with a sentence.
public struct ImageTarget: FuzzTarget {
  public static let name = "image"
  private let corpus: [[UInt8]]

  public init(root: String) {
    corpus = Corpus.bytes("Tests/Fixtures/images", excluding: [".rgb"], below: root)
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] { Corpus.mutated(corpus, &random) }

  public func run(_ input: [UInt8]) throws {
    let limit = 1 << 20
    do throws(ImageError) {
      let header = try ImageHeader(input, pixelLimit: limit)
      let image = try RGBImage.decode(input, pixelLimit: limit)
      try law(image, header)
    } catch { try BrokenLaw.unless(!error.description.isEmpty, "refused in silence") }
  }

  private func law(_ image: RGBImage, _ header: ImageHeader) throws(ImageError) {
    // `damaged` is what a decoder says; a wrong size is this target's own finding.
    guard image.width == header.width, image.height == header.height,
      image.pixels.count == image.width * image.height * 3
    else { fatalError("a picture of another size than its header's") }
    _ = image.differenceHash
    let small = image.fitted(longestSide: 9)
    precondition(max(small.width, small.height) <= 9)
  }
}
