/// Regression trees in one array; the children of a node stand side by side.
struct Forest: Sendable {
  /// A split while a tree grows: child -1 - leaf is a leaf.
  struct Split: Sendable {
    var threshold: Double
    var feature: Int32
    var left: Int32
    var right: Int32
  }

  // A leaf has the threshold infinity and itself as its left child: walking on stays there.
  private struct Node: Sendable {
    var threshold: Double
    var feature: Int32
    var left: Int32
  }

  let base: Double
  private var nodes: [Node] = []
  private var values: [Double] = []  // of leaves; 0 for splits
  private var roots: [Int32] = []
  private var depths: [Int] = []

  init(base: Double) { self.base = base }

  var count: Int { roots.count }

  mutating func append(_ tree: [Split], _ leaves: [Double]) {
    var queue: [(child: Int32, place: Int, depth: Int)] = [(tree.isEmpty ? -1 : 0, nodes.count, 0)]
    roots.append(Int32(nodes.count))
    grow(1)
    var head = 0
    var depth = 0
    while head < queue.count {
      let (child, place, level) = queue[head]
      head += 1
      depth = max(depth, level)
      if child < 0 {
        nodes[place] = Node(threshold: .infinity, feature: 0, left: Int32(place))
        values[place] = leaves[Int(-1 - child)]
      } else {
        let split = tree[Int(child)]
        let left = nodes.count
        nodes[place] = Node(
          threshold: split.threshold, feature: split.feature, left: Int32(left))
        grow(2)
        queue.append((split.left, left, level + 1))
        queue.append((split.right, left + 1, level + 1))
      }
    }
    depths.append(depth)
  }

  private mutating func grow(_ count: Int) {
    for _ in 0..<count {
      nodes.append(Node(threshold: 0, feature: 0, left: 0))
      values.append(0)
    }
  }

  func value(_ point: [Double]) -> Double {
    point.withUnsafeBufferPointer { values($0, width: point.count)[0] }
  }

  /// The values of many points, `width` numbers each.
  ///
  /// A block of points takes one level of one tree after the other without a branch: the
  /// processor overlaps their loads, and the tree stays in its cache.
  func values(_ points: UnsafeBufferPointer<Double>, width: Int) -> [Double] {
    let count = points.count / width
    var result = [Double](repeating: base, count: count)
    let size = min(256, count)
    var places = [Int32](repeating: 0, count: size)
    result.withUnsafeMutableBufferPointer { result in
      nodes.withUnsafeBufferPointer { nodes in
        values.withUnsafeBufferPointer { values in
          places.withUnsafeMutableBufferPointer { places in
            var start = 0
            while start < count {
              let block = min(size, count - start)
              for (root, depth) in zip(roots, depths) {
                for i in 0..<block { places[i] = root }
                for _ in 0..<depth {
                  var row = start * width
                  for i in 0..<block {
                    let node = nodes[Int(places[i])]
                    let isRight = points[row &+ Int(node.feature)] > node.threshold
                    places[i] = node.left &+ (isRight ? 1 : 0)
                    row &+= width
                  }
                }
                for i in 0..<block { result[start + i] += values[Int(places[i])] }
              }
              start += block
            }
          }
        }
      }
    }
    return result
  }
}
