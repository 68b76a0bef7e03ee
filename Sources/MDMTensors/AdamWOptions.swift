/// The constants of AdamW (Loshchilov & Hutter, "Decoupled weight decay regularization", 2019).
public struct AdamWOptions: Sendable, Equatable {
  /// The learning rate where a step does not name its own.
  public var learningRate: Float
  public var beta1: Float
  public var beta2: Float
  public var epsilon: Float
  /// Decay of the matrices.
  public var weightDecay: Float
  /// Whether norms and biases decay too.
  public var decaysVectors: Bool
  /// The greatest Euclidean norm of a step's gradient; 0 clips nothing.
  public var gradientClipNorm: Float
  /// Whether the weights of the vision tower stay as they are.
  public var freezesVision: Bool

  /// Options from their parts.
  public init(
    learningRate: Float = 1e-3, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8,
    weightDecay: Float = 0, decaysVectors: Bool = false, gradientClipNorm: Float = 1,
    freezesVision: Bool = false
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
    self.decaysVectors = decaysVectors
    self.gradientClipNorm = gradientClipNorm
    self.freezesVision = freezesVision
  }
}
