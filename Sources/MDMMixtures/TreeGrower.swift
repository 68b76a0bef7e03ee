/// Grows the trees of a forest on binned features.
///
/// A leaf's histogram is built for the smaller child of a split only; the larger one's is the
/// parent's less it.
struct TreeGrower {
  private(set) var forest: Forest
  private let options: BoostedTrees.Options
  private let least: Int
  private let n: Int
  private let width: Int
  private var columns: [UInt8]  // (features, n): the bin of a run
  private var edges: [[Double]] = []  // the upper edge of each bin but the last
  private var starts: [Int] = []  // where a feature's bins begin in a histogram
  private var bins = 0
  private var weighted: [Bin]  // (residual x weight, weight) of each run
  private var order: [Int32]  // the runs, leaf by leaf
  private var pool: [[Bin]] = []

  // The sum of the residuals times their weights, and the sum of the weights.
  typealias Bin = SIMD2<Double>

  struct Leaf {
    var start: Int
    var end: Int
    var total: Bin
    var histogram: [Bin]
    var parent: Int32 = -1
    var isLeft = false
    var gain = 0.0
    var feature = 0
    var bin = 0
    var left = Bin.zero
  }

  init(_ observations: Observations, options: BoostedTrees.Options) {
    n = observations.scores.count
    width = observations.points[0].count
    self.options = options
    least = options.leastInLeaf ?? max(2, min(8, n / 20))
    let mean = observations.mean
    forest = Forest(base: mean)
    weighted = zip(observations.scores, observations.precision).map { Bin(($0 - mean) * $1, $1) }
    order = (0..<Int32(n)).map { $0 }
    columns = [UInt8](repeating: 0, count: n * width)
    for feature in 0..<width {
      let values = observations.points.map { $0[feature] }
      let cuts = Self.cuts(values.sorted(), bins: options.bins)
      for (i, value) in values.enumerated() {
        var (low, high) = (0, cuts.count)
        while low < high {
          let middle = (low + high) / 2
          if value <= cuts[middle] { high = middle } else { low = middle + 1 }
        }
        columns[feature * n + i] = UInt8(low)
      }
      edges.append(cuts)
      starts.append(bins)
      bins += cuts.count + 1
    }
    starts.append(bins)
  }

  // Midpoints between neighbouring values that keep three runs at least in a bin, or more where
  // there would be too many bins.
  private static func cuts(_ sorted: [Double], bins: Int) -> [Double] {
    let step = max(3, Double(sorted.count) / Double(bins))
    var result: [Double] = []
    var next = step
    for i in 1..<max(sorted.count, 1) where sorted[i] > sorted[i - 1] && Double(i) >= next {
      result.append(sorted[i - 1] + (sorted[i] - sorted[i - 1]) / 2)
      next = Double(i) + step
    }
    return Array(result.prefix(bins - 1))
  }

  /// The sum of the squared residuals.
  var residualSquare: Double {
    weighted.reduce(0) { $0 + $1.x * $1.x / $1.y }
  }

  /// Grows one more tree; false where no split gains anything.
  mutating func addTree() -> Bool {
    var root = Leaf(start: 0, end: n, total: .zero, histogram: empty())
    for value in weighted { root.total += value }
    fill(&root.histogram, 0, n)
    search(&root)
    guard root.gain > 0 else { return false }
    var leaves = [root]
    var nodes: [Forest.Split] = []
    while leaves.count < options.leaves {
      var best = 0
      for i in leaves.indices where leaves[i].gain > leaves[best].gain { best = i }
      guard leaves[best].gain > 0 else { break }
      split(best, &leaves, &nodes)
    }
    var values: [Double] = []
    for (place, leaf) in leaves.enumerated() {
      let value = options.rate * leaf.total.x / (leaf.total.y + options.penalty)
      values.append(value)
      let mark = -1 - Int32(place)
      if leaf.isLeft {
        nodes[Int(leaf.parent)].left = mark
      } else {
        nodes[Int(leaf.parent)].right = mark
      }
      for k in leaf.start..<leaf.end {
        let i = Int(order[k])
        weighted[i].x -= value * weighted[i].y
      }
      pool.append(leaf.histogram)
    }
    forest.append(nodes, values)
    return true
  }

  private mutating func empty() -> [Bin] {
    pool.popLast() ?? [Bin](repeating: .zero, count: bins)
  }

  private func fill(_ histogram: inout [Bin], _ start: Int, _ end: Int) {
    histogram.withUnsafeMutableBufferPointer { out in
      for i in out.indices { out[i] = .zero }
      columns.withUnsafeBufferPointer { columns in
        order.withUnsafeBufferPointer { order in
          weighted.withUnsafeBufferPointer { weighted in
            for feature in 0..<width {
              let base = starts[feature]
              let column = feature * n
              for k in start..<end {
                let i = Int(order[k])
                out[base + Int(columns[column + i])] += weighted[i]
              }
            }
          }
        }
      }
    }
  }

  // The split of largest gain; ties go to the first feature and bin.
  private func search(_ leaf: inout Leaf) {
    leaf.gain = 0
    guard leaf.end - leaf.start >= 2 * least else { return }
    let total = leaf.total
    // A hair less than the fewest runs, since weights are sums of rounded numbers.
    let least = Double(self.least) - 1e-9
    let own = total.x * total.x / (total.y + options.penalty)
    var best = own + 1e-12 * (own + 1e-30)
    var found: (feature: Int, bin: Int, left: Bin)?
    leaf.histogram.withUnsafeBufferPointer { histogram in
      for feature in 0..<width {
        let base = starts[feature]
        var left = Bin.zero
        for bin in 0..<starts[feature + 1] - base - 1 {
          left += histogram[base + bin]
          if left.y < least { continue }
          let right = total - left
          if right.y < least { break }
          let sums = Bin(left.x, right.x)
          let parts = sums * sums / (Bin(left.y, right.y) + options.penalty)
          let gain = parts.x + parts.y
          if gain > best {
            best = gain
            found = (feature, bin, left)
          }
        }
      }
    }
    guard let found else { return }
    leaf.gain = best - own
    leaf.feature = found.feature
    leaf.bin = found.bin
    leaf.left = found.left
  }

  private mutating func split(_ place: Int, _ leaves: inout [Leaf], _ nodes: inout [Forest.Split]) {
    var parent = leaves[place]
    leaves[place].histogram = []  // so that it is changed in place below
    let node = Int32(nodes.count)
    let column = parent.feature * n
    nodes.append(
      Forest.Split(
        threshold: edges[parent.feature][parent.bin], feature: Int32(parent.feature), left: 0,
        right: 0))
    if parent.parent >= 0 {
      if parent.isLeft {
        nodes[Int(parent.parent)].left = node
      } else {
        nodes[Int(parent.parent)].right = node
      }
    }
    var middle = parent.start
    var rest: [Int32] = []
    for k in parent.start..<parent.end {
      if Int(columns[column + Int(order[k])]) <= parent.bin {
        order[middle] = order[k]
        middle += 1
      } else {
        rest.append(order[k])
      }
    }
    for (k, i) in rest.enumerated() { order[middle + k] = i }
    let leftIsSmaller = middle - parent.start <= parent.end - middle
    let (from, to) = leftIsSmaller ? (parent.start, middle) : (middle, parent.end)
    var small = empty()
    fill(&small, from, to)
    parent.histogram.withUnsafeMutableBufferPointer { large in
      for i in large.indices { large[i] -= small[i] }
    }
    var left = Leaf(
      start: parent.start, end: middle, total: parent.left,
      histogram: leftIsSmaller ? small : parent.histogram, parent: node, isLeft: true)
    var right = Leaf(
      start: middle, end: parent.end, total: parent.total - parent.left,
      histogram: leftIsSmaller ? parent.histogram : small, parent: node, isLeft: false)
    search(&left)
    search(&right)
    leaves[place] = left
    leaves.append(right)
  }
}
