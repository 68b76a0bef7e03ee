import CKernels
import MDMTensors
import Synchronization

/// A network's weights, flat and in the order in which the forward pass reads the matrices.
struct NetworkWeights: @unchecked Sendable {
  let base: UnsafePointer<Float>
  let panels: UnsafePointer<Float>
}

/// The panels of a policy's matrices, packed when they are first needed after a change.
final class PanelCache: Sendable {
  private let storage: WeightStorage
  private let isCurrent = Mutex(false)

  init(layout: ParameterLayout) { storage = WeightStorage(count: layout.panelCount) }

  /// Notes that the weights changed.
  func invalidate() { isCurrent.withLock { $0 = false } }

  /// The weights with their panels.
  func prepared(_ weights: WeightStorage, network: Network) -> NetworkWeights {
    isCurrent.withLock { isCurrent in
      if !isCurrent {
        let layout = network.layout
        Workers.run(layout.panels.count + 1) { piece in
          if piece == layout.panels.count {
            packPatches(weights, network)
          } else {
            let matrix = layout.panels[piece]
            Linear.pack(
              weights.base + matrix.weight, into: storage.base + matrix.offset,
              inputs: matrix.inputs, outputs: matrix.outputs)
          }
        }
        isCurrent = true
      }
    }
    return NetworkWeights(
      base: UnsafePointer(weights.base), panels: UnsafePointer(storage.base))
  }

  /// A still repeats itself in time, so the temporal slices of the patch weights are summed.
  private func packPatches(_ weights: WeightStorage, _ network: Network) {
    let c = network.configuration
    let matrix = network.layout.patchPanels
    let square = c.patchSize * c.patchSize
    let sums = WeightStorage(count: matrix.inputs * matrix.outputs)
    for i in 0..<(matrix.outputs * 3) {
      for t in 0..<c.temporalPatchSize {
        mdm_add(
          sums.base + i * square,
          weights.base + matrix.weight + (i * c.temporalPatchSize + t) * square, square)
      }
    }
    Linear.pack(
      sums.base, into: storage.base + matrix.offset, inputs: matrix.inputs,
      outputs: matrix.outputs)
  }
}
