import MDMJSON
import MDMModels
import Testing

/// Texts to identifiers and back as Hugging Face `tokenizers` does it, and unusable files.
@Suite struct BytePairTokenizerTests {
  private func tokenizer(_ model: String = "qwen2vl-tiny") throws -> BytePairTokenizer {
    try BytePairTokenizer(json: Golden.bytes(Golden.folder(model) + "/tokenizer.json"))
  }

  @Test(arguments: ParityTests.models)
  func textsHaveTheReferencesIdentifiers(_ model: String) throws {
    let tokenizer = try tokenizer(model)
    let cases = try Golden(model).facts["tokenizer"]?.elements ?? []
    #expect(cases.count >= 19)
    for one in cases {
      let text = try #require(one["text"]?.text)
      let ids = try #require(one["ids"]?.elements).compactMap(\.integer).map { Int32($0) }
      #expect(tokenizer.encode(text) == ids, "\(text)")
      #expect(tokenizer.decode(ids, skipsSpecial: false) == one["decoded"]?.text)
      #expect(tokenizer.decode(ids) == one["decoded_skip_special"]?.text)
    }
  }

  @Test func conversationsAreWrittenAsByTheTemplate() throws {
    let cases = try Golden().facts["chat"]?.elements ?? []
    #expect(cases.count == 10)
    for one in cases {
      let messages = (one["messages"]?.elements ?? []).map { message in
        let role = message["role"]?.text ?? ""
        if let text = message["content"]?.text { return ChatMessage(role, text) }
        return ChatMessage(
          role,
          (message["content"]?.elements ?? []).map { part in
            part["text"]?.text.map { .text($0) } ?? .image
          })
      }
      let asks = one["add_generation_prompt"] == .bool(true)
      #expect(ChatTemplate.text(messages, asks: asks) == one["text"]?.text)
    }
  }

  @Test func everyTextComesBack() throws {
    let tokenizer = try tokenizer()
    for value in stride(from: 0, to: 0x110000, by: 7) {
      guard let scalar = Unicode.Scalar(UInt32(value)) else { continue }
      let text = "a" + String(scalar) + " \(value)"
      // What is not composed comes back composed, an equal text to Swift.
      #expect(tokenizer.decode(tokenizer.encode(text)) == text, "U+\(String(value, radix: 16))")
    }
  }

  /// What tokenizers 0.23 gives: its tables are older than Swift's, and three Tibetan vowels move.
  @Test(arguments: [
    ("e\u{301}", "\u{E9}"), ("a\u{323}\u{F73}\u{323}", "\u{1EA1}\u{F71}\u{F72}\u{323}"),
    ("a\u{1AC5}\u{323}", "a\u{1AC5}\u{323}"),
  ])
  func composition(_ text: String, _ composed: String) throws {
    let tokenizer = try tokenizer()
    let got = tokenizer.decode(tokenizer.encode(text))
    #expect(Array(got.unicodeScalars) == Array(composed.unicodeScalars))
  }

  @Test func longWordsTakeNoLongerThanTheirLength() throws {
    let tokenizer = try tokenizer()
    let text = String(repeating: "abracadabra", count: 20_000)
    #expect(tokenizer.decode(tokenizer.encode(text)) == text)
  }

  @Test func bytesThatAreNoTextAreReplaced() throws {
    let tokenizer = try tokenizer()
    let euro = tokenizer.encode("€")
    #expect(euro.count == 3)
    #expect(tokenizer.decode([euro[0]]) == "\u{FFFD}")
    #expect(tokenizer.decode([euro[0], euro[1]] + tokenizer.encode("x")) == "\u{FFFD}x")
    #expect(tokenizer.decode([-1, 1_000_000]) == "")
  }

  @Test(arguments: [
    (#""type": "NFC""#, #""type": "NFD""#, "normalizer `NFD`"),
    (#"\\p{N}| ?"#, #"\\p{N}{1,3}| ?"#, "cuts by the pattern"),
    (#""byte_fallback": false"#, #""byte_fallback": true"#, "`model.byte_fallback`"),
    (#""rstrip": false"#, #""rstrip": true"#, "`rstrip` of the added token"),
    (#""<|image_pad|>""#, #""<|picture|>""#, "lacks the added token `<|image_pad|>`"),
    (#""!": 0"#, #""!!": 0"#, "no entry `!` for the byte 33"),
    (#""id": 1022"#, #""id": 99999999"#, "the identifier 99999999"),
  ])
  func otherTokenizersAreRefused(_ part: String, _ other: String, _ message: String) throws {
    let bytes = try Golden.bytes(Golden.folder("qwen2vl-tiny") + "/tokenizer.json")
    let text = String(decoding: bytes, as: UTF8.self)
    let changed = text.replacing(part, with: other)
    #expect(changed != text)
    let error = #expect(throws: ModelError.self) {
      try BytePairTokenizer(json: Array(changed.utf8))
    }
    #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
  }
}
