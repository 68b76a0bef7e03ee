/// Writes tensors as safetensors, in several files where one would be too large.
struct WeightWriter {
  /// The most bytes of a file, as `save_pretrained` has it.
  static let mostBytes = 5_000_000_000

  let tensors: [ParameterLayout.Tensor]
  let weights: WeightStorage
  /// The matrices that are not in `weights`; then all tensors are written as bfloat16, as they were read.
  var stored: StoredMatrices?

  private var type: String { stored == nil ? "F32" : "BF16" }
  private var size: Int { stored == nil ? 4 : 2 }

  /// Writes the weights of a folder, each file whole or not at all; the index comes last.
  func write(folder: String, mostBytes: Int = mostBytes) throws(ModelError) {
    var shards: [[ParameterLayout.Tensor]] = [[]]
    var bytes = 0
    for tensor in tensors {
      let next = tensor.count * size
      if bytes > 0, bytes + next > mostBytes {
        shards.append([])
        bytes = 0
      }
      shards[shards.count - 1].append(tensor)
      bytes += next
    }
    func name(_ i: Int) -> String {
      func padded(_ n: Int) -> String {
        String(repeating: "0", count: max(0, 5 - "\(n)".count)) + "\(n)"
      }
      return shards.count == 1
        ? "model.safetensors" : "model-\(padded(i + 1))-of-\(padded(shards.count)).safetensors"
    }
    for (i, tensors) in shards.enumerated() {
      try File.write(to: folder + "/" + name(i)) { put(tensors, put: $0) }
    }
    let index = folder + "/model.safetensors.index.json"
    if shards.count == 1 {
      try File.remove(index)
    } else {
      let map = shards.enumerated().flatMap { i, tensors in
        tensors.map { "    \"\($0.name)\": \"\(name(i))\"" }
      }
      let total = tensors.reduce(0) { $0 + $1.count * size }
      let text =
        "{\n  \"metadata\": {\"total_size\": \(total)},\n  \"weight_map\": {\n"
        + map.joined(separator: ",\n") + "\n  }\n}\n"
      try File.write(Array(text.utf8), to: index)
      // Readers prefer a single file to the index.
      try File.remove(folder + "/model.safetensors")
    }
  }

  /// Writes one file of all tensors.
  func write(file: String) throws(ModelError) {
    try File.write(to: file) { put(tensors, put: $0) }
  }

  /// The bytes of one file of all tensors.
  var bytes: [UInt8] {
    var result: [UInt8] = []
    put(tensors) { result += $0 }
    return result
  }

  private func put(
    _ tensors: [ParameterLayout.Tensor], put: (UnsafeRawBufferPointer) -> Void
  ) {
    Array(header(tensors).utf8).withUnsafeBytes { text in
      withUnsafeBytes(of: UInt64(text.count).littleEndian) { put($0) }
      put(text)
    }
    for tensor in tensors {
      let values = UnsafeBufferPointer(start: weights.base + tensor.offset, count: tensor.count)
      guard let stored else {
        put(UnsafeRawBufferPointer(values))
        continue
      }
      if let data = stored.data(at: tensor.offset) {
        put(UnsafeRawBufferPointer(start: data, count: tensor.count * 2))
      } else {
        values.map { UInt16($0.bitPattern >> 16).littleEndian }.withUnsafeBytes { put($0) }
      }
    }
  }

  private func header(_ tensors: [ParameterLayout.Tensor]) -> String {
    var text = "{\"__metadata__\":{\"format\":\"pt\"}"
    var offset = 0
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.count * size
      text +=
        ",\"\(tensor.name)\":{\"dtype\":\"\(type)\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    text += "}"
    return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
  }
}
