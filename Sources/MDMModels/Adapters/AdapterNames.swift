/// Names of a network's modules as transformers and PEFT write them, and which of them a target means.
enum AdapterNames {
  /// The module of a tensor of `ParameterLayout`, as transformers 5 names it in memory.
  static func module(_ tensor: String) -> String {
    var name = Substring(tensor)
    if name.hasSuffix(".weight") { name = name.dropLast(7) }
    if name.hasPrefix("visual.") { return "model." + name }
    if name.hasPrefix("model.") { return "model.language_model." + name.dropFirst(6) }
    return String(name)
  }

  /// Whether a target means a module: by its whole name, or by its last parts.
  static func matches(_ module: String, _ target: String) -> Bool {
    module == target || module.hasSuffix("." + target)
  }

  /// The matrices that can have an adapter: those of the blocks, and of the merger.
  static func candidates(_ layout: ParameterLayout) -> [ParameterLayout.Tensor] {
    layout.tensors.filter {
      $0.shape.count == 2 && $0.offset != layout.embedding && $0.offset != layout.head.weight
    }
  }

  /// The matrices that targets mean: `text` the text's blocks, `all-linear` the vision tower's too, else names.
  static func chosen(
    _ targets: [String], of layout: ParameterLayout
  ) throws(ModelError) -> [ParameterLayout.Tensor] {
    let candidates = candidates(layout)
    var result = Set<String>()
    for target in targets {
      let others = layout.tensors.filter { tensor in
        tensor.isMatrix && !candidates.contains { $0.name == tensor.name }
      }
      if let other = others.first(where: { matches(module($0.name), target) }) {
        throw .badAdapter(
          reason: "cannot change `\(module(other.name))`, which `\(target)` names too")
      }
      let found = candidates.filter {
        switch target {
        case "all-linear": true
        case "text": $0.name.hasPrefix("model.")
        default: matches(module($0.name), target)
        }
      }
      guard !found.isEmpty else {
        let last = candidates.compactMap { module($0.name).split(separator: ".").last }
        let names = Set(last.map(String.init).filter { Int($0) == nil && $0 != "proj" })
        throw .badAdapter(
          reason: "finds no module `\(target)`; there are text, all-linear, "
            + names.sorted().joined(separator: ", "))
      }
      result.formUnion(found.map(\.name))
    }
    return candidates.filter { result.contains($0.name) }
  }

  /// The shortest list that makes PEFT choose exactly these tensors.
  static func list(_ chosen: [ParameterLayout.Tensor], of layout: ParameterLayout) -> [String] {
    let modules = Set(chosen.map { module($0.name) })
    let all = layout.tensors.filter(\.isMatrix).map { module($0.name) }
    let endings = Set(modules.compactMap { $0.split(separator: ".").last.map(String.init) })
    let meant = all.filter { name in endings.contains { matches(name, $0) } }
    // A number is also the last part of blocks, which PEFT refuses.
    let isExact = meant.count == modules.count && endings.allSatisfy { Int($0) == nil }
    return (isExact ? endings : modules).sorted()
  }
}
