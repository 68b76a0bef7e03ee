/// The sizes and constants of a Qwen2-VL network, under the names of its `config.json`.
public struct PolicyConfiguration: Sendable, Equatable {
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
  public var visionDepth = 2
  public var visionSize = 64
  public var visionHeadCount = 4
  public var visionMLPRatio = 4
  /// `quick_gelu` or `gelu`.
  public var visionActivation = "quick_gelu"
  public var patchSize = 8
  public var temporalPatchSize = 2
  public var spatialMergeSize = 2
  public var padToken: Int32 = 0
  public var endToken: Int32 = 1
  public var imageToken: Int32 = 2
  public var unknownToken: Int32 = 3

  /// The shipped network's sizes.
  public init() {}

  /// The shipped network's sizes for one tokenizer.
  public init(tokenizer: WordTokenizer) {
    vocabularySize = tokenizer.count
    padToken = tokenizer.padToken
    endToken = tokenizer.endToken
    imageToken = tokenizer.imageToken
    unknownToken = tokenizer.unknownToken
  }

  /// The size of a text head.
  public var headSize: Int { hiddenSize / headCount }

  /// The number of image tokens of an image, after it is resized to whole merged patches.
  public func imageTokenCount(width: Int, height: Int) -> Int {
    let grid = ImagePatches.grid(width: width, height: height, configuration: self)
    return grid.rows * grid.columns / (spatialMergeSize * spatialMergeSize)
  }
}
