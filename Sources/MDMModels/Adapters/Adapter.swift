import MDMNumerics
import MDMTensors

/// Matrices of low rank that are added to some of a policy's, and learn in their place.
final class Adapter: @unchecked Sendable {
  let options: LoRAOptions
  let layout: AdapterLayout
  let weights: WeightStorage
  private let panels: PanelCache

  init(options: LoRAOptions, layout: AdapterLayout, weights: WeightStorage) {
    self.options = options
    self.layout = layout
    self.weights = weights
    panels = PanelCache(count: layout.panelCount)
  }

  /// An adapter that changes nothing yet: A is uniform within 1 / sqrt(inputs) as PEFT draws it, B is 0.
  convenience init(
    _ options: LoRAOptions, network: ParameterLayout, seed: UInt64
  ) throws(ModelError) {
    let chosen = try AdapterNames.chosen(options.targets, of: network)
    guard options.rank > 0, options.alpha.isFinite, options.alpha > 0 else {
      throw .badAdapter(reason: "needs a rank and an alpha above 0")
    }
    if let small = chosen.first(where: { ($0.shape.min() ?? 0) < options.rank }) {
      throw .badAdapter(
        reason: "has the rank \(options.rank), more than `\(AdapterNames.module(small.name))` of "
          + "\(small.shape[0]) x \(small.shape[1]) has")
    }
    let layout = AdapterLayout(network, targets: chosen.map { ($0, options.rank) })
    let weights = WeightStorage(count: layout.count)
    for target in layout.targets {
      var stream = RandomStream(seed: seed, purpose: "adapter", domain: target.tensor.name)
      let bound = 1 / Double(target.inputs).squareRoot()
      for i in 0..<(target.rank * target.inputs) {
        weights.base[target.a + i] = Float((2 * stream.uniform() - 1) * bound)
      }
    }
    self.init(options: options, layout: layout, weights: weights)
  }

  /// An adapter with its own copy of the weights.
  func copy() -> Adapter {
    Adapter(options: options, layout: layout, weights: weights.copy())
  }

  /// Whether it changes the vision tower.
  var hasVision: Bool { layout.targets.contains { $0.tensor.name.hasPrefix("visual.") } }

  /// Notes that the weights changed.
  func weightsChanged() { panels.invalidate() }

  /// The weights with their panels.
  func prepared() -> AdapterWeights {
    let panels = panels.prepared { panels in
      for target in layout.targets {
        Linear.pack(
          weights.base + target.a, into: panels + target.panels, inputs: target.inputs,
          outputs: target.rank)
        for piece in target.pieces {
          Linear.pack(
            weights.base + target.b + piece.first * target.rank, into: panels + piece.panels,
            inputs: target.rank, outputs: piece.count)
        }
      }
    }
    return AdapterWeights(
      layout: layout, scale: options.scale, base: UnsafePointer(weights.base), panels: panels)
  }

  /// Adds scale B A to the matrices of a network.
  func merge(into network: WeightStorage) {
    Workers.run(layout.targets.count) { i in
      let target = layout.targets[i]
      BLAS.times(
        weights.base + target.b, target.rank, weights.base + target.a, target.inputs,
        into: network.base + target.tensor.offset, target.inputs, m: target.outputs,
        n: target.inputs, k: target.rank, alpha: options.scale, beta: 1)
    }
  }
}
