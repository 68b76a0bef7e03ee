import MDMData
import MDMImages
import Testing

@Suite struct FolderLoaderTests {
  private func error(_ lines: String, image: Bool = true) throws -> DataError? {
    let folder = try TemporaryFolder()
    if image { try folder.image("a.png") }
    folder.write("train.jsonl", lines)
    do throws(DataError) {
      _ = try FolderLoader.load(folder.path)
      return nil
    } catch { return error }
  }

  private let good = #"{"image": "a.png", "question": "what", "answer": "cat", "domain": "pets"}"#

  @Test func itReadsEveryKindOfAnswer() throws {
    let folder = try TemporaryFolder()
    try folder.image("a.png")
    folder.write(
      "train.jsonl",
      """
      \(good)
      {"image": "a.png", "question": "how  many", "answer": 3, "domain": "pets"}

      {"image": "a.png", "question": "pick", "answer": "blue", "options": ["red", "blue"], "domain": "pets"}
      {"image": "a.png", "question": "box it", "box": [25, 0, 75, 50], "domain": "pets"}
      """)
    folder.write(
      "test.jsonl", #"{"image": "a.png", "question": "q", "answer": "x", "domain": "pets"}"#)
    let datasets = try FolderLoader.load(folder.path)
    #expect(datasets.map(\.name) == ["pets", "pets/test"])
    let pets = datasets[0]
    #expect(pets.count == 4)
    #expect((0..<4).map { pets[$0].kind } == [.word, .number, .choice, .box])
    #expect((0..<4).map { pets[$0].answer } == ["cat", "3", "B", "2 0 6 8"])
    #expect(pets[2].question == "pick A red B blue")
    #expect(pets[1].question == "how many")
    #expect(pets[3].image.width == 100 && pets[3].box == Box(25, 0, 75, 50))
    let suite = try FolderLoader.suite(folder.path)
    #expect(suite.train.count == 1 && suite.tests.count == 1 && suite.benchmarks.isEmpty)
  }

  @Test func theFingerprintFollowsTheContent() throws {
    func fingerprint(_ answer: String, width: Int) throws -> String {
      let folder = try TemporaryFolder()
      try folder.image("a.png", width: width)
      folder.write("t.jsonl", #"{"image": "a.png", "question": "q", "answer": "\#(answer)"}"#)
      return try FolderLoader.load(folder.path)[0].fingerprint
    }
    let first = try fingerprint("x", width: 10)
    #expect(try fingerprint("x", width: 10) == first)
    #expect(try fingerprint("y", width: 10) != first)
    #expect(try fingerprint("x", width: 11) != first)
  }

  @Test func aMissingImageNamesItsLine() throws {
    let fault = try #require(try error("\n" + good, image: false))
    #expect(fault == .missingImage(file: "train.jsonl", line: 2, image: "a.png"))
    #expect(fault.description.contains("train.jsonl:2"))
  }

  @Test func aTruncatedImageNamesItsLine() throws {
    let folder = try TemporaryFolder()
    let bytes = try RGBImage(width: 20, height: 20).encodedPNG()
    folder.write("a.png", Array(bytes.dropLast(9)))
    folder.write("train.jsonl", good)
    #expect(
      throws: DataError.badImage(
        file: "train.jsonl", line: 1, image: "a.png",
        error: .truncated(format: "PNG", have: bytes.count - 9))
    ) {
      try FolderLoader.load(folder.path)
    }
  }

  @Test(arguments: [
    (#"{"question": "q", "answer": "x"}"#, "image"),
    (#"{"image": "/etc/a.png", "question": "q", "answer": "x"}"#, "image"),
    (#"{"image": "../a.png", "question": "q", "answer": "x"}"#, "image"),
    (#"{"image": "a.png", "answer": "x"}"#, "question"),
    (#"{"image": "a.png", "question": " ", "answer": "x"}"#, "question"),
    (#"{"image": "a.png", "question": "q"}"#, "answer"),
    (#"{"image": "a.png", "question": "q", "answer": true}"#, "answer"),
    (#"{"image": "a.png", "question": "q", "answer": "x", "kind": "number"}"#, "answer"),
    (#"{"image": "a.png", "question": "q", "answer": "x", "kind": "boxes"}"#, "kind"),
    (#"{"image": "a.png", "question": "q", "box": [0, 0, 101, 50]}"#, "box"),
    (#"{"image": "a.png", "question": "q", "box": [9, 0, 5, 50]}"#, "box"),
    (#"{"image": "a.png", "question": "q", "box": [0, 1, 2]}"#, "box"),
    (#"{"image": "a.png", "question": "q", "box": [0, 1, 2, "3"]}"#, "box"),
    (#"{"image": "a.png", "question": "q", "answer": "x", "options": ["a", "b"]}"#, "answer"),
    (#"{"image": "a.png", "question": "q", "answer": "a", "options": ["a"]}"#, "options"),
    (#"{"image": "a.png", "question": "q", "answer": "a", "options": ["a", "a"]}"#, "options"),
    (#"{"image": "a.png", "question": "q", "answer": "a", "optoins": ["a", "b"]}"#, "optoins"),
    (#"{"image": "a.png", "question": "q", "answer": "a", "split": "dev"}"#, "split"),
  ])
  func aBadFieldIsNamedWithAHint(_ line: String, _ name: String) throws {
    let fault = try #require(try error(good + "\n" + line))
    guard case .badField("train.jsonl", 2, name, _, let hint) = fault else {
      Issue.record("unexpected: \(fault)")
      return
    }
    #expect(!hint.isEmpty)
  }

  @Test func anIdThatComesTwiceNamesBothLines() throws {
    let line = #"{"id": "x", "image": "a.png", "question": "q", "answer": "a"}"#
    let fault = try #require(try error(line + "\n" + line))
    #expect(fault.description == "train.jsonl:2: field `id` is `x`, as that of train.jsonl:1")
  }

  @Test func badJSONNamesItsColumn() throws {
    guard case .badJSON("train.jsonl", 1, 19, _) = try error(#"{"image": "a.png",}"#) else {
      Issue.record("no such error")
      return
    }
  }

  @Test func badUTF8NamesItsColumn() throws {
    let folder = try TemporaryFolder()
    folder.write("train.jsonl", Array("{\"a\": \"".utf8) + [0xC3, 0x28] + Array("\"}".utf8))
    #expect(throws: DataError.badText(file: "train.jsonl", line: 1, column: 8)) {
      try FolderLoader.load(folder.path)
    }
  }

  @Test func anEmptyOrMissingFolderIsAnError() throws {
    let folder = try TemporaryFolder()
    #expect(throws: DataError.noExamples(folder: folder.path)) {
      try FolderLoader.load(folder.path)
    }
    #expect(throws: DataError.self) { try FolderLoader.load(folder.path + "/none") }
  }
}
