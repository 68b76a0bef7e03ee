import Foundation
import MDMData
import MDMImages

/// Mutated files of each layout are examples, or are refused with a place and a hint.
public struct LoaderTarget: FuzzTarget {
  public static let name = "loader"
  private let folder: String
  private let mutator: Mutator

  /// A layout, the file that is mutated, and a whole one.
  private static let files: [(layout: String, file: String, text: String)] = [
    (
      "table", "train.jsonl",
      #"""
      {"id": "1", "image": "a.png", "question": "q", "answer": "x", "options": ["x", "y"]}
      {"image": {"path": "a.png", "bytes": null}, "problem": "p", "solution": "<answer>2</answer>", "box": [0, 0, 2, 2]}
      {"prompt": [{"role": "user", "content": [{"type": "text", "text": "t"}]}], "images": ["a.png"], "reward_model": {"ground_truth": 3}}
      """#
    ),
    ("table", "train.csv", "image,question,answer\na.png,\"q, r\",1\na.png,\"\"\"\",2\n"),
    (
      "coco", "instances.json",
      #"""
      {"images": [{"id": 1, "file_name": "a.png", "width": 4, "height": 3}], "info": {"a": [1, "}"]},
       "annotations": [{"image_id": 1, "category_id": 2, "bbox": [0, 0, 2, 2.5], "iscrowd": 0}],
       "categories": [{"id": 2, "name": "cat"}]}
      """#
    ),
    (
      "lisa", "a.json",
      #"{"text": ["one", "two"], "shapes": [{"label": "target", "points": [[0, 0], [3, 0], [2, 2]]}]}"#
    ),
    (
      "infovqa", "val.json",
      #"{"data": [{"questionId": 3, "question": "q", "image_local_name": "a.png", "answers": ["1"]}]}"#
    ),
    ("chartqa", "test_human.json", #"[{"imgname": "a.png", "query": "q", "label": "l"}]"#),
    (
      "mmmu", "validation.jsonl",
      #"{"id": "x", "question": "q", "options": "['a', \"b\", 'c\\'s']", "answer": "B", "image_1": "a.png"}"#
    ),
    (
      "mathvista", "testmini.jsonl",
      #"{"pid": "1", "question": "q", "decoded_image": "a.png", "choices": ["1", "2"], "answer": "2"}"#
    ),
    (
      "geoqav", "train.jsonl",
      #"{"image": "a.png", "problem": "p\nA. 1\nB. 2", "solution": "<answer>B</answer>"}"#
    ),
    (
      "sat", "train.jsonl",
      #"{"image_bytes": ["a.png"], "question": "q", "answers": ["y", "n"], "correct_answer": "n"}"#
    ),
    (
      "scienceqa", "train.jsonl",
      #"{"image": "a.png", "question": "q", "choices": ["y", "n"], "answer": 1, "hint": "h"}"#
    ),
    (
      "visual_rft", "train.jsonl",
      #"{"image": "a.png", "problem": "p", "solution": "<answer>[{'Position': [1, 2, 3, 4], 'Confidence': 1}]"}"#
    ),
  ]

  public init(root: String) {
    folder =
      NSTemporaryDirectory()
      + "mdm-fuzz-\(ProcessInfo.processInfo.processIdentifier)-\(UUID().uuidString)"
    mutator = Mutator(
      corpus: Self.files.map(\.text),
      words: [
        "null", "true", "-1", "0", "1e300", "99", "\"\"", "\"B\"", "[]", "{}", "[[1]]",
        "\"../a.png\"",
        "\"\\u0000\"", "\"a.png\"", "\"b.png\"", ",", ":", "\"", "]", "}", "'", "<answer>",
        "Position",
        "\"data:image/png;base64,AAAA\"", "\n", "\r\n",
      ])
  }

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    let place = random.next(Self.files.count)
    let file = Self.files[place]
    let own = Mutator(
      corpus: [file.text], words: ["null", "0", "-1", "\"x\"", "[]", "{}", "\"", "]", "}"])
    let text = random.oneIn(3) ? mutator.text(&random) : own.text(&random)
    return [UInt8(place)] + Array(text.utf8)
  }

  public func run(_ input: [UInt8]) throws {
    guard let first = input.first, Int(first) < Self.files.count else { return }
    let file = Self.files[Int(first)]
    let files = FileManager.default
    try files.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? files.removeItem(atPath: folder) }
    let picture = try RGBImage(width: 4, height: 3).encodedPNG()
    try Data(picture).write(to: URL(filePath: "\(folder)/a.png"))
    try Data(input.dropFirst()).write(to: URL(filePath: "\(folder)/\(file.file)"))
    do throws(DataError) {
      let loader = LoaderCatalogue.named(file.layout)
      for set in try loader?.datasets(LoadSource(folder)) ?? [] {
        for index in 0..<set.count { try law(set[index]) }
      }
    } catch {
      try BrokenLaw.unless(!error.description.isEmpty && !error.hint.isEmpty, "refused in silence")
    }
  }

  private func law(_ example: Example) throws(DataError) {
    precondition(!example.question.isEmpty && !example.answer.isEmpty && !example.images.isEmpty)
    precondition(example.kind != .choice || example.letters.contains(example.answer))
    _ = PromptTemplate.twoStep.text(example)
  }
}
