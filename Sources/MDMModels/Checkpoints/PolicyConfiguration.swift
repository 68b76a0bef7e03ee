/// The sizes and constants of a Qwen2-VL or Qwen2.5-VL network, under the names of its `config.json`.
public struct PolicyConfiguration: Sendable, Equatable {
  /// The published networks that this one can be, by their `model_type`.
  public enum Architecture: String, Sendable {
    case qwen2VL = "qwen2_vl"
    /// RMS norms, SwiGLU and windowed attention in the vision tower.
    case qwen25VL = "qwen2_5_vl"
  }

  public var architecture = Architecture.qwen2VL
  public var vocabularySize = 160
  public var hiddenSize = 128
  public var intermediateSize = 384
  public var layerCount = 4
  public var headCount = 4
  public var keyValueHeadCount = 2
  public var rmsNormEpsilon: Float = 1e-6
  public var ropeTheta: Float = 1_000_000
  /// How many frequencies turn with the time, the row and the column; half a head in all.
  public var mropeSection = [4, 6, 6]
  public var tiesWordEmbeddings = true
  public var initializerRange: Float = 0.06
  /// The longest sequence that the network was made for, in tokens.
  public var contextLength = 32_768
  public var visionDepth = 2
  public var visionSize = 64
  public var visionHeadCount = 4
  /// The inner width of the vision tower's MLPs.
  public var visionIntermediateSize = 256
  /// `quick_gelu` or `gelu`; `silu` in Qwen2.5-VL.
  public var visionActivation = "quick_gelu"
  public var patchSize = 8
  public var temporalPatchSize = 2
  public var spatialMergeSize = 2
  /// The side of an attention window of the vision tower, in pixels; 0 where all patches meet.
  public var windowSize = 0
  /// The vision blocks in which all patches of an image meet in spite of `windowSize`.
  public var fullAttentionBlocks: [Int] = []
  public var padToken: Int32 = 0
  public var endToken: Int32 = 1
  public var imageToken: Int32 = 2
  public var unknownToken: Int32 = 3
  /// Further tokens that end a completion.
  public var otherEndTokens: [Int32] = []
  /// Tokens that only a prompt may have: the marks around images, and the video's placeholder.
  public var visionStartToken: Int32?
  public var visionEndToken: Int32?
  public var videoToken: Int32?
  public var imageProcessor = ImageProcessor(factor: 16)

  /// The shipped network's sizes.
  public init() {}

  /// The shipped network's sizes for one tokenizer.
  public init(tokenizer: some Tokenizer) {
    vocabularySize = tokenizer.count
    take(tokensOf: tokenizer)
  }

  /// Takes over which tokens are special.
  mutating func take(tokensOf tokenizer: any Tokenizer) {
    padToken = tokenizer.padToken
    endToken = tokenizer.endToken
    imageToken = tokenizer.imageToken
    unknownToken = tokenizer.unknownToken
  }

  /// The size of a text head.
  public var headSize: Int { hiddenSize / headCount }

  /// The number of image tokens of an image, after it is resized to whole merged patches.
  public func imageTokenCount(width: Int, height: Int) -> Int {
    PatchGrid(width: width, height: height, configuration: self).tokenCount
  }

  /// Whether a token ends a completion.
  public func ends(_ token: Int32) -> Bool { token == endToken || otherEndTokens.contains(token) }

  /// The tokens that are never drawn.
  var neverDrawn: [Int32] {
    [padToken, imageToken, unknownToken, videoToken ?? padToken].filter {
      $0 >= 0 && Int($0) < vocabularySize && !ends($0)
    }
  }
}
