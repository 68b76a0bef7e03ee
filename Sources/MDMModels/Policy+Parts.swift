import CKernels
import MDMImages
import MDMTensors

// A policy's parts, to be looked at: tensors, features of images, positions.
extension Policy {
  /// The values of one tensor under its name on disk, or nil.
  public func values(of tensor: String) -> [Float]? {
    if let adapter, let found = adapter.layout.tensors.first(where: { $0.name == tensor }) {
      return Array(
        UnsafeBufferPointer(start: adapter.weights.base + found.offset, count: found.count))
    }
    guard let found = network.layout.tensors.first(where: { $0.name == tensor }) else {
      return nil
    }
    return withValues(of: found) { Array($0) }
  }

  /// Calls `body` with a tensor's values as floats.
  func withValues<T>(
    of tensor: ParameterLayout.Tensor, _ body: (UnsafeBufferPointer<Float>) -> T
  ) -> T {
    guard let data = stored?.data(at: tensor.offset) else {
      return body(UnsafeBufferPointer(start: weights.base + tensor.offset, count: tensor.count))
    }
    let floats = WeightStorage(count: tensor.count)
    mdm_widen_halves(data, floats.base, tensor.count)
    return body(UnsafeBufferPointer(start: floats.base, count: tensor.count))
  }

  /// The tensors' names on disk.
  public var tensorNames: [String] { tensors.map(\.name) }

  /// The tensors with their shapes and sizes, in the order of the network's parts, then the adapter's.
  package var tensors: [ParameterLayout.Tensor] {
    network.layout.tensors + (adapter?.layout.tensors ?? [])
  }

  /// The bytes that a weight of the base takes: 2 where it stays in a file of bfloat16.
  package var bytesOfAWeight: Int { stored == nil ? 4 : 2 }

  /// Adds to one tensor; as many numbers as it has are taken.
  package func change(_ tensor: String, by values: [Float]) {
    if adapter == nil { widen() }
    let (layout, buffer) =
      adapter.map { ($0.layout.tensors, $0.weights) } ?? (network.layout.tensors, weights)
    guard let found = layout.first(where: { $0.name == tensor }) else { return }
    for (i, value) in values.prefix(found.count).enumerated() {
      buffer.base[found.offset + i] += value
    }
    weightsChanged()
  }

  /// The vision tower's features of an image, one row for each of its tokens in a prompt.
  package func features(of image: RGBImage) -> [Float] {
    pool.with { pair in
      guard
        let vision = Vision(
          network, preparedWeights(), images: [image], keeps: .nothing, store: pair.store,
          scratch: pair.scratch)
      else { return [] }
      let width = configuration.hiddenSize
      let grid = PatchGrid(width: image.width, height: image.height, configuration: configuration)
      return grid.places.flatMap { place in
        UnsafeBufferPointer(start: vision.features + place * width, count: width)
      }
    }
  }

  /// The M-RoPE positions (time, row, column) of a prompt's tokens, and the one after them.
  package func positions(of prompt: Prompt) -> (tokens: [SIMD3<Int32>], next: Int32) {
    let positions = PromptPositions(prompt, configuration: configuration)
    return (positions.positions, positions.next)
  }
}
