/// SAT: the questions about a single image, answered in words.
///
/// Options keep their order and stand in the question, as in VisualThinker-R1-Zero's cut of 15,000.
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
  let source = "huggingface.co/datasets/array/SAT; arXiv 2505.24871, section 2"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    try tables(source, train: ["train"], test: ["validation", "test"], limit: Self.cut) {
      row, list throws(DataError) in
      let images = try source.images(row, "image_bytes", "images", "image")
      guard images.count == 1 else { return }
      let options = try row.texts("answers")
      let answer = try row.text("correct_answer")
      guard options.contains(answer) else {
        throw row.error("correct_answer", "is `\(answer)`, which is no answer", "it is one of them")
      }
      try list.add(
        row, id: nil, images: images,
        question: "Answer in natural language. \(try row.text("question")) "
          + "Choose between the following options: \(options.joined(separator: " or "))",
        answers: [answer], kind: .word)
    }
  }
}
