import Glibc
import MDMImages
import MDMModels
import MDMNumerics
import MDMTensors

// Times one GRPO step (8 prompts, 8 completions of 16 tokens, a 64x64 image each) and one SFT step of
// 64 single completions; prints medians of wall and CPU seconds.

func now(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// Runs a body several times and prints the median wall and CPU time in milliseconds.
@MainActor func measure(_ name: String, rounds: Int = 15, _ body: () -> Void) {
  var wall: [Double] = []
  var cpu: [Double] = []
  for _ in 0..<rounds {
    let start = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
    body()
    wall.append((now(CLOCK_MONOTONIC) - start.0) * 1e3)
    cpu.append((now(CLOCK_PROCESS_CPUTIME_ID) - start.1) * 1e3)
  }
  func text(_ value: Double) -> String { String((value * 100).rounded() / 100) }
  print(
    "\(name): wall \(text(median(wall))) ms (least \(text(wall.min() ?? 0))),",
    "CPU \(text(median(cpu))) ms (least \(text(cpu.min() ?? 0)))")
}

let tokenizer = WordTokenizer(words: (0..<180).map { "word\($0)" })
let configuration = PolicyConfiguration(tokenizer: tokenizer)
let policy = Policy(configuration: configuration, tokenizer: tokenizer, seed: 1)
let reference = policy.copy()
let trainer = PolicyTrainer(policy: policy, optimiser: AdamWOptions(learningRate: 1e-4))
var stream = RandomStream(seed: 7, purpose: "benchmark")

@MainActor func prompt(_ index: Int) -> Prompt {
  let pixels = (0..<(64 * 64 * 3)).map { _ in UInt8(truncatingIfNeeded: stream.next32()) }
  var tokens = [Int32](repeating: configuration.imageToken, count: 16)
  for _ in 0..<26 { tokens.append(Int32(stream.integer(in: 4...183))) }
  return Prompt(
    images: [RGBImage(width: 64, height: 64, pixels: pixels)], tokens: tokens, domain: "benchmark",
    index: index)
}

let prompts = (0..<8).map { prompt($0) }
let options = SamplingOptions(maxNewTokens: 16, seed: 3, stopsAtEnd: false)
print("OpenBLAS core: \(BLAS.coreName), threads: \(Workers.count)")
print("parameters: \(policy.parameterCount)")

var completions: [[Completion]] = []
@MainActor func rollout() { completions = policy.generate(prompts, samples: 8, options: options) }
@MainActor func groups() -> [CompletionGroup] {
  zip(prompts, completions).map {
    CompletionGroup(prompt: $0, completions: $1.map(\.tokens))
  }
}
@MainActor func train() {
  trainer.accumulate(groups()) { scores in
    scores.map { $0.enumerated().map { i, row in row.map { _ in i % 2 == 0 ? -1e-3 : 1e-3 } } }
  }
}

measure("rollout") { rollout() }
measure("reference") { _ = reference.logProbabilities(groups()) }
measure("loss") { train() }
measure("AdamW") { trainer.step(learningRate: 1e-6) }
measure("GRPO step") {
  rollout()
  _ = reference.logProbabilities(groups())
  train()
  trainer.step(learningRate: 1e-6)
}

let examples = (0..<64).map { i in
  CompletionGroup(
    prompt: prompt(100 + i), completions: [[Int32](repeating: Int32(5 + i), count: 6)])
}
measure("SFT step") {
  trainer.accumulate(examples) { scores in
    scores.map { $0.map { $0.map { _ in -1.0 / 384 } } }
  }
  trainer.step(learningRate: 1e-6)
}
let questions = (0..<64).map { prompt($0) }
measure("greedy, 64 prompts") {
  _ = policy.generate(
    questions, samples: 1,
    options: SamplingOptions(temperature: 0, maxNewTokens: 8, stopsAtEnd: false))
}
