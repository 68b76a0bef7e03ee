import MDMImages
import MDMModels
import Testing

/// Images, positions and token identifiers exactly as the reference's processor makes them.
@Suite struct ProcessorTests {
  @Test(arguments: ParityTests.models)
  func smartResize(_ model: String) throws {
    let golden = try Golden(model)
    let c = golden.policy.configuration
    let table = try Golden().facts["smart_resize"]?.elements ?? []
    let factor = c.patchSize * c.spatialMergeSize
    let cases = table.filter { $0["factor"]?.integer == factor }
    #expect(cases.count == 11)
    for one in cases {
      let (height, width) = (one["height"]?.integer ?? 0, one["width"]?.integer ?? 0)
      let grid = PatchGrid(width: width, height: height, configuration: c)
      let want = one["result"]?.elements?.compactMap(\.integer)
      #expect(
        [grid.rows * c.patchSize, grid.columns * c.patchSize] == want, "\(height) x \(width)")
    }
  }

  @Test(arguments: [("qwen2vl-tiny", "img112x84"), ("qwen25vl-tiny", "img64")])
  func resizedBytesAreThoseOfBothLibraries(_ model: String, _ name: String) throws {
    let golden = try Golden(model)
    var c = golden.policy.configuration
    let image = try golden.image(name + ".rgb")
    for resizer in [ImageProcessor.Resizer.pillow, .torchvision] {
      c.imageProcessor.resizer = resizer
      let want = try golden.image(
        name + (resizer == .pillow ? ".resized_pil" : ".resized_torchvision"))
      let got = ImagePatches.fitted(image, configuration: c)
      #expect((got.width, got.height) == (want.width, want.height))
      let different = zip(got.pixels, want.pixels).filter { $0 != $1 }.count
      #expect(different == 0, "\(different) bytes differ from \(resizer)'s")
    }
  }

  @Test(arguments: ParityTests.models, ["img64", "img112x84"])
  func pixelValues(_ model: String, _ name: String) throws {
    let golden = try Golden(model)
    let c = golden.policy.configuration
    let image = try golden.image(name + ".rgb")
    let grid = PatchGrid(width: image.width, height: image.height, configuration: c)
    #expect(
      try golden.integers(name + ".grid_thw") == [1, Int32(grid.rows), Int32(grid.columns)])
    // The network takes one of the two equal frames, and windows in their own order.
    var plain = c
    plain.windowSize = 0
    let raster = PatchGrid(width: image.width, height: image.height, configuration: plain)
    let square = c.patchSize * c.patchSize
    let count = raster.rows * raster.columns * 3 * square
    let got = [Float](unsafeUninitializedCapacity: count) { buffer, used in
      if let base = buffer.baseAddress {
        ImagePatches.write(image, grid: raster, configuration: plain, into: base)
      }
      used = count
    }
    let twice = (0..<(count / square)).flatMap { i in
      let channel = got[(i * square)..<((i + 1) * square)]
      return channel + channel
    }
    let want = try golden.floats(name + ".pixel_values")
    #expect(twice.count == want.count)
    #expect(worst(twice, want).relative < 2e-7)
  }

  @Test(arguments: ParityTests.models, ["A", "B", "C", "D", "E"])
  func promptsHaveTheReferencesTokensAndPositions(_ model: String, _ name: String) throws {
    let golden = try Golden(model)
    for (i, prompt) in try golden.prompts(name).enumerated() {
      let ids = try golden.integers("\(name).input_ids", row: i)
      let mask = try golden.integers("\(name).attention_mask", row: i)
      let pad = mask.firstIndex(of: 1) ?? 0
      #expect(prompt.tokens == Array(ids[pad...]))
      if name == "D" { continue }
      let rows = golden.file.shape(of: "\(name).input_ids").map { $0[0] } ?? 1
      let (positions, next) = golden.policy.positions(of: prompt)
      for axis in 0..<3 {
        let want = try golden.integers("\(name).position_ids", row: axis * rows + i)
        #expect(positions.map { $0[axis] } == Array(want[pad...]), "axis \(axis) of prompt \(i)")
      }
      let delta = try golden.integers("\(name).rope_deltas", row: i)[0]
      #expect(Int(next) == prompt.tokens.count + Int(delta))
    }
  }

  @Test func imagesBeyondTheGreatestAspectAreRefused() throws {
    let golden = try Golden()
    let message = [ChatMessage("user", [.image, .text("hi")])]
    for (width, height) in [(20_000, 10), (1, 201)] {
      let error = #expect(throws: ModelError.self) {
        try golden.policy.prompt(message, images: [RGBImage(width: width, height: height)])
      }
      #expect(error?.message.contains("\(width) x \(height) pixels") == true)
    }
    for (width, height) in [(1, 1), (200, 1), (3000, 100)] {
      let prompt = try golden.policy.prompt(
        message, images: [RGBImage(width: width, height: height)])
      let logits = golden.policy.nextTokenLogits(prompt)
      #expect(logits.allSatisfy { $0.isFinite })
    }
  }

  @Test func promptsThatDoNotFitAreExplained() throws {
    let policy = try Golden().policy
    let image = RGBImage(width: 64, height: 64)
    func message(_ text: String, _ images: [RGBImage] = []) -> String {
      #expect(throws: ModelError.self) { try policy.prompt(text: text, images: images) }?.message
        ?? ""
    }
    #expect(message("<|image_pad|> hi").contains("1 image tokens but no image"))
    #expect(message("hi", [image]).contains("0 image tokens, but its images need runs of 16"))
    #expect(message("<|image_pad|>", [image]).contains("a word must follow"))
    #expect(message("").contains("has no tokens"))
    let long = String(repeating: "word 17 ", count: 4000)
    #expect(message(long).contains("more than 4096"))
  }
}
