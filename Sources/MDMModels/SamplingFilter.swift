import Glibc

/// Takes tokens out of the draw: repetition penalty, then top-k, top-p and min-p of what is left.
///
/// The order and the ties are those of transformers' logits processors.
struct SamplingFilter {
  private let options: SamplingOptions
  private let banned: [Int32]

  /// Nil where the options take nothing out.
  init?(_ options: SamplingOptions, banned: [Int32]) {
    if options.topK <= 0, options.topP >= 1, options.minP <= 0, options.repetitionPenalty == 1 {
      return nil
    }
    self.options = options
    self.banned = banned
  }

  /// Writes the logits; those of tokens that must not be drawn become minus infinity.
  func apply(
    _ logits: UnsafePointer<Float>, count: Int, prompt: [Int32], completion: [Int32],
    into output: UnsafeMutablePointer<Float>
  ) {
    output.update(from: logits, count: count)
    if options.repetitionPenalty != 1 {
      for token in Set(prompt).union(completion) where (0..<count).contains(Int(token)) {
        let value = output[Int(token)]
        output[Int(token)] =
          value < 0 ? value * options.repetitionPenalty : value / options.repetitionPenalty
      }
    }
    for token in banned { output[Int(token)] = -.infinity }
    guard options.temperature > 0 else { return }
    let values = UnsafeMutableBufferPointer(start: output, count: count)
    if options.topK > 0, options.topK < count {
      let least = values.sorted(by: >)[options.topK - 1]
      for i in 0..<count where values[i] < least { values[i] = -.infinity }
    }
    if options.topP < 1 || options.minP > 0 { cutTail(values) }
  }

  private func cutTail(_ values: UnsafeMutableBufferPointer<Float>) {
    let greatest = values.max() ?? 0
    func weight(_ value: Float) -> Double {
      exp(Double(value - greatest) / Double(options.temperature))
    }
    if options.topP < 1 {
      let order = values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
      let total = values.reduce(0) { $0 + weight($1) }
      // The token that reaches the sum is kept, and so is the first one.
      var before = 0.0
      for (rank, i) in order.enumerated() {
        let mass = weight(values[i])
        if rank > 0, before >= Double(options.topP) * total { values[i] = -.infinity }
        before += mass
      }
    }
    if options.minP > 0 {
      for i in values.indices where weight(values[i]) < Double(options.minP) {
        values[i] = -.infinity
      }
    }
  }
}
