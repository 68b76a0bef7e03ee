import MDMJSON

/// A tokenizer of whole words between spaces, in the `tokenizer.json` format of type `WordLevel`.
public struct WordTokenizer: Tokenizer, Equatable {
  /// The words that every tokenizer begins with where it is built from a list.
  public static let specialWords = ["<pad>", "<eos>", "<image>", "<unk>"]

  /// The `tokenizer_config.json` that tells transformers to read `tokenizer.json` as it is.
  static let settings = """
    {
      "eos_token": "<eos>",
      "pad_token": "<pad>",
      "tokenizer_class": "PreTrainedTokenizerFast",
      "unk_token": "<unk>"
    }

    """

  /// All words; a word's place is its identifier.
  public let words: [String]
  private let identifiers: [String: Int32]
  /// Fills unused places.
  public let padToken: Int32
  /// Ends a completion.
  public let endToken: Int32
  /// Stands for one token of an image.
  public let imageToken: Int32
  /// Stands for every other word.
  public let unknownToken: Int32

  /// A tokenizer of the four special words and the given words, without duplicates.
  public init(words: [String]) {
    var all = Self.specialWords
    var seen = Set(all)
    for word in words where seen.insert(word).inserted { all.append(word) }
    self.words = all
    identifiers = Dictionary(
      all.enumerated().map { ($1, Int32($0)) }, uniquingKeysWith: { first, _ in first })
    (padToken, endToken, imageToken, unknownToken) = (0, 1, 2, 3)
  }

  /// Reads a `tokenizer.json`.
  public init(json: [UInt8]) throws(ModelError) {
    try self.init(document: ModelError.document(json, "tokenizer.json"))
  }

  init(document: JSONNode) throws(ModelError) {
    guard let model = document["model"] else {
      throw .badTokenizer(reason: "has no member `model`")
    }
    guard model["type"]?.text == "WordLevel" else {
      let type = model["type"]?.text ?? "none"
      throw .badTokenizer(reason: "has the model type `\(type)`, not `WordLevel`")
    }
    guard let vocabulary = model["vocab"]?.members else {
      throw .badTokenizer(reason: "has no vocabulary")
    }
    var table: [String: Int] = [:]
    for member in vocabulary {
      guard let id = member.value.integer else {
        throw .badTokenizer(reason: "gives a word an identifier that is not a whole number")
      }
      table[member.name] = id
    }
    for token in document["added_tokens"]?.elements ?? [] {
      if let word = token["content"]?.text, let id = token["id"]?.integer { table[word] = id }
    }
    var all = [String?](repeating: nil, count: table.count)
    for (word, id) in table {
      guard all.indices.contains(id), all[id] == nil else {
        throw .badTokenizer(reason: "does not number its words from 0 without gaps (`\(word)`)")
      }
      all[id] = word
    }
    words = all.compactMap(\.self)
    let identifiers = table.mapValues { Int32($0) }
    self.identifiers = identifiers
    func special(_ word: String) throws(ModelError) -> Int32 {
      guard let id = identifiers[word] else {
        throw .badTokenizer(reason: "lacks the word `\(word)`")
      }
      return id
    }
    padToken = try special("<pad>")
    endToken = try special("<eos>")
    imageToken = try special("<image>")
    unknownToken = try special(model["unk_token"]?.text ?? "<unk>")
  }

  /// The number of words.
  public var count: Int { words.count }

  public var vocabulary: [String] { words }

  /// The identifier of a word, or nil.
  public func token(of word: String) -> Int32? { identifiers[word] }

  /// The identifiers of a text's words; words that are not known become `unknownToken`.
  public func encode(_ text: String) -> [Int32] {
    text.split(whereSeparator: \.isWhitespace).map { identifiers[String($0)] ?? unknownToken }
  }

  /// The words that a text has and the tokenizer has not, in order.
  public func unknownWords(in text: String) -> [String] {
    text.split(whereSeparator: \.isWhitespace).map(String.init).filter { identifiers[$0] == nil }
  }

  /// The words of identifiers, separated by spaces; padding and the end token are left out.
  public func decode(_ tokens: [Int32]) -> String {
    tokens.filter { $0 != padToken && $0 != endToken }
      .map { words.indices.contains(Int($0)) ? words[Int($0)] : words[Int(unknownToken)] }
      .joined(separator: " ")
  }

  /// The `tokenizer.json` that `init(json:)` and Hugging Face `tokenizers` read.
  public var json: String {
    let special = [padToken, endToken, imageToken, unknownToken].sorted().map { id in
      """
          {"id": \(id), "content": \(JSONNode.quoted(words[Int(id)])), "single_word": false, \
      "lstrip": false, "rstrip": false, "normalized": false, "special": true}
      """
    }
    let vocabulary = words.enumerated().map { "      \(JSONNode.quoted($1)): \($0)" }
    return """
      {
        "version": "1.0",
        "truncation": null,
        "padding": null,
        "added_tokens": [
      \(special.joined(separator: ",\n"))
        ],
        "normalizer": null,
        "pre_tokenizer": {"type": "WhitespaceSplit"},
        "post_processor": null,
        "decoder": null,
        "model": {
          "type": "WordLevel",
          "unk_token": \(JSONNode.quoted(words[Int(unknownToken)])),
          "vocab": {
      \(vocabulary.joined(separator: ",\n"))
          }
        }
      }

      """
  }
}
