import MDMModels
import Testing

/// Words to identifiers and back, and the file format.
@Suite struct WordTokenizerTests {
  private let tokenizer = WordTokenizer(
    words: ["<answer>", "</answer>", "red", "\"quoted\\\"", "grün", "red"])

  @Test func specialWordsComeFirst() {
    #expect(Array(tokenizer.words.prefix(4)) == WordTokenizer.specialWords)
    #expect(tokenizer.count == 9)
  }

  @Test func textsAreSplitAtWhitespace() {
    #expect(tokenizer.encode("  <answer> red\n</answer>\t") == [4, 6, 5])
    #expect(tokenizer.encode("red blue") == [6, tokenizer.unknownToken])
    #expect(tokenizer.unknownWords(in: "red blue green") == ["blue", "green"])
  }

  @Test func decodingLeavesPaddingAndTheEndOut() {
    #expect(tokenizer.decode([0, 4, 6, 5, 1]) == "<answer> red </answer>")
    #expect(tokenizer.decode([-1, 1000]) == "<unk> <unk>")
  }

  @Test func theFileIsReadBack() throws {
    let read = try WordTokenizer(json: Array(tokenizer.json.utf8))
    #expect(read == tokenizer)
  }

  @Test(arguments: [
    ("{}", "no member"), ("{\"model\": {\"type\": \"BPE\"}}", "`BPE`"),
    ("{\"model\": {\"type\": \"WordLevel\"}}", "no vocabulary"),
    ("{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 1}}}", "from 0 without gaps"),
    ("{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0}}}", "lacks the word `<pad>`"),
    ("{\"model\": {\"type\": \"WordLevel\", \"vocab\": {\"a\": 0.5}}}", "not a whole number"),
  ])
  func unusableFilesAreExplained(_ json: String, _ part: String) {
    let error = #expect(throws: ModelError.self) { try WordTokenizer(json: Array(json.utf8)) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }
}
