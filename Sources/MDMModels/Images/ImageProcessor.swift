import MDMImages
import MDMJSON

/// How images become numbers: the settings of the Qwen2-VL image processor.
public struct ImageProcessor: Sendable, Equatable {
  /// Who computes the resized bytes: the two round differently, by one level in a thousandth of them.
  public typealias Resizer = BicubicRounding

  /// The fewest and most pixels that an image is brought to by resizing, as far as it can be.
  public var minPixels: Int
  public var maxPixels: Int
  public var resizer = Resizer.torchvision
  public var mean: [Float] = [0.48145466, 0.4578275, 0.40821073] { didSet { retabulate() } }
  public var deviation: [Float] = [0.26862954, 0.26130258, 0.27577711] { didSet { retabulate() } }
  /// The normalised value of each byte, channel after channel.
  private(set) var normalised: [Float] = []

  /// The greatest ratio of an image's sides.
  public static let greatestAspect = 200

  /// The published processor's settings for merged patches of `factor` pixels: 4 to 1280 of them.
  public init(factor: Int) {
    minPixels = 4 * factor * factor
    maxPixels = 1280 * factor * factor
    retabulate()
  }

  private mutating func retabulate() {
    let (mean, deviation) = (mean, deviation)
    normalised = (0..<3).flatMap { c in
      (0..<256).map { (Float($0) - mean[c] * 255) / (deviation[c] * 255) }
    }
  }

  /// Reads `preprocessor_config.json`, or the `image_processor` of `processor_config.json`.
  ///
  /// - Throws: `ModelError.badProcessor` with the setting that does not fit the network or that no
  ///   Qwen2-VL processor has.
  init(document: JSONNode, configuration c: PolicyConfiguration) throws(ModelError) {
    let settings = document["image_processor"] ?? document
    self.init(factor: c.patchSize * c.spatialMergeSize)
    func demand(_ field: String, _ wanted: Double) throws(ModelError) {
      guard let found = settings[field], found != .null else { return }
      let value = found == .bool(true) ? 1 : found == .bool(false) ? 0 : found.number
      if let value, abs(value - wanted) <= 1e-9 { return }
      throw .badProcessor(
        field: field, reason: "is \(String(decoding: found.compact, as: UTF8.self)), not \(wanted)")
    }
    for field in ["do_resize", "do_rescale", "do_normalize"] { try demand(field, 1) }
    try demand("patch_size", Double(c.patchSize))
    try demand("merge_size", Double(c.spatialMergeSize))
    try demand("temporal_patch_size", Double(c.temporalPatchSize))
    try demand("rescale_factor", 1.0 / 255)
    try demand("resample", 3)
    func whole(_ node: JSONNode?, _ field: String) throws(ModelError) -> Int? {
      guard let node, node != .null else { return nil }
      guard let value = node.integer, (1...(1 << 32)).contains(value) else {
        throw .badProcessor(field: field, reason: "is not a number of pixels")
      }
      return value
    }
    let size = settings["size"]
    for (node, field) in [
      (settings["min_pixels"], "min_pixels"), (size?["shortest_edge"], "size.shortest_edge"),
    ] {
      if let value = try whole(node, field) { minPixels = value }
    }
    for (node, field) in [
      (settings["max_pixels"], "max_pixels"), (size?["longest_edge"], "size.longest_edge"),
    ] {
      if let value = try whole(node, field) { maxPixels = value }
    }
    if maxPixels < minPixels {
      throw .badProcessor(field: "max_pixels", reason: "is below `min_pixels`")
    }
    func three(_ field: String, _ fallback: [Float]) throws(ModelError) -> [Float] {
      guard let node = settings[field], node != .null else { return fallback }
      let values = (node.elements ?? []).compactMap(\.number).map { Float($0) }
      guard values.count == 3, values.allSatisfy(\.isFinite) else {
        throw .badProcessor(field: field, reason: "is not three numbers")
      }
      return values
    }
    mean = try three("image_mean", mean)
    deviation = try three("image_std", deviation)
    if deviation.contains(where: { $0 <= 0 }) {
      throw .badProcessor(field: "image_std", reason: "is not positive")
    }
    if settings["image_processor_type"]?.text?.hasSuffix("Pil") == true { resizer = .pillow }
  }
}
