import CKernels
import MDMTensors
import Synchronization

/// Panels of matrices, packed when they are first needed after a change.
final class PanelCache: Sendable {
  private let storage: WeightStorage
  private let isCurrent = Mutex(false)

  /// Room for so many floats.
  init(count: Int) { storage = WeightStorage(count: count) }

  /// Notes that the weights changed.
  func invalidate() { isCurrent.withLock { $0 = false } }

  /// The panels; `pack` writes them where they are not current.
  func prepared(_ pack: (UnsafeMutablePointer<Float>) -> Void) -> UnsafePointer<Float> {
    isCurrent.withLock { isCurrent in
      if !isCurrent { pack(storage.base) }
      isCurrent = true
    }
    return UnsafePointer(storage.base)
  }
}

extension Network {
  /// Packs the matrix of the patches, and the others unless they are stored elsewhere.
  func pack(
    _ weights: WeightStorage, isStored: Bool, into panels: UnsafeMutablePointer<Float>
  ) {
    let matrices = isStored ? [] : layout.matrices
    Workers.run(matrices.count + 1) { piece in
      if piece == matrices.count {
        packPatches(weights, into: panels + layout.patch.panels)
      } else {
        let matrix = matrices[piece]
        Linear.pack(
          weights.base + matrix.weight, into: panels + matrix.panels, inputs: matrix.inputs,
          outputs: matrix.outputs)
      }
    }
  }

  /// A still repeats itself in time, so the temporal slices of the patch weights are summed.
  private func packPatches(_ weights: WeightStorage, into panels: UnsafeMutablePointer<Float>) {
    let matrix = layout.patch
    let square = configuration.patchSize * configuration.patchSize
    let slices = configuration.temporalPatchSize
    let sums = WeightStorage(count: matrix.inputs * matrix.outputs)
    for i in 0..<(matrix.outputs * 3) {
      for t in 0..<slices {
        mdm_add(
          sums.base + i * square, weights.base + matrix.weight + (i * slices + t) * square, square)
      }
    }
    Linear.pack(sums.base, into: panels, inputs: matrix.inputs, outputs: matrix.outputs)
  }
}
