/// ScienceQA: the items with an image, answered by a letter.
struct ScienceQALoader: DatasetLoader {
  let name = "scienceqa"
  let summary =
    "ScienceQA's parquet files (image, question, choices, answer, hint): items with an image."
  let provenance = DatasetProvenance(
    licence: "CC BY-NC-SA 4.0",
    citation: "Lu and others, Learn to Explain (ScienceQA), NeurIPS 2022, arXiv 2209.09513")
  let source = "huggingface.co/datasets/derek-thomas/ScienceQA"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    try tables(source, train: ["train"], test: ["test"]) { row, list throws(DataError) in
      guard row.value("image") != nil else { return }
      let options = try row.texts("choices")
      let index = try row.int("answer")
      guard options.indices.contains(index) else {
        throw row.error(
          "answer", "is \(index), which is no option", "it counts the choices from 0")
      }
      let hint = try row.value("hint") == nil ? "" : row.text("hint")
      let question = try row.text("question")
      try list.add(
        row, id: nil, images: source.images(row, "image"),
        question: hint.isEmpty ? question : "Context: \(hint)\n\(question)",
        answers: [try ExampleList.letters(options, row)[index]], options: options)
    }
  }
}
