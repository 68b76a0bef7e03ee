import Glibc
import MDMData
import MDMMixtures
import MDMModels
import MDMTensors
import MDMTraining

// Whole GRPO steps by the loop that `train` runs: prompts, images, rollouts, rewards, advantages, loss, gradients,
// AdamW, metrics and ledger.
//   training-step FOLDER DATA STEPS    beside a peer: 8 prompts x 8 completions x 16 tokens, none ends early, no KL
//   training-step scale                cost by completions and by tokens, up to 4,096 of each
//   training-step scale WIDTH TOKENS   the same for one width of the network and one length
//   training-step memory STEPS         resident memory while a small run goes on
// Prints CPU seconds of the process; the first mode ends with a line of JSON.

func now(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }

func text(_ value: Double, _ digits: Int = 1) -> String {
  let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
  return "\((value * scale).rounded() / scale)"
}

/// The CPU seconds of each step of a run, and the run.
func steps(_ training: GRPOTraining) throws -> (cpu: [Double], run: Run) {
  var times = [now(CLOCK_PROCESS_CPUTIME_ID)]
  let run = try training.run(events: {
    if case .step = $0 { times.append(now(CLOCK_PROCESS_CPUTIME_ID)) }
  })
  return (zip(times.dropFirst(), times).map(-), run)
}

/// GFLOP/s of large products on one core.
func sgemmRate() -> Double {
  let side = 1024
  let a = [Float](repeating: 0.5, count: side * side)
  var c = [Float](repeating: 0, count: side * side)
  var seconds: [Double] = []
  for _ in 0..<15 {
    let start = now(CLOCK_PROCESS_CPUTIME_ID)
    a.withUnsafeBufferPointer { a in
      c.withUnsafeMutableBufferPointer { c in
        if let a = a.baseAddress, let c = c.baseAddress {
          BLAS.times(a, side, a, side, into: c, side, m: side, n: side, k: side)
        }
      }
    }
    seconds.append(now(CLOCK_PROCESS_CPUTIME_ID) - start)
  }
  return 2 * Double(side * side * side) / median(seconds) / 1e9
}

/// The operations of a step with prompts shared, in GFLOP: twice the weights of the matrices that a row
/// passes, once for the rollout and three times for the gradient, attention's products left out.
func floor(_ c: PolicyConfiguration, prompts: Int, group: Int, prompt: Int, images: Int, new: Int)
  -> Double
{
  let headSize = c.hiddenSize / c.headCount
  let block =
    c.hiddenSize * (2 * c.hiddenSize + 2 * c.keyValueHeadCount * headSize)
    + 3 * c.hiddenSize * c.intermediateSize
  let vision =
    c.visionDepth * (4 * c.visionSize * c.visionSize + 2 * c.visionSize * c.visionIntermediateSize)
  let text = Double(prompts * prompt + prompts * group * new) * Double(c.layerCount * block)
  let head = Double(prompts * group * new) * Double(c.hiddenSize * c.vocabularySize)
  // The tower sees four patches for each of a prompt's image tokens; it is frozen, so it is only read.
  let patches = Double(prompts * images * 4) * Double(vision)
  return 2 * (4 * (text + head) + 2 * patches) / 1e9
}

func options(prompts: Int, group: Int, new: Int) -> GRPOOptions {
  var options = GRPOOptions()
  (options.prompts, options.group, options.maxNewTokens) = (prompts, group, new)
  (options.beta, options.stopsAtEnd) = (0, false)
  return options
}

func resident() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { return 0 }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 128)
  fgets(&line, 128, file)
  let text = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  let words = text.split(separator: " ")
  return ((words.count > 1 ? Int(words[1]) ?? 0 : 0) * 4096) >> 20
}

/// A policy of mini's sizes, or of another width with heads as much wider.
func small(width: Int = 128) -> Policy {
  let tokenizer = WordTokenizer(words: Vocabulary.words)
  var configuration = PolicyConfiguration(tokenizer: tokenizer)
  let factor = width / configuration.hiddenSize
  configuration.intermediateSize *= factor
  configuration.mropeSection = configuration.mropeSection.map { $0 * factor }
  configuration.hiddenSize = width
  return Policy(configuration: configuration, tokenizer: tokenizer, seed: 1)
}

func training(
  _ policy: Policy, _ data: [Dataset], _ domain: String, _ options: GRPOOptions, steps: Int
) throws -> GRPOTraining {
  try GRPOTraining(
    base: policy, mixture: Mixture(domains: [domain], weights: [1]), data: data, options: options,
    steps: steps, seed: 1)
}

/// Prints what a token of two long completions costs.
func long(width: Int, new: Int) throws {
  let plan = try training(
    small(width: width), Suite.mini().train, "sat", options(prompts: 1, group: 2, new: new),
    steps: 3)
  let cpu = try steps(plan).cpu.dropFirst().min() ?? .nan
  print(
    "width \(width), 2 completions of \(new) tokens:",
    "\(text(cpu * 1e6 / Double(2 * new))) us a token, \(resident()) MiB")
}

let arguments = Array(CommandLine.arguments.dropFirst())
switch (arguments.first, arguments.count) {
case ("scale", 1):
  let (policy, data) = (small(), Suite.mini().train)
  print("threads: \(Workers.count)")
  for prompts in [8, 64, 512] {
    let plan = try training(
      policy, data, "sat", options(prompts: prompts, group: 8, new: 16), steps: 4)
    let cpu = try steps(plan).cpu.dropFirst().min() ?? .nan
    print(
      "\(prompts * 8) completions of 16 tokens: \(text(cpu * 1e6 / Double(prompts * 8))) us a completion"
    )
  }
  for width in [128, 1024] {
    for new in [64, 256, 1024, 4096] { try long(width: width, new: new) }
  }
case ("scale", 3):
  try long(width: Int(arguments[1]) ?? 128, new: Int(arguments[2]) ?? 4096)
case ("memory", 2):
  let count = Int(arguments[1]) ?? 1000
  var options = options(prompts: 2, group: 4, new: 4)
  options.beta = 0.04
  let plan = try training(small(), Suite.mini().train, "sat", options, steps: count)
  _ = try plan.run(events: {
    guard case .step(let index, _, _) = $0, (index + 1) % max(count / 10, 1) == 0 else { return }
    print("step \(index + 1): \(resident()) MiB")
  })
case (_, 3):
  let policy = try Policy(folder: arguments[0])
  let suite = try FolderLoader.suite(arguments[1])
  let plan = try training(
    policy, suite.train, suite.train[0].domain, options(prompts: 8, group: 8, new: 16),
    steps: Int(arguments[2]) ?? 14)
  let (cpu, run) = try steps(plan)
  let example = suite.train[0][0]
  let prompt = try policy.prompt(
    asking: PromptFormat.tags.prompt(for: example).joined(separator: " "),
    images: [try example.image.decoded()])
  let images = prompt.tokens.count { $0 == policy.configuration.imageToken }
  let step = median(Array(cpu.dropFirst(4)))
  let rate = sgemmRate()
  let least = floor(
    policy.configuration, prompts: 8, group: 8, prompt: prompt.tokens.count, images: images, new: 16
  )
  print(
    "mdm: \(text(step * 1e3)) CPU-ms a step; prompt of \(prompt.tokens.count) tokens, \(images) of the image;",
    "completions of \(text(run.metrics["completion/length"]?.last ?? .nan)); \(Workers.count) threads"
  )
  print(
    "floor: \(text(least, 2)) GFLOP at \(text(rate)) GFLOP/s a core = \(text(least / rate * 1e3)) ms:",
    "the step runs at \(text(least / rate / step, 2)) of it")
  print(
    "{\"step\": \(step), \"floor\": \(least / rate), \"prompt\": \(prompt.tokens.count), \"resident_mib\": \(resident())}"
  )
default:
  print("usage: training-step FOLDER DATA STEPS | scale | memory STEPS")
  exit(2)
}
