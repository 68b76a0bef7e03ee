/// How well a test set is answered without its pictures.
///
/// The language-only guess is what was right most often for the same question in the training set,
/// and the constant one what was right most often of all. Of boxes the mean IoU counts, and chance
/// is the best constant box; of other answers the share that is right, and chance is one of the
/// options, or of the answers that a question has.
public struct BlindBaseline: Sendable {
  /// The mean score of guessing at random.
  public let chance: Double
  /// The mean score of the one best answer.
  public let constant: Double
  /// The mean score of the best answer to each question.
  public let language: Double
  /// The number of test examples.
  public let count: Int

  /// How much more than chance the better guess gives.
  public var advantage: Double { max(constant, language) - chance }

  /// - Throws: `DataError.interrupted`.
  public init(
    train: Dataset, test: Dataset, limit: Int = 5000, interrupted: () -> Bool = { false }
  ) throws(DataError) {
    func read(_ set: Dataset) throws(DataError) -> [Example] {
      var examples: [Example] = []
      for index in 0..<min(set.count, limit) {
        if index % 64 == 0, interrupted() { throw .interrupted }
        examples.append(set[index])
      }
      return examples
    }
    let (known, asked) = (try read(train), try read(test))
    count = asked.count
    var answers: [String: [String: Int]] = [:]
    var all: [String: Int] = [:]
    var spread: [String: Set<String>] = [:]
    for example in known {
      answers[example.question, default: [:]][example.answer, default: 0] += 1
      all[example.answer, default: 0] += 1
    }
    for example in known + asked { spread[example.question, default: []].insert(example.answer) }
    let usual = Self.commonest(all)
    let isBoxes = known.first?.kind == .box
    let boxes = isBoxes ? Self.boxes(known, questions: Set(known.map(\.question))) : [:]
    let guesses = answers.mapValues(Self.commonest)
    var (chance, constant, language) = (0.0, 0.0, 0.0)
    for example in asked {
      if let box = example.box {
        let one = boxes[""].map { $0.overlap(with: box) } ?? 0
        chance += one
        constant += one
        language += (boxes[example.question] ?? boxes[""]).map { $0.overlap(with: box) } ?? 0
        continue
      }
      let ways =
        example.options.isEmpty ? spread[example.question]?.count ?? 1 : example.options.count
      chance += 1 / Double(max(ways, 1))
      constant += usual == example.answer ? 1 : 0
      language += guesses[example.question] ?? usual == example.answer ? 1 : 0
    }
    let total = Double(max(asked.count, 1))
    self.chance = chance / total
    self.constant = constant / total
    self.language = language / total
  }

  private static func commonest(_ counts: [String: Int]) -> String? {
    counts.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
  }

  /// The box that overlaps most with those of each question, and with all under "".
  private static func boxes(_ examples: [Example], questions: Set<String>) -> [String: Box] {
    // Candidates are the answers of some examples: the best box is near one of many.
    let candidates = Array(Set(examples.prefix(400).compactMap(\.box)))
    var sums: [String: [Double]] = [:]
    for example in examples {
      guard let box = example.box else { continue }
      for key in ["", example.question] {
        var sum = sums[key] ?? [Double](repeating: 0, count: candidates.count)
        for (i, candidate) in candidates.enumerated() { sum[i] += candidate.overlap(with: box) }
        sums[key] = sum
      }
    }
    return sums.compactMapValues { sum in
      sum.indices.max { (sum[$0], "\(candidates[$1])") < (sum[$1], "\(candidates[$0])") }.map {
        candidates[$0]
      }
    }
  }
}
