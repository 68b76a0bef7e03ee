import MDMData
import MDMRewards
import MDMTensors
import MDMTraining
import Testing

/// Rewards while training: who pays whom, and what their curves give away.
@Suite struct RewardTests {
  private let tiny = TinyTraining()

  private func training(
    _ rewards: RewardRouting, _ weights: [(String, Double)] = [("coco", 0.5), ("sat", 0.5)],
    _ change: (inout GRPOOptions) -> Void = { _ in }
  ) throws -> GRPOTraining {
    let plan = try tiny.training(weights, change)
    return try GRPOTraining(
      base: plan.base, mixture: plan.mixture, data: tiny.suite.train, rewards: rewards,
      options: plan.options, steps: 2, seed: 3)
  }

  private func reward(_ name: String) throws -> RewardFunction {
    RewardFunction(try #require(RewardCatalogue.named(name)))
  }

  private func message(_ body: () throws -> some Any) -> String {
    do {
      _ = try body()
      return ""
    } catch { return (error as? TrainingError)?.message ?? "\(error)" }
  }

  @Test func eachDomainIsPaidByItsOwnReward() throws {
    let one = RewardFunction(name: "one", range: 0...5) { _, _ in 1 }
    let four = RewardFunction(name: "four", range: 0...5) { _, _ in 4 }
    let run = try training(RewardRouting([("sat", four), ("coco", one)])).run()
    #expect(run.metrics["reward/mean/coco"]?.filter(\.isFinite).allSatisfy { $0 == 1 } == true)
    #expect(run.metrics["reward/mean/sat"]?.filter(\.isFinite).allSatisfy { $0 == 4 } == true)
    #expect(run.inputs.contains("reward sat: four; coco: one"))
  }

  @Test func whoPaysIsCheckedBeforeTheStart() throws {
    let gated = RewardFunction.gated
    #expect(
      message { try training(RewardRouting([("coco", gated)])) }
        == "no reward pays the domain `sat`")
    #expect(
      message {
        try training(RewardRouting([("coco", gated), ("sat", gated), ("lisa", gated)]))
      } == "the reward `gated` is for `lisa`, which is no domain of the mixture")
    let iou = try reward("iou")
    #expect(message { try training(RewardRouting(iou)) }.contains("cannot judge"))
    // A domain of weight 0 is never drawn, so nobody has to pay it.
    _ = try training(RewardRouting([("coco", iou)]), [("coco", 1), ("sat", 0)])
  }

  @Test func aSumIsPaidAndLoggedByItsParts() throws {
    let sum = RewardFunction(sum: [(2, try reward("accuracy")), (1, try reward("format"))])
    #expect(sum.range == 0...3 && sum.isConcurrent)
    let run = try training(RewardRouting(sum)) { $0.advantage = .gdpo }.run()
    let metrics = run.metrics
    for step in 0..<2 {
      let parts = try ["accuracy", "format"].map {
        try #require(metrics[MetricKey.part($0)])[step]
      }
      #expect(abs(parts.reduce(0, +) - (metrics["reward/mean"]?[step] ?? .nan)) < 1e-12)
    }
  }

  @Test func threadsDoNotChangeWhatIsPaid() throws {
    let count = Workers.count
    defer { Workers.count = count }
    var bits: [[String]] = []
    for threads in [1, 2] {
      Workers.count = threads
      bits.append(try tiny.training([("coco", 0.5), ("sat", 0.5)]).run().bits)
    }
    #expect(bits[0] == bits[1])
  }

  @Test(arguments: [Double.nan, .infinity, -0.001, 1.001])
  func aSummandKeepsToItsOwnRange(_ value: Double) throws {
    let broken = RewardFunction(name: "broken", range: 0...1) { _, _ in value }
    let sum = RewardFunction(sum: [(1, try reward("format")), (0.5, broken)])
    #expect(message { try training(RewardRouting(sum)).run() }.contains("`broken` gave"))
  }

  /// One value a step of a domain.
  private func series(_ key: String, _ values: [Double]) -> [String: [Double]] {
    [key + "/sat": values, "reward/mean/sat": values.map { _ in 1 }]
  }

  private func notes(_ metrics: [String: [Double]], steps: Int) -> [String] {
    RewardSigns(domains: ["sat"], metrics: metrics, steps: steps).notes
      .map { "\($0.step) \($0.kind.rawValue)" }
  }

  @Test func curvesGiveSignsAway() {
    let flat = [Double](repeating: 0.5, count: 40)
    #expect(notes(["reward/mean/sat": flat], steps: 40) == [])
    #expect(
      notes(series("reward/length_correlation", flat.map { _ in 0.7 }), steps: 40)
        == ["20 length"])
    #expect(
      notes(["reward/mean/sat": flat.enumerated().map { $0 < 30 ? $1 : 3 }], steps: 40)
        == ["31 jump"])
    #expect(
      notes(series("group/all_right", flat.map { _ in 1 }), steps: 40) == ["20 all_right"])
    #expect(
      notes(series("group/all_wrong", flat.map { _ in 0.95 }), steps: 40)
        == ["20 all_wrong"])
    let fallen = (0..<60).map { $0 < 40 ? 0.9 : 0.1 }
    #expect(notes(series("reward/format", fallen), steps: 60) == ["46 format"])
  }

  @Test func noiseGivesNoSigns() {
    let noisy = (0..<200).map { step -> Double in
      let tooth = (step * 7919) % 13 - 6
      return 0.5 + 0.05 * Double(tooth)
    }
    var metrics: [String: [Double]] = ["reward/mean/sat": noisy, "reward/format/sat": noisy]
    metrics["reward/length_correlation/sat"] = noisy.map { $0 - 0.5 }
    #expect(notes(metrics, steps: 200) == [])
  }
}
