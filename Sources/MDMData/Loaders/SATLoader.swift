import MDMNumerics

/// SAT: the questions about a single image, answered in words.
///
/// Its training file is ordered by the kind of question, so that its first rows are not like the
/// rest: the examples and the order of their options are drawn by the source's seed; without one
/// the first examples are taken and options keep their order.
struct SATLoader: DatasetLoader {
  /// The number of training examples of the paper.
  static let cut = 15_000

  let name = "sat"
  let summary =
    "SAT's parquet files (image_bytes or images, question, answers, correct_answer): one image."
  let provenance = DatasetProvenance(
    licence: "MIT",
    citation: "Ray and others, SAT: Spatial Aptitude Training for Multimodal Language Models, "
      + "arXiv 2412.07755")
  // The form of the question is that of the second.
  let source =
    "huggingface.co/datasets/array/SAT; github.com/xirui-li/VisualThinker-R1-Zero-Development "
    + "(src/data/SAT); arXiv 2505.24871, section 2"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    let sets = try tables(
      source, train: ["train"], test: ["validation", "test"],
      limit: source.seed == nil ? Self.cut : .max
    ) { row, list throws(DataError) in
      let images = try source.images(row, "image_bytes", "images", "image")
      guard images.count == 1 else { return }
      var options = try row.texts("answers")
      let answer = try row.text("correct_answer")
      guard options.contains(answer) else {
        throw row.error("correct_answer", "is `\(answer)`, which is no answer", "it is one of them")
      }
      if let seed = source.seed {
        // By the example's place among all, so that the cut moves no other's options.
        var stream = RandomStream(
          seed: seed, purpose: "options of sat", domain: list.name, index: list.examples.count)
        options = stream.shuffled(options)
      }
      try list.add(
        row, id: nil, images: images,
        question: "Answer in natural language. \(try row.text("question")) "
          + "Choose between the following options: \(Self.enumerated(options))",
        answers: [answer], kind: .word)
    }
    guard let seed = source.seed else { return sets }
    return sets.map { set in
      guard set.split == .train, set.count > Self.cut else { return set }
      var stream = RandomStream(seed: seed, purpose: "cut of sat")
      let drawn = stream.shuffled(Array(0..<set.count)).prefix(Self.cut)
      return set.picking(drawn.sorted(), how: "cut of \(Self.cut) by \(seed)")
    }
  }

  /// `a or b`, `a, b or c`.
  private static func enumerated(_ options: [String]) -> String {
    let last = options.suffix(2).joined(separator: " or ")
    return (options.dropLast(2) + [last]).joined(separator: ", ")
  }
}
