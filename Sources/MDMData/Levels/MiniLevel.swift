import MDMImages
import MDMNumerics

/// The suite `mini` at a level of difficulty, beside its usual one.
///
/// Splits share no picture by construction: a hash of a picture's pixels decides to which split it
/// belongs, and its colours are shaded until that is the wanted one. Whatever is asked is drawn before and apart
/// from what is right, so that neither a constant nor the question alone says the answer.
public enum MiniLevel {
  /// From few and large shapes to many and small ones.
  public static let all = 1...3

  /// The families and the paper's numbers of examples, as in `MiniSuite`.
  static func training(
    _ level: Int
  ) -> [(generator: any ExampleGenerator, train: Int, test: Int)] {
    let families: [any ExampleGenerator] = [
      LevelDetect(level: level), LevelRefer(level: level), LevelGeo(level: level),
      LevelSpatial(level: level), LevelDiagram(level: level),
    ]
    return zip(families, MiniSuite.training).map { ($0, $1.train, $1.test) }
  }

  static func heldOut(_ level: Int) -> [(generator: any ExampleGenerator, test: Int)] {
    let families: [any ExampleGenerator] = [
      LevelBars(level: level), LevelPanels(level: level), LevelCompute(level: level),
      LevelComposite(level: level),
    ]
    return zip(families, MiniSuite.heldOut).map { ($0, $1.test) }
  }

  static func suite(level: Int, seed: UInt64, warmupCount: Int) -> Suite {
    func sets(_ split: Split, _ count: ((train: Int, test: Int)) -> Int) -> [Dataset] {
      training(level).map { family in
        Sorted(base: family.generator, split: split).dataset(
          split: split, count: count((family.train, family.test)), seed: seed)
      }
    }
    return Suite(
      name: "mini level \(level)", train: sets(.train) { $0.train },
      tests: sets(.test) { $0.test },
      benchmarks: heldOut(level).map {
        Sorted(base: $0.generator, split: .test).dataset(split: .test, count: $0.test, seed: seed)
      }, warmup: sets(.warmup) { _ in warmupCount },
      captions: MiniSuite.captions.map {
        $0.dataset(split: .warmup, count: warmupCount, seed: seed)
      })
  }

  /// A family whose drafts belong to one split.
  struct Sorted: ExampleGenerator {
    let base: any ExampleGenerator
    var split = Split.train

    var domain: String { base.domain }
    var summary: String { base.summary }
    var words: [String] { base.words }

    /// A draft whose colours are shaded until its picture belongs to the split, so that question and
    /// answer are as likely in each split as in the family.
    func draft(_ stream: inout RandomStream) -> Draft {
      let draft = base.draft(&stream)
      let palette = Color.allCases.map(\.rgb)
      let pixels = draft.image.pixels
      var painted: [(at: Int, color: Int)] = []
      for at in stride(from: 0, to: pixels.count, by: 3) {
        let color = RGBColor(pixels[at], pixels[at + 1], pixels[at + 2])
        if let index = palette.firstIndex(of: color) { painted.append((at, index)) }
      }
      // Otherwise no shade would change the picture.
      precondition(!painted.isEmpty, "every family paints one of the four colours")
      var image = draft.image
      while true {
        // At most 9 levels of 255: the colours stay as far apart as they were.
        let shades = palette.map { color in
          [color.red, color.green, color.blue].map {
            UInt8(clamping: Int($0) + stream.integer(in: -9...9))
          }
        }
        for (at, color) in painted {
          for channel in 0..<3 { image.pixels[at + channel] = shades[color][channel] }
        }
        if MiniLevel.split(of: image) == split {
          return Draft(
            image: image, question: draft.question, answer: draft.answer, options: draft.options,
            box: draft.box, kind: draft.kind)
        }
      }
    }
  }

  /// The split to which a picture belongs: a third of all pictures each.
  static func split(of image: RGBImage) -> Split {
    // FNV-1a over words of eight bytes.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    image.pixels.withUnsafeBytes { bytes in
      for at in stride(from: 0, to: bytes.count - 7, by: 8) {
        hash ^= UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self))
        hash = hash &* 0x100_0000_01B3
      }
    }
    hash ^= hash >> 33
    return [Split.train, .test, .warmup][Int((hash &* 0xFF51_AFD7_ED55_8CCD) >> 33) % 3]
  }
}
