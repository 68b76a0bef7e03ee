/// What the completions of one prompt were paid.
public struct GroupRewards: Sendable {
  /// One reward a completion.
  public var total: [Double]
  /// The parts of the reward, such as format and accuracy: `[part][completion]`. Where nobody named
  /// parts it is the reward itself.
  public var parts: [[Double]]

  /// The completions' lengths in tokens; equal where nobody named them.
  public var lengths: [Int]

  public init(_ total: [Double], parts: [[Double]] = [], lengths: [Int] = []) {
    self.total = total
    self.lengths = lengths.isEmpty ? total.map { _ in 0 } : lengths
    self.parts = parts.isEmpty ? [total] : parts
  }

  /// Values less their mean. Equal ones give exact zeros, whatever their mean rounds to.
  static func centred(_ values: [Double]) -> [Double] {
    guard let first = values.first else { return [] }
    if values.allSatisfy({ $0 == first }) { return [Double](repeating: 0, count: values.count) }
    let mean = values.reduce(0, +) / Double(values.count)
    return values.map { $0 - mean }
  }

  /// The sample standard deviation of centred values; 0 for fewer than two.
  static func deviation(_ centred: [Double]) -> Double {
    guard centred.count > 1 else { return 0 }
    return (centred.reduce(0) { $0 + $1 * $1 } / Double(centred.count - 1)).squareRoot()
  }
}
