import MDMImages

/// InfographicVQA: questions with several right answers.
struct InfoVQALoader: DatasetLoader {
  let name = "infovqa"
  let summary =
    "InfographicVQA's JSON (data: questionId, question, image_local_name, answers) or its parquet."
  let provenance = DatasetProvenance(
    citation: "Mathew and others, InfographicVQA, WACV 2022, arXiv 2104.12756")
  let source = "rrc.cvc.uab.es, challenge 17; huggingface.co/datasets/lmms-lab/DocVQA"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    // The answers of the test split are not published.
    let accepts: (DataFile) -> Bool = { file in
      file.kind == .parquet || (file.kind == .json && !file.name.contains("ocr/"))
    }
    return try tables(source, train: ["train"], test: ["validation"], where: accepts) {
      row, list throws(DataError) in
      let images =
        try row.value("image_local_name") == nil
        ? source.images(row, "image")
        : [Self.image(row.text("image_local_name"), row, source)]
      try list.add(
        row, id: row.value("questionId").flatMap(Row.text), images: images,
        question: row.text("question"), answers: row.texts("answers", "answer"))
    }
  }

  /// Its pictures lie in `infographicsvqa_images` or beside the JSON.
  private static func image(
    _ name: String, _ row: Row, _ source: LoadSource
  ) throws(DataError) -> LazyImage {
    for folder in ["infographicsvqa_images/", "images/", "infographicVQA_val_v1.0_images/"]
    where FileSystem.exists("\(source.folder)/\(folder)\(name)") {
      return try source.file(folder + name, row, "image_local_name")
    }
    return try source.file(name, row, "image_local_name")
  }
}
