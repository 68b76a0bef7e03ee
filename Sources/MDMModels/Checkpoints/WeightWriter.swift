/// Writes weights as safetensors, in several files where one would be too large.
enum WeightWriter {
  /// The most bytes of a file, as `save_pretrained` has it.
  static let mostBytes = 5_000_000_000

  /// Writes the weights of a folder, each file whole or not at all; the index comes last.
  static func write(
    _ layout: ParameterLayout, weights: WeightStorage, folder: String, mostBytes: Int = mostBytes
  ) throws(ModelError) {
    var shards: [[ParameterLayout.Tensor]] = [[]]
    var size = 0
    for tensor in layout.tensors {
      let bytes = tensor.count * 4
      if size > 0, size + bytes > mostBytes {
        shards.append([])
        size = 0
      }
      shards[shards.count - 1].append(tensor)
      size += bytes
    }
    func name(_ i: Int) -> String {
      func padded(_ n: Int) -> String {
        String(repeating: "0", count: max(0, 5 - "\(n)".count)) + "\(n)"
      }
      return shards.count == 1
        ? "model.safetensors" : "model-\(padded(i + 1))-of-\(padded(shards.count)).safetensors"
    }
    for (i, tensors) in shards.enumerated() {
      try File.write(to: folder + "/" + name(i)) { put in
        Array(header(tensors).utf8).withUnsafeBytes { text in
          withUnsafeBytes(of: UInt64(text.count).littleEndian) { put($0) }
          put(text)
        }
        for tensor in tensors {
          put(UnsafeRawBufferPointer(start: weights.base + tensor.offset, count: tensor.count * 4))
        }
      }
    }
    let index = folder + "/model.safetensors.index.json"
    if shards.count == 1 {
      try File.remove(index)
    } else {
      let map = shards.enumerated().flatMap { i, tensors in
        tensors.map { "    \"\($0.name)\": \"\(name(i))\"" }
      }
      let text =
        "{\n  \"metadata\": {\"total_size\": \(layout.count * 4)},\n  \"weight_map\": {\n"
        + map.joined(separator: ",\n") + "\n  }\n}\n"
      try File.write(Array(text.utf8), to: index)
    }
  }

  /// The bytes of one file of all weights.
  static func bytes(of layout: ParameterLayout, weights: WeightStorage) -> [UInt8] {
    let header = Array(header(layout.tensors).utf8)
    var result: [UInt8] = []
    result.reserveCapacity(8 + header.count + weights.count * 4)
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { result += $0 }
    result += header
    result += UnsafeRawBufferPointer(start: weights.base, count: weights.count * 4)
    return result
  }

  private static func header(_ tensors: [ParameterLayout.Tensor]) -> String {
    var text = "{\"__metadata__\":{\"format\":\"pt\"}"
    var offset = 0
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let end = offset + tensor.count * 4
      text +=
        ",\"\(tensor.name)\":{\"dtype\":\"F32\",\"shape\":[\(shape)],"
        + "\"data_offsets\":[\(offset),\(end)]}"
      offset = end
    }
    text += "}"
    return text + String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
  }
}
