import MDMTensors

/// The matrices of a checkpoint that stay bfloat16 numbers in its mapped files.
///
/// Their pages are the system's: they are read when a product needs them and cost no memory of the process's own.
final class StoredMatrices: @unchecked Sendable {
  /// Some rows of a product's matrix: neighbours there need not be neighbours in the file.
  struct Part {
    var data: UnsafeRawPointer
    /// The first of the product's columns that it computes.
    var column: Int
    var count: Int
  }

  /// Keeps the files mapped.
  private let files: WeightFiles
  /// The places of the stored tensors in the layout, in order, and their bytes.
  private let ranges: [Range<Int>]
  private let data: [UnsafeRawPointer]

  /// The bytes of a layout's matrices; nil where some tensor is not bfloat16.
  ///
  /// - Throws: What is wrong with the first tensor in the layout's order.
  init?(_ layout: ParameterLayout, files: WeightFiles) throws(ModelError) {
    guard layout.tensors.allSatisfy({ files.type(of: $0.name) == "BF16" }) else { return nil }
    let tensors = layout.tensors.filter(layout.isStored)
    self.files = files
    let found = try files.halves(of: tensors)
    ranges = tensors.map(\.range)
    data = found
  }

  /// The numbers from a place of the layout on; nil where they are not stored.
  func data(at offset: Int) -> UnsafeRawPointer? {
    let i = index(of: offset)
    guard i < ranges.count, ranges[i].contains(offset) else { return nil }
    return data[i] + (offset - ranges[i].lowerBound) * 2
  }

  /// The pieces of a product's matrix; nil where it is not stored.
  func parts(of matrix: ParameterLayout.Matrix) -> [Part]? {
    var result: [Part] = []
    var row = 0
    var i = index(of: matrix.weight)
    guard data(at: matrix.weight) != nil else { return nil }
    while row < matrix.outputs {
      let start = matrix.weight + row * matrix.inputs
      let count = min(matrix.outputs - row, (ranges[i].upperBound - start) / matrix.inputs)
      result.append(
        Part(data: data[i] + (start - ranges[i].lowerBound) * 2, column: row, count: count))
      row += count
      i += 1
    }
    return result
  }

  /// The first tensor that ends behind a place.
  private func index(of offset: Int) -> Int {
    var low = 0
    var high = ranges.count
    while low < high {
      let middle = (low + high) / 2
      if ranges[middle].upperBound <= offset { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension ParameterLayout {
  /// Whether a tensor may stay in its file: the matrices, but not that of the patches, whose slices are summed.
  func isStored(_ tensor: Tensor) -> Bool { tensor.isMatrix && tensor.offset != patch.weight }
}
