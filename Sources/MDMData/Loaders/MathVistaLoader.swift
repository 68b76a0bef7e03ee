/// MathVista: the thousand problems of `testmini`.
struct MathVistaLoader: DatasetLoader {
  let name = "mathvista"
  let summary =
    "MathVista's testmini (parquet or JSON: pid, question, decoded_image, choices, answer, unit)."
  let provenance = DatasetProvenance(
    licence: "CC BY-SA 4.0",
    citation: "Lu and others, MathVista, ICLR 2024, arXiv 2310.02255")
  let source = "huggingface.co/datasets/AI4Math/MathVista"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    // The answers of the larger test split are not published.
    try tables(source, train: [], test: ["testmini"]) { row, list throws(DataError) in
      let options = row.value("choices") == nil ? [] : try row.texts("choices")
      var question = try row.text("question")
      if row.value("unit") != nil, try !row.text("unit").isEmpty {
        question += " (Unit: \(try row.text("unit")))"
      }
      let answer = try row.text("answer")
      try list.add(
        row, id: row.value("pid").flatMap(Row.text),
        images: source.images(row, "decoded_image", "image"), question: question,
        answers: [
          options.isEmpty ? answer : ExampleList.letter(answer, options, row, "answer")
        ], options: options)
    }
  }
}
