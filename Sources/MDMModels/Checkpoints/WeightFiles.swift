import MDMJSON
import MDMTensors

/// The weights of a checkpoint: one safetensors file, or several with an index.
struct WeightFiles: Sendable {
  private let files: [Safetensors]
  /// By the name that `ParameterLayout` uses: the file, and the name there.
  private var places: [String: (file: Int, name: String)] = [:]

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
  init(_ source: CheckpointSource) throws(ModelError) {
    guard let index = try source.readIfPresent("model.safetensors.index.json") else {
      try self.init([Safetensors(source.map("model.safetensors"))])
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
      files.append(try Safetensors(source.map(name)))
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

  /// Reads tensors into their places, each on some thread.
  ///
  /// - Throws: What is wrong with the first of them.
  func read(
    _ tensors: [ParameterLayout.Tensor], into weights: WeightStorage
  ) throws(ModelError) {
    _ = try each(tensors) { tensor, file, name throws(ModelError) in
      try file.read(name, shape: tensor.shape, into: weights.base + tensor.offset)
    }
  }

  /// The bytes of bfloat16 tensors, which live as long as these files do.
  ///
  /// - Throws: What is wrong with the first of them.
  func halves(of tensors: [ParameterLayout.Tensor]) throws(ModelError) -> [UnsafeRawPointer] {
    try each(tensors) { tensor, file, name throws(ModelError) in
      try file.halves(name, shape: tensor.shape)
    }
  }

  /// The type of a tensor's numbers, or nil.
  func type(of tensor: String) -> String? {
    places[tensor].flatMap { files[$0.file].type(of: $0.name) }
  }

  private func each<T>(
    _ tensors: [ParameterLayout.Tensor],
    _ body: (_ tensor: ParameterLayout.Tensor, _ file: Safetensors, _ name: String)
      throws(ModelError)
      -> T
  ) throws(ModelError) -> [T] {
    var results = [Result<T, ModelError>?](repeating: nil, count: tensors.count)
    results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      Workers.run(tensors.count) { i in
        guard let place = places[tensors[i].name] else {
          results[i] = .failure(.missingTensor(name: tensors[i].name))
          return
        }
        do throws(ModelError) {
          results[i] = .success(try body(tensors[i], files[place.file], place.name))
        } catch { results[i] = .failure(error) }
      }
    }
    var values: [T] = []
    for result in results { if let result { values.append(try result.get()) } }
    return values
  }

  /// Checks, before memory is taken for a layout, that the files have its tensors in their shapes and no others; a
  /// copy of tied embeddings and the rotary frequencies are no surplus.
  func check(_ layout: ParameterLayout) throws(ModelError) {
    for tensor in layout.tensors {
      guard let place = places[tensor.name] else { throw .missingTensor(name: tensor.name) }
      let shape = files[place.file].shape(of: place.name) ?? []
      if shape != tensor.shape {
        throw .wrongShape(name: tensor.name, expected: tensor.shape, found: shape)
      }
    }
    let known = Set(layout.tensors.map(\.name))
    let surplus = places.keys.filter {
      !known.contains($0) && $0 != "lm_head.weight" && !$0.hasSuffix("rotary_emb.inv_freq")
    }
    if !surplus.isEmpty { throw .surplusTensors(names: surplus.sorted()) }
  }
}
