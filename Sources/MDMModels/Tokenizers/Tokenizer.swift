/// Turns texts into the identifiers that a network reads, and back.
///
/// `WordTokenizer` knows whole words and serves the shipped network; `BytePairTokenizer` is that of the
/// published Qwen2-VL checkpoints.
public protocol Tokenizer: Sendable {
  /// The number of identifiers that it gives out; they run from 0.
  var count: Int { get }
  /// Each identifier's text; bytes that are no text of their own show as U+FFFD.
  var vocabulary: [String] { get }
  /// Fills unused places.
  var padToken: Int32 { get }
  /// Ends a completion.
  var endToken: Int32 { get }
  /// Stands for one token of an image.
  var imageToken: Int32 { get }
  /// Stands for what the tokenizer cannot say.
  var unknownToken: Int32 { get }
  /// The identifiers of a text.
  func encode(_ text: String) -> [Int32]
  /// The text of identifiers; special tokens are left out.
  func decode(_ tokens: [Int32]) -> String
  /// The identifier of one whole token, or nil.
  func token(of text: String) -> Int32?
  /// The words of a text that it can only encode as unknown, in order.
  func unknownWords(in text: String) -> [String]
  /// The `tokenizer.json` that it was read from, or an equal one.
  var json: String { get }
}

/// Reads the kind of tokenizer that a `tokenizer.json` describes.
enum TokenizerFile {
  /// - Throws: `ModelError.badTokenizer` with the member that cannot be used.
  static func read(_ bytes: [UInt8]) throws(ModelError) -> any Tokenizer {
    let document = try ModelError.document(bytes, "tokenizer.json")
    switch document["model"]?["type"]?.text {
    case "WordLevel": return try WordTokenizer(document: document)
    // Files of old versions of the library do not say the type.
    case "BPE", nil: return try BytePairTokenizer(document: document, text: bytes)
    case .some(let type):
      throw .badTokenizer(reason: "has the model type `\(type)`, neither `BPE` nor `WordLevel`")
    }
  }
}
