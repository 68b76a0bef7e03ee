/// ChartQA: human and augmented questions about charts.
struct ChartQALoader: DatasetLoader {
  let name = "chartqa"
  let summary =
    "ChartQA's folders (train_human.json, train_augmented.json, png/) or parquet (image, query, label)."
  let provenance = DatasetProvenance(
    licence: "GPL-3.0",
    citation: "Masry and others, ChartQA, Findings of ACL 2022, arXiv 2203.10244")
  let source = "github.com/vis-nlp/ChartQA; huggingface.co/datasets/HuggingFaceM4/ChartQA"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    // Beside the questions stand `tables/*.csv` and `annotations/*.json` of each chart.
    let accepts: (DataFile) -> Bool = { file in
      file.kind == .parquet || file.name.hasSuffix("_human.json")
        || file.name.hasSuffix("_augmented.json")
    }
    return try tables(source, train: ["train"], test: ["test"], where: accepts) {
      row, list throws(DataError) in
      let parts = row.file.split(separator: "/").dropLast()
      let images =
        try row.value("imgname") == nil
        ? source.images(row, "image")
        : [
          source.file(
            (parts + ["png", Substring(row.text("imgname"))]).joined(separator: "/"), row, "imgname"
          )
        ]
      try list.add(
        row, id: nil, images: images, question: row.text("query", "question"),
        answers: row.texts("label", "answer"))
    }
  }
}
