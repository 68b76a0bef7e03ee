import MDMImages

/// Reads the examples of a folder: every `*.jsonl` file, with images beside it.
///
/// A line is a JSON object with the fields
/// - `image`: a path relative to the folder;
/// - `question`: a text;
/// - `answer`: a text or number; with options their letter or text; optional with a box;
/// - `box`: `[x0, y0, x1, y1]` in pixels of the image;
/// - `options`: two to eight texts, which are added to the question as `A … B …`;
/// - `domain`: a name, by default the file's;
/// - `split`: `train`, `test` or `warmup`, by default `test` where the file's name begins so;
/// - `kind`: `box`, `choice`, `word` or `number`, by default what the other fields say.
///
/// Other fields are ignored unless they look like a misspelt one of these.
public enum FolderLoader {
  static let fields = [
    "image", "question", "answer", "box", "options", "domain", "split", "kind", "id",
  ]

  /// Whether a path is a folder with `*.jsonl` files, or nothing that another loader could take.
  public static func recognises(_ folder: String) -> Bool {
    guard let names = try? FileSystem.names(in: folder, ending: "") else {
      return !FileSystem.exists(folder)
    }
    return names.isEmpty || names.contains { $0.hasSuffix(".jsonl") }
  }

  /// The datasets of a folder, one a domain and split, sorted by name.
  ///
  /// The header of every image is checked; pixels are decoded when they are asked for.
  ///
  /// - Throws: `DataError` with the file, line and field of the first fault.
  public static func load(
    _ folder: String, cache: ImageCache = ImageCache()
  ) throws(DataError) -> [Dataset] {
    var images = ImageShelf(folder: folder, cache: cache)
    var groups: [String: [Record]] = [:]
    var ids: [String: String] = [:]
    for name in try FileSystem.names(in: folder, ending: ".jsonl") {
      let bytes = try FileSystem.read("\(folder)/\(name)")
      var lineNumber = 0
      for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        lineNumber += 1
        var text = Array(line)
        if lineNumber == 1, text.starts(with: [0xEF, 0xBB, 0xBF]) { text.removeFirst(3) }
        if text.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
        let reader = RecordReader(file: name, line: lineNumber)
        let record = try reader.record(text, images: &images)
        if let id = record.id, let first = ids.updateValue("\(name):\(lineNumber)", forKey: id) {
          throw DataError.badField(
            file: name, line: lineNumber, field: "id", reason: "is `\(id)`, as that of \(first)",
            hint: "every example needs an id of its own, or none")
        }
        let key =
          record.split == .train ? record.domain : "\(record.domain)/\(record.split.rawValue)"
        groups[key, default: []].append(record)
      }
    }
    guard !groups.isEmpty else { throw .noExamples(folder: folder) }
    let shelf = images
    return groups.keys.sorted().map { name in
      dataset(name: name, records: groups[name] ?? [], images: shelf)
    }
  }

  /// The suite of a folder: its `train`, `test` and `warmup` datasets.
  ///
  /// A test set of a domain without training examples is a benchmark.
  public static func suite(
    _ folder: String, cache: ImageCache = ImageCache()
  ) throws(DataError) -> Suite {
    Suite(
      name: folder.split(separator: "/").last.map(String.init) ?? folder,
      datasets: try load(folder, cache: cache))
  }

  private static func dataset(name: String, records: [Record], images: ImageShelf) -> Dataset {
    let (domain, split) = (records[0].domain, records[0].split)
    return Dataset(
      name: name, domain: domain, split: split, count: records.count,
      summary: "Examples of the folder `\(images.folder)`.",
      provenance: DatasetProvenance(source: images.folder)
    ) { index in
      let record = records[index]
      return Example(
        id: record.id ?? "\(name)/\(index)", domain: domain,
        images: [images.image(record.image)], question: record.question,
        answers: [record.answer], options: record.options,
        boxes: record.box.map { [$0] } ?? [], kind: record.kind)
    }
  }
}

/// One line of a folder dataset.
struct Record: Sendable {
  let id: String?
  let domain: String
  let split: Split
  /// The place of its image on the shelf.
  let image: Int
  let question: String
  let answer: String
  let options: [String]
  let box: Box?
  let kind: AnswerKind
}
