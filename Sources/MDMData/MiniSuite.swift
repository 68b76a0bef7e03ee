/// The procedural suite `mini`: nine 64 x 64 stand-ins for the paper's nine sets.
///
/// The numbers of examples are those of the paper, so that exhaustion and the weights of the
/// aggregate scores are the same; examples are made when they are asked for.
///
/// Source: arXiv 2505.24871, tables 1 and 3; the stand-ins are this project's own.
enum MiniSuite {
  /// The families of the five training domains, with the paper's numbers of prompts.
  ///
  /// The paper tests only the last three of COCO, LISA, GeoQAV, SAT and ScienceQA that have a
  /// test split; COCO and GeoQAV get one of 1000 here.
  static let training: [(generator: any ExampleGenerator, train: Int, test: Int)] = [
    (DetectGenerator(), 5997, 1000),
    (ReferGenerator(), 1326, 3397),
    (GeoGenerator(), 1969, 1000),
    (SpatialGenerator(), 15000, 1928),
    (DiagramGenerator(), 6218, 2017),
  ]

  /// The held-out families.
  static let heldOut: [(generator: any ExampleGenerator, test: Int)] = [
    (BarsGenerator(), 2500),
    (PanelsGenerator(), 2801),
    (ComputeGenerator(), 1000),
    (CompositeGenerator(), 900),
  ]

  static let captions: [any ExampleGenerator] =
    CaptionGenerator.Family.allCases.map { CaptionGenerator(family: $0) }

  /// All families.
  static var generators: [any ExampleGenerator] {
    training.map(\.generator) + heldOut.map(\.generator) + captions
  }

  static func suite(seed: UInt64, warmupCount: Int) -> Suite {
    Suite(
      name: "mini",
      train: training.map { $0.generator.dataset(split: .train, count: $0.train, seed: seed) },
      tests: training.map { $0.generator.dataset(split: .test, count: $0.test, seed: seed) },
      benchmarks: heldOut.map { $0.generator.dataset(split: .test, count: $0.test, seed: seed) },
      warmup: training.map {
        $0.generator.dataset(split: .warmup, count: warmupCount, seed: seed)
      },
      captions: captions.map { $0.dataset(split: .warmup, count: warmupCount, seed: seed) })
  }
}
