import MDMJSON
// The standard library's own canonical composition, which Foundation calls too: it has no public name yet.
@_spi(_Unicode) import Swift

/// Qwen2's byte-level byte-pair tokenizer, from the files that Hugging Face `tokenizers` reads.
///
/// A text is searched for added tokens, brought to Unicode's composed form (NFC), cut into pieces by
/// `QwenSplitter`, and each piece's bytes are merged by rank. Every text can be encoded.
public struct BytePairTokenizer: Tokenizer, Equatable {
  /// The bytes of each identifier; nil where a number is not given out.
  let pieces: [[UInt8]?]
  private let identifiers: [[UInt8]: Int32]
  private let byteTokens: [Int32]
  private let merges: BytePairMerges
  /// Found in the text as it is, and found after composition.
  private let rawTokens: AddedTokens
  private let normalisedTokens: AddedTokens
  private let specialTokens: Set<Int32>
  public let padToken: Int32
  public let endToken: Int32
  public let imageToken: Int32
  public let json: String

  /// One added token, as `added_tokens` describes it.
  struct Added {
    var content: String
    var token: Int32
    var isSpecial: Bool
    var isNormalised: Bool
  }

  /// - Parameters:
  ///   - vocabulary: Entries in the byte alphabet, with their identifiers.
  ///   - merges: Pairs of entries, the first to be merged first.
  ///   - json: The text that `json` gives back.
  init(
    vocabulary: [(entry: String, token: Int)], merges pairs: [(String, String)], added: [Added],
    json: String
  ) throws(ModelError) {
    let most = 1 << 20
    var pieces: [[UInt8]?] = []
    var identifiers: [[UInt8]: Int32] = [:]
    identifiers.reserveCapacity(vocabulary.count)
    func put(_ entry: String, _ token: Int) throws(ModelError) {
      guard token >= 0, token < most else {
        throw .badTokenizer(
          reason: "gives `\(entry)` the identifier \(token), not 0 to \(most - 1)")
      }
      while pieces.count <= token { pieces.append(nil) }
      pieces[token] = ByteAlphabet.bytes(of: entry)
    }
    for (entry, token) in vocabulary {
      try put(entry, token)
      identifiers[ByteAlphabet.bytes(of: entry)] = Int32(token)
    }
    byteTokens = try Self.byteTokens(identifiers)
    var merges = BytePairMerges()
    merges.reserve(pairs.count)
    for (rank, pair) in pairs.enumerated() {
      let (left, right) = (ByteAlphabet.bytes(of: pair.0), ByteAlphabet.bytes(of: pair.1))
      guard let a = identifiers[left], let b = identifiers[right], let c = identifiers[left + right]
      else {
        throw .badTokenizer(
          reason: "merges `\(pair.0)` and `\(pair.1)`, which are not all in its vocabulary")
      }
      merges.add(a, b, result: c, rank: rank)
    }
    self.merges = merges
    var (raw, normalised) = (AddedTokens(), AddedTokens())
    for token in added {
      try put(token.content, Int(token.token))
      if token.isNormalised {
        normalised.add(Composition.composed(Array(token.content.utf8)[...]), token: token.token)
      } else {
        raw.add(Array(token.content.utf8), token: token.token)
      }
    }
    (rawTokens, normalisedTokens) = (raw, normalised)
    specialTokens = Set(added.filter(\.isSpecial).map(\.token))
    self.pieces = pieces
    self.identifiers = identifiers
    self.json = json
    func special(_ names: [String]) throws(ModelError) -> Int32 {
      for name in names {
        if let found = added.first(where: { $0.content == name }) { return found.token }
      }
      throw .badTokenizer(reason: "lacks the added token `\(names[0])`")
    }
    padToken = try special(["<|endoftext|>", "<|im_end|>"])
    endToken = try special(["<|im_end|>", "<|endoftext|>"])
    imageToken = try special(["<|image_pad|>"])
  }

  private static func byteTokens(_ identifiers: [[UInt8]: Int32]) throws(ModelError) -> [Int32] {
    var result: [Int32] = []
    for byte in UInt8.min...UInt8.max {
      guard let token = identifiers[[byte]] else {
        throw .badTokenizer(
          reason: "has no entry `\(ByteAlphabet.characters[Int(byte)])` for the byte \(byte)")
      }
      result.append(token)
    }
    return result
  }

  public var count: Int { pieces.count }

  /// Every text can be said; the padding token stands in where a number is not given out.
  public var unknownToken: Int32 { padToken }

  public var vocabulary: [String] { pieces.map { String(decoding: $0 ?? [], as: UTF8.self) } }

  public func token(of text: String) -> Int32? {
    let tokens = encode(text)
    return tokens.count == 1 ? tokens[0] : nil
  }

  public func unknownWords(in text: String) -> [String] { [] }

  public func encode(_ text: String) -> [Int32] {
    var result: [Int32] = []
    for part in rawTokens.parts(of: Array(text.utf8)[...]) {
      switch part {
      case .token(let token): result.append(token)
      case .text(let bytes):
        for part in normalisedTokens.parts(of: Composition.composed(bytes)[...]) {
          switch part {
          case .token(let token): result.append(token)
          case .text(let bytes): append(bytes, to: &result)
          }
        }
      }
    }
    return result
  }

  private func append(_ text: ArraySlice<UInt8>, to result: inout [Int32]) {
    let scalars = Array(String(decoding: text, as: UTF8.self).unicodeScalars)
    for range in QwenSplitter.pieces(scalars) {
      var bytes: [Int32] = []
      for scalar in scalars[range] {
        for byte in UTF8.encode(scalar) ?? .init() { bytes.append(byteTokens[Int(byte)]) }
      }
      result += merges.merged(bytes)
    }
  }

  public func decode(_ tokens: [Int32]) -> String { decode(tokens, skipsSpecial: true) }

  /// The text of identifiers; those that are not given out are left out.
  public func decode(_ tokens: [Int32], skipsSpecial: Bool) -> String {
    var bytes: [UInt8] = []
    for token in tokens where !(skipsSpecial && specialTokens.contains(token)) {
      if pieces.indices.contains(Int(token)) { bytes += pieces[Int(token)] ?? [] }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
