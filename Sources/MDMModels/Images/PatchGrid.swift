/// The patches of one resized image and the order in which the vision tower takes them.
///
/// The patches of a merged token follow one another. In Qwen2.5-VL the merged tokens of an attention
/// window do too, so that a window is a run of rows.
package struct PatchGrid: Sendable, Equatable {
  /// The numbers of patch rows and columns.
  package let rows: Int
  package let columns: Int
  /// The side of a merged token, in patches.
  private let merge: Int
  /// The side of a window, in merged tokens; 0 where there are none.
  private let window: Int

  /// The grid of an image, after resizing to whole merged patches.
  ///
  /// Source: `smart_resize` of the Qwen2-VL processor; halves round to even. An image whose sides differ
  /// more than it allows is treated as one at the limit (see `Policy.check(_:)`).
  package init(width: Int, height: Int, configuration c: PolicyConfiguration) {
    let processor = c.imageProcessor
    let factor = c.patchSize * c.spatialMergeSize
    let f = Double(factor)
    let least = ImageProcessor.greatestAspect
    let h = Double(max(1, height, width / least))
    let w = Double(max(1, width, height / least))
    var tall = (h / f).rounded(.toNearestOrEven)
    var wide = (w / f).rounded(.toNearestOrEven)
    if tall * wide * f * f > Double(processor.maxPixels) {
      let shrink = (h * w / Double(processor.maxPixels)).squareRoot()
      tall = max(1, (h / shrink / f).rounded(.down))
      wide = max(1, (w / shrink / f).rounded(.down))
    } else if tall * wide * f * f < Double(processor.minPixels) {
      let grow = (Double(processor.minPixels) / (h * w)).squareRoot()
      tall = (h * grow / f).rounded(.up)
      wide = (w * grow / f).rounded(.up)
    }
    merge = c.spatialMergeSize
    window = c.windowSize / factor
    rows = Int(max(1, tall)) * merge
    columns = Int(max(1, wide)) * merge
  }

  /// The number of merged tokens.
  package var tokenCount: Int { rows / merge * (columns / merge) }

  /// The merged tokens (row, column) in the tower's order, and the number of tokens of each window.
  private var tokens: (order: [(Int, Int)], windows: [Int]) {
    let (tall, wide) = (rows / merge, columns / merge)
    let side = window > 0 ? window : max(tall, wide)
    var order: [(Int, Int)] = []
    var windows: [Int] = []
    order.reserveCapacity(tall * wide)
    for top in stride(from: 0, to: tall, by: side) {
      for left in stride(from: 0, to: wide, by: side) {
        let before = order.count
        for y in top..<min(tall, top + side) {
          for x in left..<min(wide, left + side) { order.append((y, x)) }
        }
        windows.append(order.count - before)
      }
    }
    return (order, windows)
  }

  /// The patch (row, column) of each patch row.
  var patches: [(row: Int, column: Int)] {
    tokens.order.flatMap { y, x in
      (0..<merge).flatMap { dy in (0..<merge).map { (y * merge + dy, x * merge + $0) } }
    }
  }

  /// The number of patches of each window.
  var windows: [Int] { tokens.windows.map { $0 * merge * merge } }

  /// For each image token of a prompt, row by row: its place in the tower's order.
  var places: [Int] {
    let wide = columns / merge
    var result = [Int](repeating: 0, count: tokenCount)
    for (place, token) in tokens.order.enumerated() { result[token.0 * wide + token.1] = place }
    return result
  }
}
