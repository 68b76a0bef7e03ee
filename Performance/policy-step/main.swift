import Glibc
import MDMImages
import MDMModels
import MDMNumerics
import MDMTensors

// Times the parts of a GRPO step: 8 prompts of 42 tokens, of which 16 are a 64 x 64 image, with 8 completions each.
//   policy-step [FOLDER [NEW]]   a checkpoint folder, mini's sizes without one; NEW tokens a completion, 16 without
//   policy-step decode FOLDER    opening a large checkpoint, decoding one sequence
// Prints medians of wall and CPU milliseconds, and a line of JSON with CPU seconds for comparisons.

func now(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

/// The CPU seconds of each part.
var results: [(name: String, seconds: Double)] = []

/// Runs a body several times and prints the median wall and CPU time in milliseconds.
@MainActor func measure(_ name: String, _ body: () -> Void) {
  var wall: [Double] = []
  var cpu: [Double] = []
  // Enough rounds for a median, and not more than a few seconds.
  while wall.count < 5 || wall.count < 15 && wall.reduce(0, +) < 4000 {
    let start = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
    body()
    wall.append((now(CLOCK_MONOTONIC) - start.0) * 1e3)
    cpu.append((now(CLOCK_PROCESS_CPUTIME_ID) - start.1) * 1e3)
  }
  func text(_ value: Double) -> String { String((value * 100).rounded() / 100) }
  print(
    "\(name): wall \(text(median(wall))) ms (least \(text(wall.min() ?? 0))),",
    "CPU \(text(median(cpu))) ms (least \(text(cpu.min() ?? 0)))")
  results.append((name, median(cpu) / 1e3))
}

if CommandLine.arguments.dropFirst().first == "decode", CommandLine.arguments.count == 3 {
  try Decoding.run(CommandLine.arguments[2])
  exit(0)
}

func load() throws -> Policy {
  if CommandLine.arguments.count > 1 { return try Policy(folder: CommandLine.arguments[1]) }
  let tokenizer = WordTokenizer(words: (0..<180).map { "word\($0)" })
  return Policy(
    configuration: PolicyConfiguration(tokenizer: tokenizer), tokenizer: tokenizer, seed: 1)
}

let newTokens = CommandLine.arguments.count > 2 ? Int(CommandLine.arguments[2]) ?? 16 : 16
let policy = try load()
let configuration = policy.configuration
let reference = policy.copy()
let trainer = PolicyTrainer(policy: policy, optimiser: AdamWOptions(learningRate: 1e-4))
var stream = RandomStream(seed: 7, purpose: "benchmark")

@MainActor func prompt(_ index: Int) -> Prompt {
  let pixels = (0..<(64 * 64 * 3)).map { _ in UInt8(truncatingIfNeeded: stream.next32()) }
  let placeholders = configuration.imageTokenCount(width: 64, height: 64)
  var tokens = [Int32](repeating: configuration.imageToken, count: placeholders)
  for _ in 0..<26 { tokens.append(Int32(stream.integer(in: 4...180))) }
  return Prompt(
    images: [RGBImage(width: 64, height: 64, pixels: pixels)], tokens: tokens, domain: "benchmark",
    index: index)
}

let prompts = (0..<8).map { prompt($0) }
let options = SamplingOptions(maxNewTokens: newTokens, seed: 3, stopsAtEnd: false)
print("OpenBLAS core: \(BLAS.coreName), threads: \(Workers.count)")
print("parameters: \(policy.parameterCount)")

var completions: [[Completion]] = []
@MainActor func rollout() { completions = policy.generate(prompts, samples: 8, options: options) }
@MainActor func groups() -> [CompletionGroup] {
  zip(prompts, completions).map {
    CompletionGroup(prompt: $0, completions: $1.map(\.tokens))
  }
}
@MainActor func train(_ groups: [CompletionGroup]) {
  trainer.accumulate(groups) { scores in
    scores.map { $0.enumerated().map { i, row in row.map { _ in i % 2 == 0 ? -1e-3 : 1e-3 } } }
  }
}

measure("rollout") { rollout() }
measure("reference") { _ = reference.logProbabilities(groups()) }
measure("loss") { train(groups()) }
measure("loss, unshared") {
  train(
    groups().flatMap { group in
      group.completions.map { CompletionGroup(prompt: group.prompt, completions: [$0]) }
    })
}
trainer.precision = .bfloat16
measure("loss, bfloat16") { train(groups()) }
trainer.precision = .float32
measure("AdamW") { trainer.step(learningRate: 1e-6) }
measure("GRPO step") {
  rollout()
  _ = reference.logProbabilities(groups())
  train(groups())
  trainer.step(learningRate: 1e-6)
}

let questions = (0..<64).map { prompt($0) }
measure("greedy, 64 prompts") {
  _ = policy.generate(
    questions, samples: 1,
    options: SamplingOptions(temperature: 0, maxNewTokens: 8, stopsAtEnd: false))
}

/// This core's rate of large products, which bounds all of it.
let side = 1024
let a = [Float](repeating: 0.5, count: side * side)
var c = [Float](repeating: 0, count: side * side)
measure("sgemm 1024") {
  a.withUnsafeBufferPointer { a in
    c.withUnsafeMutableBufferPointer { c in
      if let a = a.baseAddress, let c = c.baseAddress {
        BLAS.times(a, side, a, side, into: c, side, m: side, n: side, k: side)
      }
    }
  }
}
let members = results.map { "\"\($0.name)\": \($0.seconds)" }
print("{\"parameters\": \(policy.parameterCount), \(members.joined(separator: ", "))}")
