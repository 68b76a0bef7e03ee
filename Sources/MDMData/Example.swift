import MDMImages

/// One question about an image, with the answer that a verifier can check.
public struct Example: Sendable, Equatable {
  /// Cells along each axis of an image; a box answer counts in them.
  public static let cells = 8

  /// Unique within its dataset, such as `coco/train/17`.
  public let id: String
  /// The domain it belongs to, such as `coco`.
  public let domain: String
  public let image: RGBImage
  /// Words separated by single spaces.
  public let question: String
  /// The gold answer: words separated by single spaces (`2 1 5 4`, `B`, `left`, `3`).
  public let answer: String
  /// The texts of the options A, B, C … of a multiple choice; empty otherwise.
  public let options: [String]
  /// The gold box in pixels of `image`; nil where no box is asked for.
  public let box: Box?
  public let kind: AnswerKind

  public init(
    id: String, domain: String, image: RGBImage, question: String, answer: String,
    options: [String] = [], box: Box? = nil, kind: AnswerKind
  ) {
    self.id = id
    self.domain = domain
    self.image = image
    self.question = question
    self.answer = answer
    self.options = options
    self.box = box
    self.kind = kind
  }

  /// The letters that answer it, `A`, `B`, … as many as there are options.
  public var letters: [String] { Self.letters(options.count) }

  /// The first option letters.
  public static func letters(_ count: Int) -> [String] {
    Array("ABCDEFGH".prefix(max(count, 0))).map(String.init)
  }

  /// A box of cell coordinates, as an answer gives it, in pixels of the image.
  public func pixelBox(ofCells box: Box) -> Box {
    box.scaled(
      x: Double(image.width) / Double(Self.cells), y: Double(image.height) / Double(Self.cells))
  }

  /// The answer words of a box in pixels of an image: its corners rounded to whole cells.
  static func cellAnswer(_ box: Box, width: Int, height: Int) -> String {
    let cells = Double(Self.cells)
    let scaled = box.scaled(x: cells / Double(max(width, 1)), y: cells / Double(max(height, 1)))
    return [scaled.x0, scaled.y0, scaled.x1, scaled.y1]
      .map { String(Int(min(max($0.rounded(), 0), cells))) }.joined(separator: " ")
  }
}
