import MDMData
import MDMImages
import MDMParquet
import Testing

/// Tables of other projects and general formats.
@Suite struct TableLoaderTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    folder.write("a.png", try Self.png())
  }

  private static func png() throws -> [UInt8] {
    try RGBImage(width: 20, height: 10, fill: .black).encodedPNG()
  }

  private func load(_ layout: String = "table", _ name: String = "") throws -> [Dataset] {
    try #require(LoaderCatalogue.named(layout)).datasets(
      LoadSource(name.isEmpty ? folder.path : "\(folder.path)/\(name)"))
  }

  private func only(_ text: String, _ name: String = "train.jsonl") throws -> Example {
    folder.write(name, text)
    return try load()[0][0]
  }

  @Test func r1VHasProblemAndSolution() throws {
    let example = try only(
      #"{"image": "a.png", "problem": "How many?", "solution": "<answer> 3 </answer>"}"#)
    #expect(example.answer == "3" && example.kind == .number)
    #expect(example.image.width == 20)
  }

  @Test func trlHasMessages() throws {
    let example = try only(
      #"""
      {"prompt": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What?"}]}], "images": ["a.png"], "solution": "cat"}
      """#)
    #expect(example.question == "Be brief.\nWhat?" && example.answer == "cat")
  }

  @Test func verlHasAGroundTruth() throws {
    let example = try only(
      #"""
      {"data_source": "geo", "prompt": [{"role": "user", "content": "<image>Find x. Put it into <answer> tags."}], "images": ["a.png"], "ability": "math", "reward_model": {"style": "rule", "ground_truth": "48"}, "extra_info": {"split": "train"}}
      """#)
    #expect(example.answer == "48" && !example.question.contains("<image>"))
    #expect(example.template == .plain)
  }

  @Test func csvHasColumns() throws {
    folder.write(
      "test.csv", "id,image,question,answer\n7,a.png,\"What, then?\",cat\n8,a.png,Why?,dog\n")
    let set = try load("table", "test.csv")[0]
    #expect(set.count == 2 && set.split == .test)
    #expect(set[0].question == "What, then?" && set[0].id == "7")
  }

  @Test func aCSVFieldThatIsEmptyNamesItsLine() throws {
    folder.write("train.csv", "image,question,answer\na.png,q,x\na.png,,y\n")
    #expect {
      try load()
    } throws: {
      ($0 as? DataError)?.description == "train.csv, row 3, field `question` is null"
    }
  }

  @Test func imagesMayBeDataURIs() throws {
    let png = try Self.png()
    let code = "iVBORw0KGgo"
    #expect(png.starts(with: [0x89, 0x50]) && !code.isEmpty)
    folder.write(
      "train.jsonl",
      "{\"image\": \"data:image/png;base64,\(base64(png))\", \"question\": \"q\", \"answer\": \"a\"}"
    )
    #expect(try load()[0][0].image.decoded().height == 10)
  }

  private func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let part = Array(bytes[start..<min(start + 3, bytes.count)])
      let bits = part.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - part.count))
      for place in 0..<4 {
        text.append(
          place <= part.count ? letters[bits >> (18 - 6 * place) & 63] : "=")
      }
    }
    return text
  }

  @Test func optionsAndBoxesAreTaken() throws {
    folder.write(
      "train.jsonl",
      #"""
      {"image": "a.png", "question": "q", "options": ["x", "y"], "answer": 1}
      {"image": "a.png", "question": "q", "box": [2, 1, 10, 6]}
      """#)
    let set = try load()[0]
    #expect(set[0].answer == "B")
    #expect(set[1].box == Box(2, 1, 10, 6) && set[1].answer.contains("[100, 100, 500, 600]"))
  }

  @Test func huggingFaceFoldersHaveShardsAndALicence() throws {
    for (name, question) in [("train-00000-of-00002", "one"), ("train-00001-of-00002", "two")] {
      var writer = ParquetWriter(columns: [
        .init("image", .image), .init("question", .text), .init("answer", .text),
      ])
      writer.append([
        .record([("bytes", .bytes(try Self.png())), ("path", .null)]), .text(question), .text("a"),
      ])
      folder.write("data/\(name).parquet", writer.finish())
    }
    folder.write(
      "dataset_infos.json",
      #"{"default": {"license": "mit", "citation": "@misc{x}", "features": {}}}"#)
    let set = try load()[0]
    #expect((0..<2).map { set[$0].question } == ["one", "two"])
    #expect(set.provenance.licence == "mit" && set.provenance.citation == "@misc{x}")
  }

  @Test func webDatasetArchivesAreRead() throws {
    func entry(_ name: String, _ content: [UInt8]) -> [UInt8] {
      var head = [UInt8](repeating: 0, count: 512)
      func put(_ text: String, _ at: Int) {
        for (i, byte) in text.utf8.enumerated() { head[at + i] = byte }
      }
      put(name, 0)
      put("0000644", 100)
      let size = String(content.count, radix: 8)
      put(String(repeating: "0", count: 11 - size.count) + size, 124)
      put("        ", 148)
      put("0", 156)
      put("ustar", 257)
      let sum = String(head.reduce(0) { $0 + Int($1) }, radix: 8)
      put(String(repeating: "0", count: 6 - sum.count) + sum + "\0 ", 148)
      return head + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }
    let json = Array(#"{"question": "What?", "answer": "cat"}"#.utf8)
    let archive =
      entry("0001.png", try Self.png()) + entry("0001.json", json)
      + entry("0002.png", try Self.png()) + entry("0002.json", json)
      + [UInt8](repeating: 0, count: 1024)
    folder.write("train-000.tar", archive)
    let set = try load()[0]
    #expect(set.count == 2 && set[1].id == "0002")
    #expect(try set[1].image.decoded().width == 20)
    folder.write("train-000.tar", Array(archive.prefix(900)))
    #expect(throws: DataError.self) { try load() }
  }

  @Test func foldersOfImagesAskForTheClass() throws {
    for path in ["train/cat/1.png", "train/dog/2.png", "test/cat/3.png"] {
      folder.write(path, try Self.png())
    }
    let sets = try load("image_folder")
    #expect(sets.map(\.count) == [2, 1])
    #expect(sets[0][1].options == ["cat", "dog"] && sets[0][1].answer == "B")
  }

  @Test func aPathThatLeavesTheFolderIsRefused() throws {
    #expect(throws: DataError.self) {
      try only(#"{"image": "../a.png", "question": "q", "answer": "a"}"#)
    }
  }

  @Test(arguments: DatasetExport.allCases) func whatIsExportedIsReadBack(
    _ form: DatasetExport
  ) throws {
    let examples = (0..<3).map { index in
      Example(
        id: "e\(index)", domain: "geo", image: RGBImage(width: 4 + index, height: 3),
        question: "which one", answer: "B", options: ["x", "y"], kind: .choice)
    }
    let set = Dataset(name: "geo", domain: "geo", split: .train, examples: examples)
    var bytes: [UInt8] = []
    try form.write(set) { bytes += $0 }
    folder.write("out/train.parquet", bytes)
    let read = try load("table", "out")[0]
    #expect(read.count == 3 && read[2].image.width == 6)
    #expect(read[0].question.hasPrefix("which one\nA. x\nB. y\n"))
    #expect(try read[1].image.decoded() == examples[1].image.decoded())
  }

  @Test func theHashFollowsOrderFieldsAndPixels() throws {
    func hash(_ answers: [String], shade: UInt8 = 0) -> String {
      let examples = answers.enumerated().map { index, answer in
        Example(
          id: "\(answer)", domain: "d",
          image: RGBImage(width: 2, height: 2, fill: RGBColor(shade, 0, 0)), question: "q",
          answer: answer, kind: .word)
      }
      return Dataset(name: "d", domain: "d", split: .train, examples: examples).fingerprint
    }
    #expect(hash(["a", "b"]) == hash(["a", "b"]))
    #expect(hash(["a", "b"]) != hash(["b", "a"]))
    #expect(hash(["a", "b"]) != hash(["a", "c"]))
    #expect(hash(["a", "b"]) != hash(["a", "b"], shade: 1))
  }

  @Test func repeatedAndContaminatedExamplesAreFound() throws {
    func picture(_ seed: Int, _ side: Int) -> RGBImage {
      var canvas = Canvas(width: 60, height: 60)
      for i in 0..<6 {
        canvas.fillRectangle(
          x: (seed * 37 + i * 23) % 50, y: (seed * 11 + i * 31) % 50, width: 14, height: 9,
          RGBColor(UInt8((seed * 60 + i * 40) % 256), UInt8(i * 30), 90))
      }
      return canvas.image.bicubic(width: side, height: side)
    }
    func set(_ items: [(Int, Int, String)]) -> Dataset {
      Dataset(
        name: "d", domain: "d", split: .train,
        examples: items.enumerated().map { index, item in
          Example(
            id: "\(index)", domain: "d", image: picture(item.0, item.1), question: item.2,
            answer: "x", kind: .word)
        })
    }
    let train = set([(1, 60, "q"), (2, 60, "q"), (1, 60, " Q "), (1, 45, "q"), (1, 60, "other")])
    let keys = try PictureKeys.all(of: train)
    #expect(Dataset.distinct(keys, distance: nil) == [0, 1, 3, 4])
    #expect(Dataset.distinct(keys, distance: 6) == [0, 1, 4])
    let benchmark = try PictureKeys.all(of: set([(1, 60, "q"), (3, 60, "q"), (2, 50, "new")]))
    let found = Contamination(train: keys, benchmark: benchmark, distance: 6).matches
    #expect(found.map(\.benchmark) == [0, 2])
    #expect(found[0].isExact && found[0].sameQuestion)
    #expect(!found[1].isExact && found[1].train == 1 && !found[1].sameQuestion)
  }
}
