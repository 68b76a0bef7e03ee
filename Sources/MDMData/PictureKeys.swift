import MDMImages
import Synchronization

/// What tells an example's pictures from others: their pixels, and how they look.
public struct PictureKeys: Sendable {
  /// A hash of all pixels.
  public let exact: String
  /// The difference hash of the first picture.
  public let look: UInt64
  /// The question in lower case, with its words separated by single spaces.
  public let question: String

  /// The keys of all examples, decoded on several threads.
  ///
  /// - Throws: `DataError` that names the first example whose picture cannot be decoded.
  public static func all(
    of dataset: Dataset, interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(DataError) -> [PictureKeys] {
    let found = Mutex([Result<PictureKeys, DataError>?](repeating: nil, count: dataset.count))
    let goesOn: @Sendable () -> Bool = { !interrupted() }
    Threads.forEach(dataset.count, while: goesOn) { index in
      let result = Result { () throws(DataError) in try PictureKeys(dataset[index]) }
      found.withLock { $0[index] = result }
    }
    if interrupted() { throw .interrupted }
    var keys: [PictureKeys] = []
    for result in found.withLock({ $0 }) {
      guard let result else { throw .interrupted }
      keys.append(try result.get())
    }
    return keys
  }

  init(_ example: Example) throws(DataError) {
    var hash = ContentHash()
    var look: UInt64 = 0
    for (index, lazy) in example.images.enumerated() {
      let image: RGBImage
      do throws(ImageError) { image = try lazy.decoded() } catch {
        throw .badExample(id: example.id, error: error)
      }
      hash.update("\(image.width) \(image.height)")
      hash.update(image.pixels)
      if index == 0 { look = image.differenceHash }
    }
    exact = hash.hexadecimal
    self.look = look
    question = example.question.lowercased().split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }

  /// The bits in which two pictures' looks differ.
  func distance(_ other: PictureKeys) -> Int { (look ^ other.look).nonzeroBitCount }
}

extension Dataset {
  /// The places of the examples that repeat no earlier one.
  ///
  /// - Parameter distance: The most bits of 64 in which the looks of repeated pictures differ; nil
  ///   for equal pixels. The question is the same in either case.
  public static func distinct(_ keys: [PictureKeys], distance: Int?) -> [Int] {
    var kept: [Int] = []
    var seen: [String: [Int]] = [:]
    for (index, key) in keys.enumerated() {
      let others = seen[key.question] ?? []
      let isRepeated = others.contains { other in
        if let distance { return keys[other].distance(key) <= distance }
        return keys[other].exact == key.exact
      }
      if isRepeated { continue }
      kept.append(index)
      seen[key.question, default: []].append(index)
    }
    return kept
  }
}

/// What of a benchmark stands in a training set.
public struct Contamination: Sendable, Equatable {
  /// One pair of examples.
  public struct Match: Sendable, Equatable {
    public let train: Int
    public let benchmark: Int
    /// Whether all pixels are equal; else the pictures look alike.
    public let isExact: Bool
    /// Whether the question is the same too.
    public let sameQuestion: Bool
  }

  /// For each benchmark example with a match, the closest one.
  public let matches: [Match]

  /// - Parameter distance: The most bits of 64 in which the looks of matching pictures differ.
  public init(train: [PictureKeys], benchmark: [PictureKeys], distance: Int) {
    var exact: [String: [Int]] = [:]
    for (index, key) in train.enumerated() { exact[key.exact, default: []].append(index) }
    var matches: [Match] = []
    for (place, key) in benchmark.enumerated() {
      if let same = exact[key.exact], let first = same.first {
        let asked = same.first { train[$0].question == key.question }
        matches.append(
          Match(
            train: asked ?? first, benchmark: place, isExact: true, sameQuestion: asked != nil))
        continue
      }
      var best: (index: Int, distance: Int)?
      for (index, other) in train.enumerated() {
        let found = other.distance(key)
        if found <= distance, found < best?.distance ?? .max { best = (index, found) }
      }
      if let best {
        matches.append(
          Match(
            train: best.index, benchmark: place, isExact: false,
            sameQuestion: train[best.index].question == key.question))
      }
    }
    self.matches = matches
  }
}
