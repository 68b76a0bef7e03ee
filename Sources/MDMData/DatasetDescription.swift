import MDMImages
import Synchronization

/// Counts and sizes of a dataset.
public struct DatasetDescription: Sendable {
  /// The least, the middle and the greatest of some numbers.
  public struct Spread: Sendable, Equatable {
    public let least: Int
    public let median: Int
    public let greatest: Int
    /// How often each number comes, in ascending order.
    public let counts: [(value: Int, count: Int)]

    public static func == (a: Spread, b: Spread) -> Bool {
      a.counts.elementsEqual(b.counts) { $0 == $1 }
    }

    init(_ values: [Int]) {
      let sorted = values.sorted()
      least = sorted.first ?? 0
      median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
      greatest = sorted.last ?? 0
      var counts: [(value: Int, count: Int)] = []
      for value in sorted {
        if counts.last?.value == value {
          counts[counts.count - 1].count += 1
        } else {
          counts.append((value, 1))
        }
      }
      self.counts = counts
    }
  }

  /// The size of a picture in pixels.
  public struct Size: Sendable, Hashable {
    public let width: Int
    public let height: Int
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
  /// The sizes that pictures have, each once; of more than a thousand every second, third …
  public let sizes: [Size]
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
      let sizes: [Size]
      let fault: (id: String, reason: String)?
    }
    let found = Mutex([Row?](repeating: nil, count: dataset.count))
    let goesOn: @Sendable () -> Bool = { !interrupted() }
    Threads.forEach(dataset.count, while: goesOn) { index in
      let example = dataset[index]
      var sizes: [Size] = []
      var fault: (id: String, reason: String)?
      for image in example.images {
        do throws(ImageError) {
          let size = try image.size()
          sizes.append(Size(width: size.width, height: size.height))
        } catch {
          fault = (example.id, error.description)
        }
      }
      func words(_ text: String) -> Int {
        text.unicodeScalars.split(whereSeparator: \.properties.isWhitespace).count
      }
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
    let different = Set(rows.flatMap(\.sizes)).sorted {
      ($0.width, $0.height) < ($1.width, $1.height)
    }
    sizes = stride(from: 0, to: different.count, by: different.count / 1000 + 1).map {
      different[$0]
    }
    unreadable = Array(rows.compactMap(\.fault).prefix(10))
  }
}
