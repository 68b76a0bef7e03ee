import MDMData
import MDMTraining
import Testing

/// Weights that change while a run goes on, and the ledger of them.
@Suite struct MixerTests {
  private let tiny = TinyTraining()

  private func domain(
    _ rewards: [Double], magnitude: Double = 0.5, drawn: Double = 100
  ) -> Mixer.Domain {
    Mixer.Domain(rewards: rewards, magnitudes: [magnitude], drawn: drawn)
  }

  @Test(arguments: Mixer.all.map(\.name))
  func weightsStayOnTheSimplexAboveTheFloor(_ name: String) throws {
    let mixer = try #require(Mixer.all.first { $0.name == name })
    for count in [1, 2, 5, 40] {
      let domains = (0..<count).map {
        domain([0, Double($0), Double($0 * $0)], magnitude: Double($0), drawn: Double($0))
      }
      let weights = mixer.weights(domains, temperature: 1e-3)
      #expect(abs(weights.reduce(0, +) - 1) < 1e-9)
      #expect(weights.allSatisfy { $0 >= min(Mixer.floor, 0.5 / Double(count)) - 1e-12 })
    }
  }

  @Test func mixersPreferWhatTheySay() {
    let low = domain([0.1, 0.1, 0.1])
    let high = domain([0.9, 0.9, 0.9])
    let rising = domain([0.1, 0.5, 0.9])
    #expect(Mixer.rewardGap.weights([low, high])[0] > 0.5)
    #expect(Mixer.slope.weights([rising, high])[0] > 0.9)
    // Falling is moving too.
    #expect(Mixer.slope.weights([domain([0.9, 0.5, 0.1]), high])[0] > 0.9)
    #expect(Mixer.dump.weights([domain([1], magnitude: 1), domain([1], magnitude: 0)])[0] > 0.7)
    #expect(Mixer.dump.weights([domain([1], drawn: 2), domain([1], drawn: 200)])[0] > 0.5)
  }

  // The step's weight in the ledger is what the sampler drew by; 0 stays 0.
  @Test func whatAMixerAsksForIsInTheLedger() throws {
    let paid = RewardFunction(name: "by domain", range: 0...1) { text, example in
      example.domain == "coco" ? 1 : text.count % 2 == 0 ? 0.2 : 0
    }
    let run = try tiny.training(
      [("coco", 0.5), ("sat", 0.5), ("lisa", 0)], steps: 8, reward: paid
    ) {
      $0.mixer = .rewardGap
      $0.mixerTemperature = 0.2
    }.run()
    let asked = run.metrics["ledger/asked/sat"] ?? []
    #expect(asked[0] == 0.5 && asked[7] > 0.9)
    #expect(run.metrics["ledger/asked/lisa"] == [Double](repeating: 0, count: 8))
    #expect(run.ledger.rows[1].asked == asked.reduce(0, +) / 8)
    #expect(run.drawn[1] > run.drawn[0] && run.drawn[2] == 0)
  }

  @Test func aMixedRunContinuesToTheSameBits() throws {
    let plan = try tiny.training(
      [("coco", 0.5), ("sat", 0.5)], steps: 4, reward: TinyTraining.brevity
    ) {
      $0.mixer = .dump
      $0.holdsShare = true
    }
    var steps = 0
    nonisolated(unsafe) var isStopped = false
    let part = try plan.run(
      events: {
        if case .step = $0 { steps += 1 }
        if steps == 2 { isStopped = true }
      },
      interrupted: { isStopped })
    #expect(part.status == .interrupted && part.steps == 2)
    #expect(try plan.run(continuing: part).bits == plan.run().bits)
  }

  // One domain's groups mostly agree, so it pulls far less than its half of the prompts.
  @Test func theGradientsShareCanBeHeld() throws {
    let uneven = RewardFunction(name: "uneven", range: 0...1) { text, example in
      let odd = text.split(separator: " ").count
      return example.domain == "coco" ? (odd % 2 == 0 ? 1 : 0) : (odd % 5 == 0 ? 1 : 0)
    }
    func shares(_ holds: Bool) throws -> (pull: Double, last: Double) {
      let run = try tiny.training(
        [("coco", 0.5), ("sat", 0.5)], steps: 40, reward: uneven, rate: 1e-6
      ) {
        ($0.holdsShare, $0.beta, $0.schedule, $0.maxNewTokens) = (holds, 0, .spread, 6)
      }.run()
      let (coco, sat) = (
        (run.metrics["ledger/pull/coco"] ?? []).suffix(20).reduce(0, +),
        (run.metrics["ledger/pull/sat"] ?? []).suffix(20).reduce(0, +)
      )
      return (run.ledger.rows[0].pullShare, coco / (coco + sat))
    }
    let (free, held) = (try shares(false), try shares(true))
    #expect(abs(free.last - 0.5) > 0.1)
    #expect(abs(held.last - 0.5) < 0.5 * abs(free.last - 0.5))
  }

  @Test func aMixerNeedsIndependentDraws() throws {
    #expect {
      try tiny.training([("coco", 1)]) { ($0.mixer, $0.schedule) = (.dump, .spread) }
    } throws: { ($0 as? TrainingError)?.message.contains("mixer") == true }
  }
}
