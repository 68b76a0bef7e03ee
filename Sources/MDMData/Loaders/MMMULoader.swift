import MDMImages

/// MMMU: college questions with up to seven images, of which the text says where they belong.
struct MMMULoader: DatasetLoader {
  let name = "mmmu"
  let summary = "MMMU's parquet (id, question, options, answer, question_type, image_1 … image_7)."
  let provenance = DatasetProvenance(
    licence: "Apache-2.0", citation: "Yue and others, MMMU, CVPR 2024, arXiv 2311.16502")
  let source = "huggingface.co/datasets/MMMU/MMMU"

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    // The answers of the test split are not published; `dev` is for examples in prompts.
    try tables(source, train: [], test: ["validation"]) { row, list throws(DataError) in
      if row.file.contains("dev-") { return }
      var images: [LazyImage] = []
      for index in 1...7 where row.value("image_\(index)") != nil {
        images += try source.images(row, "image_\(index)")
      }
      guard !images.isEmpty else {
        throw row.error("image_1", "is missing", "a question of MMMU has at least one image")
      }
      let options = try Self.options(row)
      let answer = try row.text("answer")
      try list.add(
        row, id: row.value("id").flatMap(Row.text), images: images, question: row.text("question"),
        answers: options.isEmpty
          ? Self.pythonList(answer) ?? [answer]
          : [ExampleList.letter(answer, options, row, "answer")], options: options)
    }
  }

  private static func options(_ row: Row) throws(DataError) -> [String] {
    guard let value = row.value("options") else { return [] }
    if value.items != nil { return try row.texts("options") }
    guard let texts = pythonList(try row.text("options")) else {
      throw row.error("options", "is no list", "MMMU writes ['a', 'b']")
    }
    return texts
  }

  /// The texts of a list as Python prints it; nil where it is none.
  static func pythonList(_ text: String) -> [String]? {
    var rest = Substring(ExampleList.trimmed(text))
    guard rest.popFirst() == "[", rest.popLast() == "]" else { return nil }
    var items: [String] = []
    while true {
      rest = rest.drop { $0 == " " || $0 == "," || $0.isNewline }
      guard let quote = rest.first else { return items }
      if quote != "'" && quote != "\"" {
        let word = rest.prefix { $0 != "," }
        items.append(ExampleList.trimmed(String(word)))
        rest = rest.dropFirst(word.count)
        continue
      }
      rest.removeFirst()
      var item = ""
      while let next = rest.popFirst(), next != quote {
        guard next == "\\" else {
          item.append(next)
          continue
        }
        guard let escaped = rest.popFirst() else { return nil }
        item.append(escaped == "n" ? "\n" : escaped == "t" ? "\t" : escaped)
      }
      items.append(item)
    }
  }
}
