import MDMImages
import Synchronization

/// Counts and sizes of a dataset.
public struct DatasetDescription: Sendable {
  /// The least, the middle and the greatest of some numbers.
  public struct Spread: Sendable, Equatable {
    public let least: Int
    public let median: Int
    public let greatest: Int

    init(_ values: [Int]) {
      let sorted = values.sorted()
      least = sorted.first ?? 0
      median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      greatest = sorted.last ?? 0
    }
  }

  public let count: Int
  /// How many answers there are of each kind.
  public let kinds: [(kind: AnswerKind, count: Int)]
  /// The commonest answers first, at most twenty.
  public let answers: [(answer: String, count: Int)]
  /// The number of different answers.
  public let answerCount: Int
  public let questionWords: Spread
  public let answerWords: Spread
  public let imagesAnExample: Spread
  public let widths: Spread
  public let heights: Spread
  /// Examples whose picture cannot be read, with the reason; at most ten.
  public let unreadable: [(id: String, reason: String)]

  /// - Throws: `DataError.interrupted`.
  public init(
    _ dataset: Dataset, interrupted: @escaping @Sendable () -> Bool = { false }
  ) throws(DataError) {
    struct Row: Sendable {
      let kind: AnswerKind
      let answer: String
      let questionWords: Int
      let answerWords: Int
      let sizes: [(width: Int, height: Int)]
      let fault: (id: String, reason: String)?
    }
    let found = Mutex([Row?](repeating: nil, count: dataset.count))
    let goesOn: @Sendable () -> Bool = { !interrupted() }
    Threads.forEach(dataset.count, while: goesOn) { index in
      let example = dataset[index]
      var sizes: [(width: Int, height: Int)] = []
      var fault: (id: String, reason: String)?
      for image in example.images {
        do throws(ImageError) { sizes.append(try image.size()) } catch {
          fault = (example.id, error.description)
        }
      }
      func words(_ text: String) -> Int { text.split(whereSeparator: \.isWhitespace).count }
      let row = Row(
        kind: example.kind, answer: example.answer, questionWords: words(example.question),
        answerWords: words(example.answer), sizes: sizes, fault: fault)
      found.withLock { $0[index] = row }
    }
    if interrupted() { throw .interrupted }
    let rows = found.withLock { $0 }.compactMap { $0 }
    count = dataset.count
    kinds = AnswerKind.allCases.compactMap { kind in
      let count = rows.count { $0.kind == kind }
      return count == 0 ? nil : (kind, count)
    }
    var counts: [String: Int] = [:]
    for row in rows { counts[row.answer, default: 0] += 1 }
    answerCount = counts.count
    answers = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(20).map {
      ($0.key, $0.value)
    }
    questionWords = Spread(rows.map(\.questionWords))
    answerWords = Spread(rows.map(\.answerWords))
    imagesAnExample = Spread(rows.map(\.sizes.count))
    widths = Spread(rows.flatMap { $0.sizes.map(\.width) })
    heights = Spread(rows.flatMap { $0.sizes.map(\.height) })
    unreadable = Array(rows.compactMap(\.fault).prefix(10))
  }
}
