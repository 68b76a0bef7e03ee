import MDMJSON

extension BytePairTokenizer {
  /// Reads a `tokenizer.json` of type `BPE`.
  public init(json: [UInt8]) throws(ModelError) {
    try self.init(document: ModelError.document(json, "tokenizer.json"), text: json)
  }

  init(document: JSONNode, text: [UInt8]) throws(ModelError) {
    guard let model = document["model"] else {
      throw .badTokenizer(reason: "has no member `model`")
    }
    try Self.checkSteps(document, model)
    guard let entries = model["vocab"]?.members, let list = model["merges"]?.elements else {
      throw .badTokenizer(reason: "has no vocabulary or no merges")
    }
    var vocabulary: [(String, Int)] = []
    vocabulary.reserveCapacity(entries.count)
    for entry in entries {
      guard let token = entry.value.integer else {
        throw .badTokenizer(
          reason: "gives `\(entry.name)` an identifier that is not a whole number")
      }
      vocabulary.append((entry.name, token))
    }
    var merges: [(String, String)] = []
    merges.reserveCapacity(list.count)
    for merge in list {
      // Pairs since tokenizers 0.20, one text with a space before.
      if let pair = merge.elements, pair.count == 2, let a = pair[0].text, let b = pair[1].text {
        merges.append((a, b))
      } else if let text = merge.text, let pair = Self.pair(text) {
        merges.append(pair)
      } else {
        throw .badTokenizer(reason: "has a merge that is not a pair, number \(merges.count + 1)")
      }
    }
    try self.init(
      vocabulary: vocabulary, merges: merges, added: Self.added(document["added_tokens"]),
      json: String(decoding: text, as: UTF8.self))
  }

  /// Reads the older pair of files, `vocab.json` and `merges.txt`, with the added tokens of
  /// `tokenizer_config.json`.
  init(vocabulary: [UInt8], merges: [UInt8], configuration: [UInt8]) throws(ModelError) {
    let entries = try ModelError.document(vocabulary, "vocab.json")
    let settings = try ModelError.document(configuration, "tokenizer_config.json")
    let pairs = String(decoding: merges, as: UTF8.self).split(separator: "\n")
      .filter { !$0.hasPrefix("#version") }.map { $0.hasSuffix("\r") ? $0.dropLast() : $0 }
    // The one form of the tokenizer, so that it is checked, saved and read as one.
    let added = (settings["added_tokens_decoder"]?.members ?? []).map { member in
      JSONNode.object(
        [.init(name: "id", value: .integer(Int64(member.name) ?? -1))]
          + (member.value.members ?? []))
    }
    func object(_ members: KeyValuePairs<String, JSONNode>) -> JSONNode {
      .object(members.map { .init(name: $0.key, value: $0.value) })
    }
    let split = object([
      "type": .string("Split"), "pattern": object(["Regex": .string(QwenSplitter.pattern)]),
      "behavior": .string("Isolated"), "invert": .bool(false),
    ])
    let bytes = object([
      "type": .string("ByteLevel"), "add_prefix_space": .bool(false), "trim_offsets": .bool(false),
      "use_regex": .bool(false),
    ])
    let document = object([
      "version": .string("1.0"), "truncation": .null, "padding": .null,
      "added_tokens": .array(added), "normalizer": object(["type": .string("NFC")]),
      "pre_tokenizer": object([
        "type": .string("Sequence"), "pretokenizers": .array([split, bytes]),
      ]),
      "post_processor": .null,
      "decoder": object([
        "type": .string("ByteLevel"), "add_prefix_space": .bool(false),
        "trim_offsets": .bool(false), "use_regex": .bool(false),
      ]),
      "model": object([
        "type": .string("BPE"), "vocab": entries,
        "merges": .array(pairs.map { .string(String($0)) }),
      ]),
    ])
    try self.init(document: document, text: document.compact)
  }

  private static func pair(_ text: String) -> (String, String)? {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    return parts.count == 2 ? (String(parts[0]), String(parts[1])) : nil
  }

  private static func added(_ list: JSONNode?) throws(ModelError) -> [Added] {
    var result: [Added] = []
    for token in list?.elements ?? [] {
      guard let content = token["content"]?.text, let id = token["id"]?.integer, !content.isEmpty,
        let identifier = Int32(exactly: id)
      else {
        throw .badTokenizer(reason: "has an added token without content or identifier")
      }
      for field in ["single_word", "lstrip", "rstrip"] where token[field] == .bool(true) {
        throw .badTokenizer(
          reason: "asks for `\(field)` of the added token `\(content)`, which mdm does not know")
      }
      let isSpecial = token["special"] == .bool(true)
      result.append(
        Added(
          content: content, token: identifier, isSpecial: isSpecial,
          isNormalised: token["normalized"].map { $0 == .bool(true) } ?? !isSpecial))
    }
    return result
  }

  /// Refuses every step that would cut or merge texts in another way than this type does.
  private static func checkSteps(_ document: JSONNode, _ model: JSONNode) throws(ModelError) {
    func demand(_ holds: Bool, _ what: @autoclosure () -> String) throws(ModelError) {
      if !holds { throw .badTokenizer(reason: "\(what()), which mdm does not know") }
    }
    for field in ["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"] {
      let isSet = model[field].map { $0 != .null && $0 != .string("") } ?? false
      try demand(!isSet, "sets `model.\(field)`")
    }
    for field in ["byte_fallback", "ignore_merges"] {
      try demand(model[field] != .bool(true), "sets `model.\(field)`")
    }
    let normaliser = document["normalizer"]?["type"]?.text ?? "none"
    try demand(normaliser == "NFC", "has the normalizer `\(normaliser)`, not NFC")
    let steps = document["pre_tokenizer"]?["pretokenizers"]?.elements ?? []
    try demand(
      steps.map { $0["type"]?.text ?? "" } == ["Split", "ByteLevel"]
        && steps[0]["behavior"]?.text == "Isolated" && steps[0]["invert"] != .bool(true)
        && steps[1]["add_prefix_space"] != .bool(true) && steps[1]["use_regex"] != .bool(true),
      "has other pre-tokenizers than Qwen2's")
    let pattern = steps[0]["pattern"]?["Regex"]?.text ?? "none"
    try demand(pattern == QwenSplitter.pattern, "cuts by the pattern `\(pattern)`, not by Qwen2's")
  }
}
