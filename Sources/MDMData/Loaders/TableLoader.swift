import MDMImages
import MDMParquet

/// Tables with an image, a question and an answer under any of the usual names: folders of Hugging
/// Face, JSON, JSONL, CSV, WebDataset archives, and the prompts of TRL, verl and R1-V.
struct TableLoader: DatasetLoader {
  let name = "table"
  let summary =
    "Parquet, JSONL, JSON, CSV or tar with image(s), question or prompt, answer, options, box."
  let provenance = DatasetProvenance()
  let source = "docs of datasets (image features), TRL (vision prompts), verl (data preparation)"

  private static let images = [
    "images", "image", "decoded_image", "image_bytes", "jpg", "jpeg", "png", "webp", "gif",
    "file_name", "image_path", "img",
  ]

  func datasets(_ source: LoadSource) throws(DataError) -> [Dataset] {
    let files = DataFile.usual(try DataFile.all(source.path))
    let hasTest = files.contains { $0.split == "test" }
    // Where there is a test set, a validation set is for choosing settings and stays out.
    let sets = try tables(
      source, train: ["train"], test: hasTest ? ["test"] : ["validation", "testmini"]
    ) { row, list throws(DataError) in try add(row, source, &list) }
    let name = source.path.split(separator: "/").last.map(String.init) ?? self.name
    let domain = String(name.split(separator: ".").first ?? Substring(name))
    return sets.map { set in
      let examples = (0..<set.count).map { set[$0].with(domain: domain) }
      return Dataset(
        name: set.split == .train ? domain : "\(domain)/\(set.split.rawValue)", domain: domain,
        split: set.split, examples: examples, summary: summary,
        provenance: Self.provenance(source))
    }
  }

  private func add(
    _ row: Row, _ source: LoadSource, _ list: inout ExampleList
  ) throws(DataError) {
    var images: [LazyImage] = []
    if let field = Self.images.first(where: { row.value($0) != nil }) {
      images = try source.images(row, field)
    }
    let (question, isTemplated) = try question(row)
    let options = try row.value("options", "choices") == nil ? [] : row.texts("options", "choices")
    let boxes = try row.boxes("box") + row.boxes("bbox") + row.boxes("boxes")
    guard boxes.allSatisfy(\.isValid) else {
      throw row.error("box", "is empty or inverted", "write [x0, y0, x1, y1] in pixels")
    }
    guard !images.isEmpty else {
      throw row.error("image", "is missing", "give one of \(Self.images.joined(separator: ", "))")
    }
    var answers: [String]
    if !boxes.isEmpty, row.value("answer", "solution") == nil {
      let size = try source.size(images[0], row, "image")
      answers = [
        VisualRFTLoader.answer(boxes, width: Double(size.width), height: Double(size.height))
      ]
    } else {
      answers = try answer(row)
    }
    if !options.isEmpty {
      answers = [try Self.letter(row, answers[0], options)]
    }
    try list.add(
      row, id: row.value("id", "__key__").flatMap(Row.text), images: images, question: question,
      answers: answers, options: options, boxes: boxes, template: isTemplated ? .plain : .twoStep)
  }

  /// A choice by its text or letter, or by its number where it is written as one.
  private static func letter(
    _ row: Row, _ answer: String, _ options: [String]
  ) throws(DataError) -> String {
    if case .int(let index)? = row.value("answer", "label"), options.indices.contains(Int(index)),
      !options.contains(answer)
    {
      return try ExampleList.letters(options, row)[Int(index)]
    }
    return try ExampleList.letter(answer, options, row, "answer")
  }

  /// The question, and whether it says already how to answer.
  private func question(_ row: Row) throws(DataError) -> (String, Bool) {
    guard let prompt = row.value("prompt"), let turns = prompt.items else {
      let text = try row.text("question", "problem", "query", "prompt", "text", "txt")
      return (Self.withoutMarks(text), text.contains("<answer>"))
    }
    // Messages of TRL and verl: what the user says, and the system before.
    var texts: [String] = []
    for turn in turns where turn["role"]?.text != "assistant" {
      if let text = turn["content"]?.text {
        texts.append(text)
      } else {
        texts += (turn["content"]?.items ?? []).compactMap { $0["text"]?.text }
      }
    }
    guard !texts.isEmpty else {
      throw row.error(
        "prompt", "holds no text", "write [{\"role\": \"user\", \"content\": \"…\"}]")
    }
    let text = texts.joined(separator: "\n")
    return (Self.withoutMarks(text), text.contains("<answer>"))
  }

  /// Images stand before the question in mdm's prompts, so the marks for them go.
  private static func withoutMarks(_ text: String) -> String {
    ExampleList.trimmed(text.replacing("<image>", with: ""))
  }

  private func answer(_ row: Row) throws(DataError) -> [String] {
    if let truth = row.value("reward_model")?["ground_truth"], let text = Row.text(truth) {
      return [text]
    }
    let texts = try row.texts(
      "answer", "answers", "solution", "label", "ground_truth", "correct_answer", "cls")
    guard !texts.isEmpty else {
      throw row.error("answer", "is an empty list", "give the correct answer, or leave the row out")
    }
    return texts.map(VisualRFTLoader.inside)
  }

  /// What a folder of Hugging Face says of licence and citation in `dataset_infos.json`.
  private static func provenance(_ source: LoadSource) -> DatasetProvenance {
    var provenance = DatasetProvenance(source: source.path)
    let path = "\(source.folder)/dataset_infos.json"
    guard FileSystem.exists(path), let bytes = try? FileSystem.read(path, limit: 1 << 24),
      let infos = try? DataFile.object(bytes, file: path, line: 1),
      case .record(let configurations) = infos
    else { return provenance }
    for (_, info) in configurations {
      provenance.licence = info["license"]?.text ?? provenance.licence
      provenance.citation = info["citation"]?.text ?? provenance.citation
    }
    return provenance
  }
}
