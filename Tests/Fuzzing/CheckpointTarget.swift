import MDMImages
import MDMJSON
import MDMModels

/// Any checkpoint is a policy that can be asked and saved, or refused with a sentence.
///
/// A case is a letter for the kind of tokenizer, the name of a file, a line break, and the file's bytes.
public struct CheckpointTarget: FuzzTarget {
  public static let name = "checkpoint"
  private typealias Files = [String: [UInt8]]
  private let whole: [String: Files]
  private let mutators: [String: Mutator]

  public init(root: String) {
    whole = ["w": Self.files(Self.words), "b": Self.files(Self.pairs)]
    var mutators: [String: Mutator] = [:]
    for (kind, files) in whole {
      for (name, bytes) in files where name.hasSuffix(".json") {
        mutators[kind + name] = Mutator(
          corpus: [String(decoding: bytes, as: UTF8.self)], words: Self.odd)
      }
    }
    self.mutators = mutators
  }

  private static let odd = [
    "0", "-1", "1", "2", "3", "4", "64", "1048576", "2147483647", "4294967296", "1e300", "1e-300",
    "0.5", "null", "true", "false", "\"\"", "\"gelu\"", "\"qwen2_5_vl\"", "[]", "{}", "[1, 2, 5]",
    "\"BF16\"", "\"F16\"", "\"F64\"", "9223372036854775807", "\"Ġ\"", "\"<|image_pad|>\"",
    "\"\\u0000\"",
    "\"../config.json\"", "[\"a\", \"b\"]", "\"LORA\"", ",", ":",
  ]

  public func input(_ random: inout RandomNumbers) -> [UInt8] {
    let kind = random.oneIn(2) ? "w" : "b"
    let files = whole[kind] ?? [:]
    guard let name = random.pick(files.keys.sorted()), var bytes = files[name] else { return [] }
    if let mutator = mutators[kind + name] {
      bytes = Array(mutator.text(&random).utf8)
    } else {
      // Most changes in the header, whose length is in its first eight bytes.
      for _ in 0...random.next(3) where !bytes.isEmpty {
        let place = random.next(random.oneIn(3) ? bytes.count : min(bytes.count, 1500))
        switch random.next(5) {
        case 0: bytes[place] ^= 1 << UInt8(random.next(8))
        case 1: bytes[place] = UInt8(random.next(256))
        case 2: bytes[place] = UInt8(48 + random.next(10))
        case 3: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.next(8)))
        default: bytes.insert(contentsOf: Array((random.pick(Self.odd) ?? "").utf8), at: place)
        }
      }
    }
    return Array((kind + name + "\n").utf8) + bytes
  }

  /// The files of a case.
  private func files(_ input: [UInt8]) -> Files {
    let head = input.prefix { $0 != UInt8(ascii: "\n") }
    let label = String(decoding: head, as: UTF8.self)
    var files = whole[String(label.prefix(1))] ?? [:]
    files[String(label.dropFirst())] = Array(input.dropFirst(head.count + 1))
    return files
  }

  /// Whether a case is a policy.
  public func isRead(_ input: [UInt8]) -> Bool { (try? Policy(files: files(input))) != nil }

  public func run(_ input: [UInt8]) throws {
    var files = files(input)
    let policy: Policy
    do throws(ModelError) { policy = try Policy(files: files) } catch {
      try BrokenLaw.unless(!error.message.isEmpty && !error.hint.isEmpty, "refused in silence")
      return
    }
    try ask(policy)
    // As `save` does it: the other files as they were.
    files["config.json"] = Array(policy.configuration.json.utf8)
    files["tokenizer.json"] = Array(policy.tokenizer.json.utf8)
    files["model.safetensors"] = policy.safetensors
    files["model.safetensors.index.json"] = nil
    let again: Policy
    do throws(ModelError) { again = try Policy(files: files) } catch {
      throw BrokenLaw("what is saved is refused: \(error.message)")
    }
    try BrokenLaw.unless(again.fingerprint == policy.fingerprint, "saved it is another policy")
    let adapted: Policy
    do throws(ModelError) { adapted = try policy.adapted(.memory(files)) } catch {
      try BrokenLaw.unless(!error.message.isEmpty && !error.hint.isEmpty, "refused in silence")
      return
    }
    try ask(adapted)
  }

  /// Draws two tokens beside an image and scores them.
  private func ask(_ policy: Policy) throws {
    let c = policy.configuration
    let image = RGBImage(width: 24, height: 40, pixels: [UInt8](repeating: 90, count: 24 * 40 * 3))
    let count = min(5000, c.imageTokenCount(width: 24, height: 40))
    let text = policy.tokenizer.encode("w1 it's w2 \u{e9}")
    let prompt = Prompt(
      images: [image], tokens: [Int32](repeating: c.imageToken, count: count) + text)
    do throws(ModelError) { try policy.check(prompt) } catch { return }
    let drawn = policy.generate(
      [prompt], samples: 2, options: SamplingOptions(maxNewTokens: 2, seed: 1))[0]
    for completion in drawn {
      try BrokenLaw.unless(
        completion.tokens.allSatisfy { $0 >= 0 && $0 < c.vocabularySize }, "drew \(completion)")
      _ = policy.tokenizer.decode(completion.tokens)
    }
  }

  // MARK: The files that are mutated

  private static func files(_ tokenizer: any Tokenizer) -> Files {
    var c = PolicyConfiguration()
    c.vocabularySize = tokenizer.count
    (c.hiddenSize, c.intermediateSize, c.layerCount, c.headCount) = (16, 24, 2, 2)
    (c.keyValueHeadCount, c.mropeSection) = (1, [1, 1, 2])
    (c.visionSize, c.visionHeadCount, c.visionIntermediateSize, c.visionDepth) = (16, 2, 32, 1)
    c.imageToken = tokenizer.imageToken
    (c.endToken, c.padToken) = (tokenizer.endToken, tokenizer.padToken)
    let policy = Policy(configuration: c, tokenizer: tokenizer, seed: 1)
    let names = policy.tensorNames.map { "\"\($0)\": \"model.safetensors\"" }
    return [
      "config.json": Array(c.json.utf8), "tokenizer.json": Array(tokenizer.json.utf8),
      "model.safetensors": policy.safetensors,
      "model.safetensors.index.json":
        Array("{\"metadata\": {}, \"weight_map\": {\(names.joined(separator: ", "))}}".utf8),
      "preprocessor_config.json": Array(
        """
        {"min_pixels": 1024, "max_pixels": 65536, "patch_size": 8, "temporal_patch_size": 2, "merge_size": 2,
        "image_mean": [0.5, 0.5, 0.5], "image_std": [0.3, 0.3, 0.3], "do_resize": true, "rescale_factor":
        0.00392156862745098, "resample": 3, "image_processor_type": "Qwen2VLImageProcessor"}
        """.utf8),
      "generation_config.json": Array(
        "{\"eos_token_id\": [\(tokenizer.endToken), \(tokenizer.padToken)]}".utf8),
      "tokenizer_config.json": Array("{\"chat_template\": \"{{ messages }}\"}".utf8),
      "adapter_config.json": Array(
        "{\"peft_type\": \"LORA\", \"r\": 2, \"lora_alpha\": 4, \"target_modules\": [\"q_proj\"]}"
          .utf8),
      "adapter_model.safetensors": adapter,
    ]
  }

  /// An adapter on the first layer's queries.
  private static var adapter: [UInt8] {
    let name = "base_model.model.model.language_model.layers.0.self_attn.q_proj.lora_"
    var header =
      "{\"\(name)A.weight\": {\"dtype\": \"F32\", \"shape\": [2, 16], \"data_offsets\": [0, 128]}, "
      + "\"\(name)B.weight\": {\"dtype\": \"BF16\", \"shape\": [16, 2], \"data_offsets\": [128, 192]}}"
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    return withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
      + Array(header.utf8) + [UInt8](repeating: 0x3D, count: 192)
  }

  private static let words = WordTokenizer(words: (0..<8).map { "w\($0)" })

  /// A byte-level tokenizer of 256 bytes, three merges and Qwen2's marks.
  private static let pairs: any Tokenizer = {
    let plain = Array(33...126) + Array(161...172) + Array(174...255)
    let others = (0..<256).filter { !plain.contains($0) }
    let alphabet = (plain + others.indices.map { 256 + $0 }).compactMap { Unicode.Scalar($0) }
    let entries = alphabet.map { String(Character($0)) } + ["it", "Ġw", "its"]
    let vocabulary = entries.enumerated().map { i, entry in
      "\(JSONNode.quoted(entry)): \(i)"
    }
    let marks = ["endoftext", "im_start", "im_end", "vision_start", "vision_end", "image_pad"]
    let added = marks.enumerated().map { i, mark in
      "{\"id\": \(entries.count + i), \"content\": \"<|\(mark)|>\", \"special\": true}"
    }
    let text = """
      {"added_tokens": [\(added.joined(separator: ", "))], "normalizer": {"type": "NFC"}, "pre_tokenizer": {"type":
      "Sequence", "pretokenizers": [{"type": "Split", "pattern": {"Regex": \(JSONNode.quoted(pattern))}, "behavior":
      "Isolated"}, {"type": "ByteLevel", "add_prefix_space": false, "use_regex": false}]}, "model": {"type": "BPE",
      "merges": [["i", "t"], "Ġ w", ["it", "s"]], "vocab": {\(vocabulary.joined(separator: ", "))}}}
      """
    do throws(ModelError) { return try BytePairTokenizer(json: Array(text.utf8)) } catch {
      fatalError("the fuzzer's own tokenizer is refused: \(error.message)")
    }
  }()

  private static let pattern =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
}
