import MDMImages

/// One question about an image or several, with the answer that a verifier can check.
public struct Example: Sendable, Equatable {
  /// Cells along each axis of an image; a box answer of the suite `mini` counts in them.
  public static let cells = 8

  /// What the numbers of a box answer count.
  public enum Coordinates: String, Sendable, Hashable, CaseIterable {
    /// `cells` along each axis.
    case cells
    /// A thousand along each axis, as Visual-RFT's COCO has them.
    case thousandths
    /// Pixels of the image.
    case pixels
  }

  /// Unique within its dataset, such as `coco/train/17`.
  public let id: String
  /// The domain it belongs to, such as `coco`.
  public let domain: String
  /// The pictures that the question is about, in its order.
  public let images: [LazyImage]
  /// The question; a prompt adds what `template` says.
  public let question: String
  /// The gold answer (`2 1 5 4`, `B`, `left`, `3`); the first of `answers`.
  public let answer: String
  /// Every answer that is right.
  public let answers: [String]
  /// The texts of the options A, B, C … of a multiple choice; empty otherwise.
  public let options: [String]
  /// The gold boxes in pixels of `image`; empty where none is asked for.
  public let boxes: [Box]
  public let kind: AnswerKind
  public let coordinates: Coordinates
  /// How the question becomes a prompt; nil for the suite's own words.
  public let template: PromptTemplate?

  /// An example of files.
  ///
  /// - Parameter answers: At least one; an empty list counts as one empty text.
  public init(
    id: String, domain: String, images: [LazyImage], question: String, answers: [String],
    options: [String] = [], boxes: [Box] = [], kind: AnswerKind,
    coordinates: Coordinates = .cells, template: PromptTemplate? = nil
  ) {
    self.id = id
    self.domain = domain
    self.images = images
    self.question = question
    self.answers = answers.isEmpty ? [""] : answers
    answer = answers.first ?? ""
    self.options = options
    self.boxes = boxes
    self.kind = kind
    self.coordinates = coordinates
    self.template = template
  }

  /// An example of one picture in memory.
  public init(
    id: String, domain: String, image: RGBImage, question: String, answer: String,
    options: [String] = [], box: Box? = nil, kind: AnswerKind
  ) {
    self.init(
      id: id, domain: domain, images: [LazyImage(image)], question: question, answers: [answer],
      options: options, boxes: box.map { [$0] } ?? [], kind: kind)
  }

  /// The first image; a white pixel where there is none.
  public var image: LazyImage { images.first ?? LazyImage(RGBImage(width: 1, height: 1)) }

  /// The first gold box.
  public var box: Box? { boxes.first }

  /// The letters that answer it, `A`, `B`, … as many as there are options.
  public var letters: [String] { Self.letters(options.count) }

  /// The first option letters.
  public static func letters(_ count: Int) -> [String] {
    Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".prefix(max(count, 0))).map(String.init)
  }

  /// A box as an answer gives it, in its `coordinates`, in pixels of the image.
  public func pixelBox(ofCells box: Box) -> Box {
    let parts: Double
    switch coordinates {
    case .cells: parts = Double(Self.cells)
    case .thousandths: parts = 1000
    case .pixels: return box
    }
    return box.scaled(x: Double(image.width) / parts, y: Double(image.height) / parts)
  }

  /// The answer words of a box in pixels of an image: its corners rounded to whole cells.
  static func cellAnswer(_ box: Box, width: Int, height: Int) -> String {
    let cells = Double(Self.cells)
    let scaled = box.scaled(x: cells / Double(max(width, 1)), y: cells / Double(max(height, 1)))
    return [scaled.x0, scaled.y0, scaled.x1, scaled.y1]
      .map { String(Int(min(max($0.rounded(), 0), cells))) }.joined(separator: " ")
  }

  /// The same example with some parts replaced.
  public func with(
    id: String? = nil, domain: String? = nil, question: String? = nil, answers: [String]? = nil,
    template: PromptTemplate?? = nil
  ) -> Example {
    Example(
      id: id ?? self.id, domain: domain ?? self.domain, images: images,
      question: question ?? self.question, answers: answers ?? self.answers, options: options,
      boxes: boxes, kind: kind, coordinates: coordinates, template: template ?? self.template)
  }
}
