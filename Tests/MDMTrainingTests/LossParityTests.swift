import Glibc
import MDMModels
import MDMTraining
import Testing

/// Losses of TRL 1.16 (`GRPOTrainer._compute_loss`) on two groups of four completions.
@Suite struct LossParityTests {
  private let groups: [LossInput]
  private let rewards: [Double]
  private let advantages: [Double]

  init() throws {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    let path = "/" + root + "/../shared/parity/qwen2vl-tiny-golden/golden.safetensors"
    let file = try Safetensors(Self.bytes(path))
    let rows = (
      policy: try file.floats("grpo.per_token_logps"),
      sampling: try file.floats("grpo.old_per_token_logps"),
      reference: try file.floats("grpo.ref_per_token_logps")
    )
    rewards = try file.floats("grpo.rewards").map(Double.init)
    let advantages = try file.floats("grpo.advantages").map(Double.init)
    self.advantages = advantages
    // The completions of the fixture, padded to 8 tokens each.
    let lengths = [8, 3, 5, 1, 2, 8, 7, 4]
    func nested(_ values: [Float], _ group: Int) -> [[Float]] {
      (group * 4..<group * 4 + 4).map { Array(values[($0 * 8)..<($0 * 8 + lengths[$0])]) }
    }
    groups = (0..<2).map { group in
      LossInput(
        policy: nested(rows.policy, group), sampling: nested(rows.sampling, group),
        reference: nested(rows.reference, group),
        advantages: Array(advantages[(group * 4)..<(group * 4 + 4)]))
    }
  }

  /// The bytes of a file, or a test failure.
  private static func bytes(_ path: String) throws -> [UInt8] {
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

  @Test func advantagesAreThoseOfTRL() {
    for group in 0..<2 {
      let range = (group * 4)..<(group * 4 + 4)
      for (found, wanted) in zip(
        Advantage.groupNormalised(Array(rewards[range])), advantages[range])
      {
        #expect(abs(found - wanted) < 1e-5)
      }
    }
  }

  // Over one batch TRL's `bnpo` is `dapo`; it alone is in the fixture with a KL term that is not
  // multiplied by the ratio, which is the KL term of the papers and of this module.
  @Test(arguments: [
    ("grpo", 0.0, 0.03453847020864487), ("dapo", 0.0, -0.4233756959438324),
    ("dr_grpo", 0.0, -0.2513793110847473), ("dapo", 0.04, -0.42159733176231384),
    ("bnpo", 0.0, -0.4233756959438324), ("bnpo", 0.04, -0.42159733176231384),
  ])
  func lossesAreThoseOfTRL(_ name: String, _ beta: Double, _ wanted: Double) throws {
    let loss = try #require(PolicyLoss.all.first { $0.name == name })
    let found = loss(
      groups, LossSettings(beta: beta, clipLow: 0.2, clipHigh: 0.28, longest: 8))
    #expect(abs(found.loss - wanted) < 2e-6, "\(found.loss)")
    #expect(abs(found.clipped - 0.07894736528396606) < 1e-6)
    if beta > 0 { #expect(abs(found.kl - 0.04445862025022507) < 1e-6) }
  }
}
