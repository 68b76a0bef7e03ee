import MDMData
import MDMImages
import MDMParquet
import Testing

/// Small files in the schemas that the sets' authors publish.
@Suite struct LoaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func png(_ width: Int = 20, _ height: Int = 10, shade: UInt8 = 9) throws -> [UInt8] {
    try RGBImage(width: width, height: height, fill: RGBColor(shade, 0, 0)).encodedPNG()
  }

  private func image(_ width: Int = 20, _ height: Int = 10) throws -> ParquetValue {
    .record([("bytes", .bytes(try png(width, height))), ("path", .text("a.png"))])
  }

  private func texts(_ texts: String...) -> ParquetValue { .list(texts.map { .text($0) }) }

  private func parquet(
    _ name: String, _ columns: [ParquetType.Field], _ rows: [[ParquetValue]]
  ) {
    var writer = ParquetWriter(columns: columns)
    for row in rows { writer.append(row) }
    folder.write(name, writer.finish())
  }

  private func load(_ layout: String, seed: UInt64? = 0) throws -> [Dataset] {
    try #require(LoaderCatalogue.named(layout)).datasets(LoadSource(folder.path, seed: seed))
  }

  private func fault(_ layout: String) throws -> DataError? {
    do {
      _ = try load(layout)
      return nil
    } catch let error as DataError { return error }
  }

  @Test func everyLayoutIsDescribed() {
    for loader in LoaderCatalogue.all {
      #expect(!loader.summary.isEmpty && !loader.source.isEmpty)
      #expect(loader.summary.hasSuffix("."))
    }
    #expect(Set(LoaderCatalogue.all.map(\.name)).count == LoaderCatalogue.all.count)
  }

  private let scienceQA: [ParquetType.Field] = [
    .init("image", .image), .init("question", .text), .init("choices", .list(.text)),
    .init("answer", .int), .init("hint", .text), .init("task", .text),
  ]

  @Test func scienceQAKeepsItemsWithImages() throws {
    parquet(
      "data/train-00000-of-00001.parquet", scienceQA,
      [
        [try image(), .text("Which?"), texts("red", "blue"), .int(1), .text("Look."), .text("x")],
        [.null, .text("No image"), texts("a", "b"), .int(0), .text(""), .text("x")],
      ])
    parquet(
      "data/test-00000-of-00001.parquet", scienceQA,
      [[try image(), .text("Where?"), texts("up", "down", "left"), .int(0), .text(""), .null]])
    let sets = try load("scienceqa")
    #expect(sets.map(\.name) == ["scienceqa", "scienceqa/test"])
    #expect(sets.map(\.count) == [1, 1])
    let example = sets[0][0]
    #expect(example.answer == "B" && example.options == ["red", "blue"] && example.kind == .choice)
    #expect(example.question == "Context: Look.\nWhich?")
    #expect(example.image.width == 20)
    #expect(sets[0].provenance.licence == "CC BY-NC-SA 4.0")
    let prompt = PromptFormat.tags.prompt(for: example).joined(separator: " ")
    #expect(prompt.contains("A. red\nB. blue") && prompt.contains("<answer>(option)</answer>"))
  }

  @Test func aChoiceThatIsNoneNamesFileAndRow() throws {
    parquet(
      "data/train-00000-of-00001.parquet", scienceQA,
      [
        [try image(), .text("q"), texts("a", "b"), .int(0), .text(""), .null],
        [try image(), .text("q"), texts("a", "b"), .int(2), .text(""), .null],
      ])
    let error = try #require(try fault("scienceqa"))
    #expect(
      error.description
        == "data/train-00000-of-00001.parquet, row 2, field `answer` is 2, which is no option")
  }

  @Test(arguments: [
    (0, 30, "train.parquet, row 1, field `options` has 30 options"),
    (1, 0, "train.parquet, row 1, field `answer` is an empty list"),
  ])
  func optionsWithoutLettersAndAnswersWithoutTextsAreNamed(
    _ answer: Int, _ count: Int, _ message: String
  ) throws {
    let options = (0..<count).map { ParquetValue.text("\($0)") }
    parquet(
      "train.parquet",
      [
        .init("image", .image), .init("question", .text), .init("options", .list(.text)),
        .init("answer", .list(.text)),
      ],
      [
        [
          try image(), .text("q"), count > 0 ? .list(options) : .list([.text("x")]),
          answer == 0 ? .list([.text("29")]) : .list([]),
        ]
      ])
    #expect(try fault("table")?.description == message)
  }

  @Test func aMissingColumnNamesThoseThereAre() throws {
    parquet(
      "train.parquet", [.init("image", .image), .init("query", .text)], [[try image(), .text("q")]])
    let error = try #require(try fault("scienceqa"))
    #expect(error.description == "train.parquet, row 1, field `choices` is missing")
    #expect(error.hint == "its fields are image, query")
  }

  @Test func aCutOffFileIsNamed() throws {
    folder.write("train.parquet", Array("PAR1 and no more".utf8))
    let error = try #require(try fault("scienceqa"))
    #expect(error.description == "`train.parquet` is a Parquet file that is cut off")
  }

  @Test func satTakesSingleImagesAndKeepsWords() throws {
    let columns: [ParquetType.Field] = [
      .init("image_bytes", .list(.bytes)), .init("question", .text), .init("answers", .list(.text)),
      .init("question_type", .text), .init("correct_answer", .text),
    ]
    let one = ParquetValue.list([.bytes(try png())])
    let two = ParquetValue.list([.bytes(try png()), .bytes(try png())])
    parquet(
      "SAT_train.parquet", columns,
      [
        [one, .text("Is it left?"), texts("yes", "no"), .text("other"), .text("no")],
        [two, .text("Turned?"), texts("left", "right"), .text("egomovement"), .text("left")],
      ])
    parquet(
      "SAT_val.parquet", columns,
      [[one, .text("Above?"), texts("yes", "no"), .text("other"), .text("yes")]])
    let sets = try load("sat", seed: nil)
    #expect(sets.map(\.count) == [1, 1])
    #expect(sets[0][0].answer == "no" && sets[0][0].kind == .word)
    #expect(
      sets[0][0].question
        == "Answer in natural language. Is it left? Choose between the following options: yes or no"
    )
  }

  @Test func satDrawsItsCutAndTheOrderOfOptionsByTheSeed() throws {
    let columns: [ParquetType.Field] = [
      .init("image_bytes", .list(.bytes)), .init("question", .text), .init("answers", .list(.text)),
      .init("correct_answer", .text),
    ]
    let picture = ParquetValue.list([.bytes(try png())])
    let options = texts("near", "far", "level")
    parquet(
      "SAT_train.parquet", columns,
      (0..<15_200).map { [picture, .text("Question \($0)?"), options, .text("far")] })
    func questions(_ seed: UInt64?) throws -> [String] {
      let set = try load("sat", seed: seed)[0]
      return (0..<set.count).map { set[$0].question }
    }
    func places(_ questions: [String]) -> [Int] {
      questions.compactMap { $0.split(separator: "?").first?.split(separator: " ").last }
        .compactMap { Int($0) }
    }
    let (drawn, again, other) = (try questions(0), try questions(0), try questions(1))
    #expect(drawn.count == 15_000 && drawn == again && drawn != other)
    #expect(places(drawn) == places(drawn).sorted() && Set(places(drawn)).count == 15_000)
    // All but 200 rows are in any cut: what is missing lies anywhere.
    let missing = Set(0..<15_200).subtracting(places(drawn))
    #expect(missing.min() ?? 0 < 1_000 && missing.max() ?? 0 > 14_200)
    let orders = Set(drawn.compactMap { $0.split(separator: ": ").last })
    #expect(orders.count == 6 && orders.contains("near, far or level"))
    let first = try questions(nil)
    #expect(places(first) == Array(0..<15_000))
    #expect(first.allSatisfy { $0.hasSuffix("options: near, far or level") })
  }

  @Test func geoQAKeepsProblemsWithALetter() throws {
    let columns: [ParquetType.Field] = [
      .init("image", .image), .init("problem", .text), .init("solution", .text),
      .init("original_question", .text), .init("original_answer", .text),
    ]
    parquet(
      "data/train-00000-of-00001.parquet", columns,
      [
        [
          try image(1280, 640), .text("Find the angle.\nChoices:\nA. 30°\nB. 60°\nC. 90°"),
          .text("<think>half</think><answer>B</answer>"), .null, .null,
        ],
        [
          try image(), .text("How long is it?"), .text("<think>x</think><answer>12</answer>"),
          .null,
          .null,
        ],
      ])
    let set = try load("geoqav")[0]
    #expect(set.count == 1)
    #expect(set[0].question == "Find the angle." && set[0].options == ["30°", "60°", "90°"])
    #expect(set[0].answer == "B")
    #expect(set[0].image.width == 640 && set[0].image.height == 320)
    #expect(try set[0].image.decoded().width == 640)
  }

  @Test(arguments: [
    ("B", "B"), ("(C)", "C"), ("D.", "D"), ("A: 3", "A"), ("Answer: B", "B"), ("12", nil),
    ("BC", nil), ("Because", nil), ("I", nil),
  ])
  func aLetterIsFoundInAnAnswer(_ text: String, _ letter: String?) throws {
    parquet(
      "train.parquet",
      [.init("image", .image), .init("problem", .text), .init("solution", .text)],
      [
        [
          try image(), .text("q\n(A) 1\n(B) 2\n(C) 3\n(D) 4"),
          .text("<answer>\(text)</answer>"),
        ]
      ])
    guard let letter else {
      #expect(try fault("geoqav")?.description.contains("holds no examples") == true)
      return
    }
    #expect(try load("geoqav")[0][0].answer == letter)
  }

  @Test func lisaMakesAnExampleOfEachQuestion() throws {
    folder.write("train/1.png", try png(1280, 320))
    folder.write(
      "train/1.json",
      #"""
      {"text": ["the thing that flies", "what has wings?"], "is_sentence": true, "shapes": [
        {"label": "target", "labels": ["target"], "shape_type": "polygon", "points": [[100, 20], [300, 20], [200, 120]]},
        {"label": "ignore", "shape_type": "polygon", "points": [[0, 0], [5, 5], [9, 0]]}]}
      """#)
    folder.write("val/2.png", try png(100, 50))
    folder.write(
      "val/2.json",
      #"{"text": ["it"], "shapes": [{"label": "target", "points": [[0, 0], [50, 0], [50, 25]]}]}"#)
    let sets = try load("lisa")
    #expect(sets.map(\.count) == [2, 1])
    let first = sets[0][0]
    // 1280 x 320 becomes 640 x 160: everything is halved.
    #expect(first.image.width == 640 && first.image.height == 160)
    #expect(first.box == Box(50, 10, 150, 60))
    #expect(first.answer == "[{'Position': [78, 63, 234, 375], 'Confidence': 1.0}]")
    #expect(first.question.hasSuffix("instruction: the thing that flies"))
    #expect(first.pixelBox(ofCells: Box(78, 62.5, 234, 375)).y1 == 60)
    #expect(sets[1][0].box == Box(0, 0, 50, 25))
  }

  @Test func aLISAFileWithoutATargetIsNamed() throws {
    folder.write("train/1.png", try png())
    folder.write("train/1.json", #"{"text": ["a"], "shapes": [{"label": "flag", "points": []}]}"#)
    let error = try #require(try fault("lisa"))
    #expect(error.description == "train/1.json, row 1, field `shapes` has no target with an area")
  }

  @Test func cocoGathersTheBoxesOfACategory() throws {
    folder.write("train2017/000000000009.jpg", try png(200, 100))
    folder.write(
      "annotations/instances_train2017.json",
      #"""
      {"info": {"year": 2017, "note": "}]"}, "licenses": [],
       "images": [{"id": 9, "file_name": "000000000009.jpg", "width": 200, "height": 100, "license": 3},
                  {"id": 10, "file_name": "missing.jpg", "width": 5, "height": 5}],
       "annotations": [
         {"id": 1, "image_id": 9, "category_id": 18, "bbox": [10, 20, 30, 40.5], "area": 1215, "iscrowd": 0, "segmentation": [[1, 2]]},
         {"id": 2, "image_id": 9, "category_id": 18, "bbox": [100, 0, 100, 100], "iscrowd": 0},
         {"id": 3, "image_id": 9, "category_id": 1, "bbox": [0, 0, 50, 50], "iscrowd": 0},
         {"id": 4, "image_id": 9, "category_id": 1, "bbox": [0, 0, 200, 100], "iscrowd": 1}],
       "categories": [{"id": 1, "name": "person"}, {"id": 18, "name": "dog"}]}
      """#)
    let set = try load("coco")[0]
    #expect(set.count == 2 && set.split == .train)
    #expect(set[0].id == "9/person" && set[0].boxes == [Box(0, 0, 50, 50)])
    #expect(set[1].boxes == [Box(10, 20, 40, 60.5), Box(100, 0, 200, 100)])
    #expect(set[1].answer.hasPrefix("[{'Position': [50, 200, 200, 605], 'Confidence': 1.0}, "))
    #expect(set[1].question.contains("'dog'"))
  }

  @Test func aWrongCOCOCategoryNamesTheAnnotation() throws {
    folder.write("a.jpg", try png())
    folder.write(
      "instances.json",
      #"""
      {"images": [{"id": 1, "file_name": "a.jpg", "width": 20, "height": 10}], "categories": [],
       "annotations": [{"image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1]}]}
      """#)
    let error = try #require(try fault("coco"))
    #expect(
      error.description
        == "instances.json, annotations, row 1, field `category_id` is 7, which no category has")
  }

  @Test func aCOCOAnnotationOfNoImageIsNamed() throws {
    folder.write("a.jpg", try png())
    folder.write(
      "instances.json",
      #"""
      {"images": [{"id": 1, "file_name": "a.jpg", "width": 20, "height": 10}],
       "categories": [{"id": 7, "name": "dog"}], "annotations": [
       {"image_id": 1, "category_id": 7, "bbox": [0, 0, 1, 1]},
       {"image_id": 2, "category_id": 7, "bbox": [0, 0, 1, 1]}]}
      """#)
    let error = try #require(try fault("coco"))
    #expect(
      error.description
        == "instances.json, annotations, row 2, field `image_id` is 2, which no image has")
  }

  @Test func badJSONOfCOCOHasALine() throws {
    folder.write("instances.json", "{\"images\": [\n {\"id\": 1,, }]}")
    guard case .badJSON("instances.json", 2, _, _)? = try fault("coco") else {
      Issue.record("\(String(describing: try fault("coco")))")
      return
    }
  }

  @Test func visualRFTHasBoxesInThousandths() throws {
    parquet(
      "data/train-00000-of-00001.parquet",
      [.init("image", .image), .init("problem", .text), .init("solution", .text)],
      [
        [
          try image(200, 100), .text("Detect all objects of 'cat' … <answer>"),
          .text("<answer>[{'Position': [100, 200, 300, 400], 'Confidence': 1}]</answer>"),
        ],
        [try image(), .text("Detect 'dog'"), .text("<answer>No Objects</answer>")],
      ])
    let set = try load("visual_rft")[0]
    #expect(set[0].boxes == [Box(20, 20, 60, 40)] && set[0].coordinates == .thousandths)
    #expect(set[1].boxes.isEmpty && set[1].kind == .box && set[1].answer == "No Objects")
    #expect(PromptFormat.tags.prompt(for: set[1]).joined(separator: " ") == "Detect 'dog'")
  }

  @Test func chartQAReadsHumanAndAugmentedQuestions() throws {
    folder.write("train/png/1.png", try png())
    folder.write(
      "train/train_human.json", #"[{"imgname": "1.png", "query": "How many?", "label": "3"}]"#)
    folder.write(
      "train/train_augmented.json", #"[{"imgname": "1.png", "query": "Which?", "label": "UK"}]"#)
    folder.write("train/annotations/1.json", #"{"type": "bar", "models": []}"#)
    folder.write("train/tables/1.csv", "a,b\n1,2\n")
    folder.write("test/png/2.png", try png())
    folder.write(
      "test/test_human.json", #"[{"imgname": "2.png", "query": "When?", "label": "2014"}]"#)
    let sets = try load("chartqa")
    #expect(sets.map(\.count) == [2, 1])
    #expect(Set((0..<2).map { sets[0][$0].answer }) == ["3", "UK"])
    #expect(sets[1][0].image.width == 20)
  }

  @Test func chartQAReadsItsParquetForm() throws {
    parquet(
      "data/test-00000-of-00001.parquet",
      [
        .init("image", .image), .init("query", .text), .init("label", .list(.text)),
        .init("human_or_machine", .int),
      ], [[try image(), .text("When?"), texts("2014"), .int(0)]])
    #expect(try load("chartqa")[0][0].answers == ["2014"])
  }

  @Test func infoVQAKeepsAllAnswers() throws {
    folder.write("infographicsvqa_images/10.jpeg", try png())
    folder.write(
      "infographicsVQA_val_v1.0_withQT.json",
      #"""
      {"dataset_name": "infographicVQA", "dataset_split": "val", "data": [{"questionId": 98313,
       "question": "Which one?", "image_local_name": "10.jpeg", "answers": ["The US", "US"]}]}
      """#)
    let set = try load("infovqa")[0]
    #expect(set[0].answers == ["The US", "US"] && set[0].id == "98313" && set.split == .test)
  }

  @Test func mathVistaHasChoicesAndFreeAnswers() throws {
    parquet(
      "data/testmini-00000-of-00001.parquet",
      [
        .init("pid", .text), .init("question", .text), .init("image", .text),
        .init("decoded_image", .image), .init("choices", .list(.text)), .init("unit", .text),
        .init("answer", .text),
      ],
      [
        [
          .text("1"), .text("How long?"), .text("images/1.jpg"), try image(), .null, .text("cm"),
          .text("1.2"),
        ],
        [
          .text("2"), .text("Which?"), .text("images/2.jpg"), try image(), texts("145°", "140°"),
          .null, .text("140°"),
        ],
      ])
    let set = try load("mathvista")[0]
    #expect(set[0].kind == .number && set[0].question == "How long? (Unit: cm)")
    #expect(set[1].answer == "B" && set[1].id == "2")
  }

  @Test func mmmuHasSeveralImages() throws {
    let columns: [ParquetType.Field] =
      [.init("id", .text), .init("question", .text), .init("options", .text)]
      + (1...7).map { .init("image_\($0)", .image) }
      + [.init("answer", .text), .init("question_type", .text)]
    let none = [ParquetValue](repeating: .null, count: 5)
    parquet(
      "Art/validation-00000-of-00001.parquet", columns,
      [
        [
          .text("validation_Art_1"), .text("<image 1> or <image 2>?"),
          .text(#"['It\'s red', "a 'b'", 'c']"#), try image(), try image(30, 30),
        ] + none + [.text("B"), .text("multiple-choice")],
        [.text("validation_Art_2"), .text("<image 1>?"), .text("[]"), try image(), .null] + none
          + [.text("['12', 'twelve']"), .text("open")],
      ])
    parquet(
      "Art/dev-00000-of-00001.parquet", columns,
      [
        [.text("dev_Art_1"), .text("q"), .text("[]"), try image(), .null] + none
          + [.text("x"), .text("open")]
      ])
    let set = try load("mmmu")[0]
    #expect(set.count == 2 && set.split == .test)
    #expect(set[0].images.map(\.width) == [20, 30])
    #expect(set[0].options == ["It's red", "a 'b'", "c"] && set[0].answer == "B")
    #expect(set[1].answers == ["12", "twelve"] && set[1].options.isEmpty)
  }

  @Test func idsThatComeTwiceAreNamed() throws {
    folder.write("a.png", try png())
    let line = #"{"id": "x", "image": "a.png", "question": "q", "answer": "1"}"#
    folder.write("train.jsonl", line + "\n" + line)
    let error = try #require(try fault("table"))
    #expect(
      error.description == "train.jsonl, row 2, field `id` is `x`, as that of train.jsonl, row 1")
  }
}
