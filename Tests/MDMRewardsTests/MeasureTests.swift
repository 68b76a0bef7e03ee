import MDMJSON
import MDMRewards
import Testing

/// Golden tables of the plain functions.
@Suite struct MeasureTests {
  @Test(arguments: [
    ("B", 1.0), (" (B) ", 1), ("**B**.", 1), ("B)", 1), ("b", 0), ("A or B", 0), ("A, B, C", 0),
    ("AB", 0), ("B B", 0), ("", 0), ("B: the cat", 0), ("Both", 0), ("Б", 0),
  ])
  func oneLetterIsAChoice(_ prediction: String, _ score: Double) throws {
    #expect(try measure("choice", .string(prediction), "B") == score)
  }

  @Test(arguments: [
    ("3.0", "3", 1.0), ("1,200", "1200", 1), ("1,20", "120", 0), ("$1,200.50", "1200.5", 1),
    ("1e3", "1000", 1), ("-.5", "-0.5", 1), ("25%", "25", 1), ("25%", "0.25", 1),
    ("0.25", "25 percent", 1), ("25", "0.25", 0), ("12 cm", "12 m", 0), ("12 cm", "12", 1),
    ("12", "12 km/h", 1), ("12 m²", "12 m²", 1), ("3 or 4", "4", 0), ("3 4", "3", 0),
    ("nan", "3", 0), ("inf", "3", 0), ("", "0", 0), ("three", "3", 0), ("0x10", "16", 0),
    ("1.", "1", 1), ("€5", "5", 1), ("x5", "5", 0), ("5 and 6", "5", 0),
    ("12,345,678", "12345678", 1),
    ("123456789012345678901", "123456789012345678901", 1), ("0.1", "0.10", 1), ("5 6 km", "5", 0),
  ])
  func numbersAgreeByValueAndUnit(_ given: String, _ gold: String, _ score: Double) throws {
    #expect(try measure("number_equal", .string(given), .string(gold)) == score, "\(given) \(gold)")
  }

  @Test func numbersHaveTolerancesAndUnits() throws {
    #expect(try measure("number_equal", "104", 100, 0, 0.05) == 1)
    #expect(try measure("number_equal", "106", 100, 0, 0.05) == 0)
    #expect(try measure("number_equal", "100.5", 100, 0.5) == 1)
    #expect(try measure("number_equal", "12 cm", "12 m", named: ["units": "ignore"]) == 1)
    #expect(try measure("number_equal", "12", "12 m", named: ["units": "require"]) == 0)
    #expect(try measure("number_equal", "12 m", "12 m", named: ["units": "require"]) == 1)
    #expect(throws: MeasureError.self) { try measure("number_equal", "1", "two") }
    #expect(throws: MeasureError.self) { try measure("number_equal", "1", "1", 0, -1) }
  }

  @Test func exactTextsAgree() throws {
    #expect(try measure("exact_match", " red\n circle ", "red circle") == 1)
    #expect(try measure("exact_match", "Red", "red") == 0)
    #expect(try measure("exact_match", "Red", ["blue", "red"], true) == 1)
  }

  @Test func tagsAreSelectable() throws {
    let both: JSONNode = ["think", "answer"]
    let good: JSONNode = "<think> a </think>\n<answer> B </answer>"
    #expect(try measure("has_format", good, both) == 1)
    #expect(try measure("has_format", good) == 0)
    #expect(try measure("has_format", "<answer>B</answer>", both) == 0)
    for bad in [
      "<answer> B", "<answer></answer>", "<answer> </answer>", "B </answer>",
      "x <answer>B</answer>",
      "<answer>A</answer><answer>B</answer>", "<answer><answer>B</answer></answer>",
      "<answer>B</answer> so", "<ANSWER>B</ANSWER>", "",
    ] {
      #expect(try measure("has_format", .string(bad)) == 0, "\(bad)")
    }
    #expect(throws: MeasureError.self) { try measure("has_format", "x", "<answer>") }
    #expect(TagParser.text(in: "so <answer> B </answer>.", tag: "answer") == "B")
    #expect(TagParser.text(in: "<answer>A</answer> <answer>B</answer>", tag: "answer") == nil)
  }

  @Test func boxesOverlap() throws {
    #expect(try measure("iou", [0, 0, 2, 2], [1, 1, 3, 3]) == 1.0 / 7)
    #expect(try measure("iou", "[0, 0, 2, 2]", [0, 0, 2, 2]) == 1)
    #expect(try measure("iou", "0 0 2 2 and 1 1 3 3", [0, 0, 2, 2]) == 0)
    #expect(try measure("iou", [.number(.nan), 0, 2, 2], [0, 0, 2, 2]) == 0)
    #expect(try measure("iou", [2, 2, 0, 0], [0, 0, 2, 2]) == 0)
    #expect(try measure("iou", [0, 0, .number(.infinity), 2], [0, 0, 2, 2]) == 0)
    #expect(try measure("iou", [0, 0, 1e308, 1e308], [0, 0, 2, 2]) == 0)
    #expect(try measure("giou", [0, 0, 2, 2], [0, 0, 2, 2]) == 1)
    #expect(abs(try measure("giou", [0, 0, 1, 1], [1, 1, 2, 2]) + 0.5) < 1e-15)
    #expect(try measure("giou", [0, 0, .number(.nan), 1], [1, 1, 2, 2]) == -1)
    #expect(try measure("pointing", [2, 2], [0, 0, 2, 2]) == 1)
    #expect(try measure("pointing", [2.1, 2], [0, 0, 2, 2]) == 0)
    #expect(try measure("pointing", [.number(.nan), 2], [0, 0, 2, 2]) == 0)
    #expect(try measure("pointing", "1 1 5 5", [[0, 0, 2, 2], [4, 4, 6, 6]]) == 0)
  }

  @Test func detectionsAreMatchedOneToOne() throws {
    let gold: JSONNode = [[0, 0, 2, 2], [4, 4, 6, 6]]
    func score(_ given: JSONNode, _ form: JSONNode = "hungarian") throws -> Double {
      try measure("detection_score", given, gold, form)
    }
    #expect(try score(gold) == 1)
    #expect(try score([[4, 4, 6, 6], [0, 0, 2, 2]]) == 1)
    #expect(try score([[0, 0, 2, 2], [0, 0, 2, 2]]) == 0.5)
    #expect(try score([[0, 0, 100, 100]]) == 0)
    #expect(try score([]) == 0)
    #expect(try score("no boxes here") == 0)
    #expect(try score("[[0, 0, 2, 2], [4, 4, 6, 6]]") == 1)
    #expect(try measure("detection_score", [], []) == 1)
    #expect(try measure("detection_score", [], [], "vlm_r1") == 1)
    #expect(try score(gold, "vlm_r1") == 1)
    #expect(try score([], "vlm_r1") == 0)
    // One of two found: 0.7 * 1/2 + 0.3 * (1 - 1/4).
    #expect(abs(try score([[0, 0, 2, 2]], "vlm_r1") - 0.575) < 1e-15)
    let sure = try json(
      #"[{"box": [0,0,2,2], "confidence": 0.5}, {"box": [9,9,10,10], "confidence": 0.2}]"#)
    // Overlap 1/2, confidence (0.5 + 0.8) / 2; the same box twice counts once.
    #expect(abs(try score(sure, "visual_rft") - 1.15) < 1e-15)
    #expect(abs(try score(.array(sure.elements! + sure.elements!), "visual_rft") - 1.15) < 1e-15)
    #expect(throws: MeasureError.self) { try measure("detection_score", [], [[1, 2, 3]]) }
  }

  @Test func labelsHaveToAgree() throws {
    let cat = try json(#"[{"box": [0,0,2,2], "label": "cat"}]"#)
    let dog = try json(#"[{"bbox_2d": [0,0,2,2], "label": "dog"}]"#)
    #expect(try measure("detection_score", dog, cat) == 0)
    #expect(try measure("detection_score", cat, cat) == 1)
    // A wrong label counts as a match of overlap 0.
    #expect(abs(try measure("detection_score", dog, cat, "vlm_r1") - 0.3) < 1e-15)
  }

  @Test func theHungarianMatchingBeatsGreedyOnes() throws {
    // Greedy takes the middle pair of overlap 0.8 and leaves the other two apart.
    let gold: JSONNode = [[0, 0, 10, 10], [0, 4, 10, 14]]
    let given: JSONNode = [[0, 1, 10, 11], [0, -3, 10, 7]]
    let best = try measure("detection_score", given, gold, "hungarian", 0)
    #expect(best > 0.5)
  }

  @Test(arguments: [
    ("104", "100", 1.0), ("105", "100", 1), ("105.1", "100", 0), ("0.0", "0", 0), ("0", "0", 1),
    ("5%", "5", 0), ("5%", "0.05", 1), ("1,000", "1000", 0), ("Yes", "yes", 1), (" 1e2 ", "100", 1),
    ("inf", "100", 0), ("nan", "nan", 1), ("", "", 1),
  ])
  func relaxedAccuracyIsAsPublished(_ given: String, _ gold: String, _ score: Double) throws {
    #expect(try measure("relaxed_accuracy", .string(given), .string(gold)) == score)
  }

  @Test func anlsHasBothForms() throws {
    #expect(try measure("anls", "Hello ", ["bye", "hello"]) == 1)
    #expect(try measure("anls", "ab", "ac") == 0.5)
    #expect(try measure("anls", "ab", "ac", named: ["form": "paper"]) == 0)
    // lmms-eval divides by the length with its white space.
    #expect(try measure("anls", "a   b", "a b") == 1)
    #expect(abs(try measure("anls", "a   c", "a b") - 0.8) < 1e-15)
    #expect(abs(try measure("anls", "a   c", "a b", named: ["form": "paper"]) - 2.0 / 3) < 1e-15)
    #expect(try measure("anls", "", "") == 1)
    #expect(try measure("anls", "", "a") == 0)
  }

  @Test func consensusCountsTheOthers() throws {
    let answers: JSONNode = ["2", "2", "2", "3", "3", "3", "3", "3", "3", "3"]
    // Three gave it: 0.3 * 2/3 + 0.7 * 1.
    #expect(abs(try measure("vqa_accuracy", "two", answers) - 0.9) < 1e-15)
    #expect(try measure("vqa_accuracy", "3", answers) == 1)
    #expect(try measure("vqa_accuracy", "2 or 3", answers) == 0)
    #expect(try measure("vqa_accuracy", "It's a dog.", "its dog") == 1)
  }

  @Test func sharedWordsCount() throws {
    #expect(try measure("f1_tokens", "the Eiffel-Tower", "eiffeltower") == 1)
    #expect(abs(try measure("f1_tokens", "red blue green", ["red", "pink"]) - 0.5) < 1e-15)
    #expect(try measure("f1_tokens", "red red", "red") == 2.0 / 3)
    #expect(try measure("f1_tokens", "", "red") == 0)
  }

  @Test func patternsMatchWholeAnswers() throws {
    #expect(try measure("regex_match", "a|b", "a\\|b") == 1)
    #expect(try measure("regex_match", "xab", "a|ab") == 0)
    #expect(try measure("regex_match", "ab", "a|ab") == 1)
    #expect(try measure("regex_match", "xab", "a|ab", false) == 1)
    #expect(try measure("regex_match", "AB", "ab", true, true) == 1)
    #expect(throws: MeasureError.self) { try measure("regex_match", "x", "(") }
    let text = String(repeating: "a", count: 50_000)
    #expect(try measure("regex_match", .string(text), "(a+)+$b|(a|aa)+c") == 0)
  }

  @Test func schemasAllowOrNot() throws {
    let schema = """
      {"type": "object", "required": ["box"], "additionalProperties": false, "properties": {
        "box": {"type": "array", "items": {"type": "number", "minimum": 0}, "minItems": 4, "maxItems": 4},
        "label": {"enum": ["cat", "dog"]}, "next": {"$ref": "#"}}}
      """
    for (text, score) in [
      (#"{"box": [0, 1, 2, 3]}"#, 1.0), (#"{"box": [0, 1, 2, 3], "label": "cat"}"#, 1),
      (#"{"box": [0, 1, 2, -3]}"#, 0), (#"{"box": [0, 1, 2]}"#, 0), (#"{"label": "cat"}"#, 0),
      (#"{"box": [0, 1, 2, 3], "x": 1}"#, 0), (#"{"box": [0, 1, 2, 3], "next": {"box": [1]}}"#, 0),
      ("[]", 0), ("", 0), ("{", 0), (#"{"box": [0,1,2,3]} trailing"#, 0),
    ] {
      #expect(try measure("json_schema", .string(text), .string(schema)) == score, "\(text)")
    }
    #expect(throws: MeasureError.self) { try measure("json_schema", "1", json(#"{"typ": "x"}"#)) }
    #expect(throws: MeasureError.self) {
      try measure("json_schema", "1", json(##"{"$ref": "#"}"##))
    }
    #expect(
      try measure("json_schema", "1.0", json(#"{"type": "integer", "multipleOf": 0.5}"#)) == 1)
    #expect(try measure("json_schema", "[1, 1]", json(#"{"uniqueItems": true}"#)) == 0)
  }

  @Test func lengthAndRepetitionCost() throws {
    #expect(try measure("length_penalty", 192, 256, 64) == 0)
    #expect(try measure("length_penalty", 256, 256, 64) == -1)
    #expect(try measure("length_penalty", 257, 256, 64) == -1)
    #expect(try measure("length_penalty", 224, 256, 64) == -0.5)
    #expect(try measure("repetition_score", "a b c d") == 0)
    #expect(try measure("repetition_score", "a a a a") == -0.5)
    #expect(try measure("repetition_score", "a") == 0)
  }

  @Test func wrongAnswersHaveTheirOwnLengthCurve() throws {
    #expect(try measure("cosine_length", true, 0, 100) == 1)
    #expect(try measure("cosine_length", true, 50, 100) == 0.75)
    #expect(try measure("cosine_length", true, 1000, 100) == 0.5)
    #expect(try measure("cosine_length", false, 0, 100) == -1)
    #expect(try measure("cosine_length", false, 50, 100) == -0.75)
    #expect(try measure("cosine_length", false, 100, 100) == -0.5)
  }
}
