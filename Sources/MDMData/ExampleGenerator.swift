import MDMImages
import MDMNumerics

/// What a generator makes of one random stream: an example without its name.
struct Draft: Sendable {
  let image: RGBImage
  let question: String
  let answer: String
  var options: [String] = []
  var box: Box?
  let kind: AnswerKind
}

/// A procedural family of examples; each is a pure function of its random stream.
protocol ExampleGenerator: Sendable {
  /// The domain's name, such as `coco`.
  var domain: String { get }
  /// One sentence on what is asked.
  var summary: String { get }
  /// Every word that a question or an answer can have.
  var words: [String] { get }
  func draft(_ stream: inout RandomStream) -> Draft
}

extension ExampleGenerator {
  /// A dataset of this family; the same seed and split give the same examples.
  func dataset(split: Split, count: Int, seed: UInt64) -> Dataset {
    let name = split == .train ? domain : "\(domain)/\(split.rawValue)"
    let make: @Sendable (Int) -> Example = { index in
      var stream = RandomStream(
        seed: seed, purpose: "example/\(split.rawValue)", domain: domain, index: index)
      let draft = self.draft(&stream)
      return Example(
        id: "\(domain)/\(split.rawValue)/\(index)", domain: domain, image: draft.image,
        question: draft.question, answer: draft.answer, options: draft.options, box: draft.box,
        kind: draft.kind)
    }
    // A sample stands for the generator's code: changing what it draws changes the fingerprint.
    var hash = ContentHash()
    hash.update("procedural \(domain) \(split.rawValue) \(count) \(seed)")
    for index in 0..<min(count, 4) { hash.update(make(index)) }
    return Dataset(
      name: name, domain: domain, split: split, count: count, fingerprint: hash.hexadecimal,
      summary: summary, make: make)
  }
}

/// Options with fixed letters: `A 1 B 2 C 3`.
struct FixedOptions: Sendable {
  let texts: [String]

  init(_ texts: String...) { self.texts = texts }

  var text: String {
    zip(Example.letters(texts.count), texts).map { "\($0) \($1)" }.joined(separator: " ")
  }

  func letter(_ index: Int) -> String { Example.letters(texts.count)[index] }
}

/// The words of several texts, each once.
func distinctWords(_ texts: [String]) -> [String] {
  Array(Set(texts.flatMap { $0.split(separator: " ").map(String.init) })).sorted()
}

extension Shape {
  static let words = allCases.map(\.rawValue)
}

extension Color {
  static let words = allCases.map(\.rawValue)
}
