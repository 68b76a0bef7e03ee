/// The chance that one of k samples is right, without bias from n samples of which c are:
/// 1 - C(n - c, k) / C(n, k).
///
/// Source: "Evaluating large language models trained on code", arXiv 2107.03374, equation 1.
public enum PassAtK {
  /// One item's estimate; NaN where k is not in 1...n.
  public static func estimate(right: Int, of count: Int, k: Int) -> Double {
    guard (1...max(count, 1)).contains(k), count >= 1, (0...count).contains(right) else {
      return .nan
    }
    if count - right < k { return 1 }
    // The product of (n - c - i) / (n - i) stays in range where the binomials would not.
    return 1 - (0..<k).reduce(1.0) { $0 * Double(count - right - $1) / Double(count - $1) }
  }
}
