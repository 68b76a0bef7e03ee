import MDMTensors

/// Where the weights of an adapter lie in one flat buffer, and what they are added to.
package struct AdapterLayout: Sendable {
  /// A matrix W of `outputs` x `inputs` that becomes W + scale B A.
  struct Target: Sendable {
    /// W among the network's tensors.
    let tensor: ParameterLayout.Tensor
    let rank: Int
    /// The places of A, `rank` x `inputs`, and of B, `outputs` x `rank`.
    let a: Int
    let b: Int
    /// Where A's panels start.
    let panels: Int
    /// Rows of B that one product of the forward pass needs, and where their panels start.
    var pieces: [(first: Int, count: Int, panels: Int)] = []
    var inputs: Int { tensor.shape[1] }
    var outputs: Int { tensor.shape[0] }
  }

  /// The rows of a target that lie in a product's matrix.
  struct Overlap {
    let target: Target
    let first: Int
    let count: Int
    /// The first of the product's columns that they are.
    let column: Int
  }

  /// The targets in the order of the network's tensors.
  private(set) var targets: [Target] = []
  /// The adapter's tensors under their names in PEFT's files.
  package private(set) var tensors: [ParameterLayout.Tensor] = []
  package private(set) var count = 0
  private(set) var panelCount = 0

  /// The layout for some of a network's matrices, each with its rank.
  init(_ network: ParameterLayout, targets chosen: [(tensor: ParameterLayout.Tensor, rank: Int)]) {
    for (tensor, rank) in chosen.sorted(by: { $0.tensor.offset < $1.tensor.offset }) {
      let (outputs, inputs) = (tensor.shape[0], tensor.shape[1])
      let module = AdapterNames.module(tensor.name)
      var target = Target(
        tensor: tensor, rank: rank,
        a: add("base_model.model.\(module).lora_A.weight", [rank, inputs]),
        b: add("base_model.model.\(module).lora_B.weight", [outputs, rank]),
        panels: addPanels(inputs: inputs, outputs: rank))
      for matrix in network.matrices where matrix.range.overlaps(tensor.range) {
        let rows = Self.rows(of: tensor, in: matrix)
        target.pieces.append(
          (rows.lowerBound, rows.count, addPanels(inputs: rank, outputs: rows.count)))
      }
      targets.append(target)
    }
  }

  /// The targets that a product's matrix holds.
  func overlaps(_ matrix: ParameterLayout.Matrix) -> [Overlap] {
    var low = 0
    var high = targets.count
    while low < high {
      let middle = (low + high) / 2
      if targets[middle].tensor.range.upperBound <= matrix.weight {
        low = middle + 1
      } else {
        high = middle
      }
    }
    var result: [Overlap] = []
    while low < targets.count, targets[low].tensor.range.overlaps(matrix.range) {
      let rows = Self.rows(of: targets[low].tensor, in: matrix)
      let start = targets[low].tensor.offset + rows.lowerBound * matrix.inputs
      result.append(
        Overlap(
          target: targets[low], first: rows.lowerBound, count: rows.count,
          column: (start - matrix.weight) / matrix.inputs))
      low += 1
    }
    return result
  }

  /// The rows of a tensor that a product's matrix holds.
  private static func rows(
    of tensor: ParameterLayout.Tensor, in matrix: ParameterLayout.Matrix
  ) -> Range<Int> {
    let range = tensor.range.clamped(to: matrix.range)
    let width = matrix.inputs
    return
      ((range.lowerBound - tensor.offset) / width)..<((range.upperBound - tensor.offset)
      / width)
  }

  private mutating func add(_ name: String, _ shape: [Int]) -> Int {
    let tensor = ParameterLayout.Tensor(name: name, shape: shape, offset: count)
    tensors.append(tensor)
    count += tensor.count
    return tensor.offset
  }

  private mutating func addPanels(inputs: Int, outputs: Int) -> Int {
    defer { panelCount += Linear.panelCount(inputs: inputs, outputs: outputs) }
    return panelCount
  }
}
