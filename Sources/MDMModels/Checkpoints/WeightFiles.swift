import MDMJSON
import MDMTensors

/// The weights of a checkpoint: one safetensors file, or several with an index.
struct WeightFiles: Sendable {
  private let files: [Safetensors]
  /// By the name that `ParameterLayout` uses: the file, and the name there.
  private var places: [String: (file: Int, name: String)] = [:]

  init(_ file: Safetensors) throws(ModelError) { try self.init([file]) }

  private init(_ files: [Safetensors]) throws(ModelError) {
    self.files = files
    for (i, file) in files.enumerated() {
      for name in file.names {
        guard places.updateValue((i, name), forKey: Self.canonical(name)) == nil else {
          throw .malformedSafetensors(reason: "holds `\(name)` twice, or another file does")
        }
      }
    }
  }

  /// Opens `model.safetensors`, or the files that `model.safetensors.index.json` names.
  init(folder: String) throws(ModelError) {
    guard let index = try File.readIfPresent(folder + "/model.safetensors.index.json") else {
      try self.init(Safetensors(FileBytes(mapping: folder + "/model.safetensors")))
      return
    }
    let document = try ModelError.document(index, "model.safetensors.index.json")
    var names: [String] = []
    var wanted: [(tensor: String, file: String)] = []
    for member in document["weight_map"]?.members ?? [] {
      // A name with a slash could leave the folder.
      guard let name = member.value.text, !name.contains("/"), !name.isEmpty else {
        throw .malformedSafetensors(reason: "index gives `\(member.name)` no file of the folder")
      }
      wanted.append((member.name, name))
      if !names.contains(name) { names.append(name) }
    }
    var files: [Safetensors] = []
    for name in names {
      files.append(try Safetensors(FileBytes(mapping: folder + "/" + name)))
    }
    try self.init(files)
    for (tensor, file) in wanted {
      guard let place = places[Self.canonical(tensor)], names[place.file] == file else {
        throw .malformedSafetensors(
          reason: "`\(file)` lacks `\(tensor)`, which the index puts there")
      }
    }
  }

  /// The Hub's name of a tensor that transformers may have saved under its name in memory.
  private static func canonical(_ name: String) -> String {
    for (prefix, new) in [("model.language_model.", "model."), ("model.visual.", "visual.")]
    where name.hasPrefix(prefix) {
      return new + name.dropFirst(prefix.count)
    }
    return name
  }

  /// Reads all tensors of a layout, each on some thread.
  ///
  /// - Throws: What is wrong with the first tensor in the layout's order, or the names that are left
  ///   over; a copy of tied embeddings and the rotary frequencies are no surplus.
  func read(_ layout: ParameterLayout, into weights: WeightStorage) throws(ModelError) {
    var failures = [ModelError?](repeating: nil, count: layout.tensors.count)
    failures.withUnsafeMutableBufferPointer { failures in
      nonisolated(unsafe) let failures = failures
      Workers.run(layout.tensors.count) { i in
        let tensor = layout.tensors[i]
        do throws(ModelError) {
          guard let place = places[tensor.name] else { throw .missingTensor(name: tensor.name) }
          try files[place.file].read(
            place.name, shape: tensor.shape, into: weights.base + tensor.offset)
        } catch { failures[i] = error }
      }
    }
    if let failure = failures.compactMap(\.self).first { throw failure }
    let known = Set(layout.tensors.map(\.name))
    let surplus = places.keys.filter {
      !known.contains($0) && $0 != "lm_head.weight" && !$0.hasSuffix("rotary_emb.inv_freq")
    }
    if !surplus.isEmpty { throw .surplusTensors(names: surplus.sorted()) }
  }
}
