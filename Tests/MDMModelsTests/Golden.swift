import Glibc
import MDMImages
import MDMJSON
import MDMModels
import MDMNumerics
import Testing

/// The files of a reference model and the numbers that transformers and TRL compute with them.
struct Golden {
  let policy: Policy
  let file: Safetensors
  let facts: JSONNode

  init(_ model: String = "qwen2vl-tiny") throws {
    policy = try Policy(folder: Self.folder(model))
    let golden = Self.folder(model) + "-golden/golden"
    file = try Safetensors(Self.bytes(golden + ".safetensors"))
    facts = try JSONNode(parsing: Self.bytes(golden + ".json"))
  }

  /// The folder of a reference model.
  static func folder(_ model: String) -> String {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    return "/" + root + "/../shared/parity/" + model
  }

  /// The bytes of a file, or a test failure.
  static func bytes(_ path: String) throws -> [UInt8] {
    let stream = try #require(fopen(path, "r"), "\(path) is missing")
    defer { fclose(stream) }
    var result: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, stream)
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  /// One row of an integer tensor, or all of it.
  func integers(_ name: String, row: Int? = nil) throws -> [Int32] {
    let all = try integers(all: name)
    guard let row, let shape = file.shape(of: name) else { return all }
    let width = shape.last ?? 1
    return Array(all[(row * width)..<((row + 1) * width)])
  }

  private func integers(all name: String) throws -> [Int32] {
    let bytes = try file.data(of: name)
    return stride(from: 0, to: bytes.count, by: 4).map { at in
      Int32(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * $1) })
    }
  }

  func floats(_ name: String) throws -> [Float] { try file.floats(name) }

  /// The prompts of a case, from its conversations' texts and its images.
  func prompts(_ name: String) throws -> [Prompt] {
    let facts = try #require(facts["cases"]?[name])
    let texts = try #require(facts["text"]?.elements).compactMap(\.text)
    let images = facts["images"]?.elements ?? []
    return try texts.enumerated().map { i, text in
      let names = images.isEmpty ? [] : images[i].elements?.compactMap(\.text) ?? []
      return try policy.prompt(text: text, images: names.map { try image($0 + ".rgb") })
    }
  }

  func image(_ name: String) throws -> RGBImage {
    let shape = try #require(file.shape(of: name))
    return RGBImage(
      width: shape[1], height: shape[0], pixels: try file.data(of: name))
  }
}

/// A policy small enough for finite differences.
func smallPolicy(
  seed: UInt64 = 1, architecture: PolicyConfiguration.Architecture = .qwen2VL
) -> Policy {
  let tokenizer = WordTokenizer(words: (0..<20).map { "w\($0)" })
  var configuration = PolicyConfiguration(tokenizer: tokenizer)
  configuration.hiddenSize = 16
  configuration.intermediateSize = 24
  configuration.layerCount = 2
  configuration.headCount = 2
  configuration.keyValueHeadCount = 1
  configuration.mropeSection = [1, 1, 2]
  configuration.visionSize = 16
  configuration.visionHeadCount = 2
  configuration.visionIntermediateSize = 32
  configuration.visionDepth = 1
  configuration.initializerRange = 0.3
  if architecture == .qwen25VL {
    configuration.architecture = architecture
    configuration.visionActivation = "silu"
    configuration.visionDepth = 2
    configuration.windowSize = 32
    configuration.fullAttentionBlocks = [1]
  }
  return Policy(configuration: configuration, tokenizer: tokenizer, seed: seed)
}

/// Prompts with an image of random pixels and some words.
func prompts(
  _ count: Int, for policy: Policy, side: Int = 32, words: Int = 4
) -> [Prompt] {
  let c = policy.configuration
  return (0..<count).map { index in
    var stream = RandomStream(seed: 5, purpose: "test", index: index)
    let pixels = (0..<(side * side * 3)).map { _ in UInt8(stream.integer(in: 0...255)) }
    let image = RGBImage(width: side, height: side, pixels: pixels)
    let placeholders = c.imageTokenCount(width: side, height: side)
    var tokens: [Int32] = [Int32(stream.integer(in: 4...(c.vocabularySize - 1)))]
    tokens += [Int32](repeating: c.imageToken, count: placeholders)
    for _ in 0..<(words + index % 3) { tokens.append(Int32(stream.integer(in: 4...23))) }
    return Prompt(images: [image], tokens: tokens, domain: "test", index: index)
  }
}

/// The place and size of the worst difference, relative to the greatest wanted number.
func worst(_ got: [Float], _ want: [Float]) -> (relative: Float, index: Int) {
  guard got.count == want.count else { return (.infinity, -1) }
  let scale = max(want.reduce(0) { max($0, abs($1)) }, 1e-9)
  var result: (Float, Int) = (0, 0)
  for i in got.indices {
    let difference = abs(got[i] - want[i]) / scale
    if !(difference <= result.0) { result = (difference, i) }
  }
  return result
}
