import Glibc
import MDMData
import MDMImages
import MDMJSON
import MDMRewards

// Scores a second of one core, of the verifiers that training calls and of the plain functions.

func cpu() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func example(_ kind: AnswerKind, _ answer: String, options: [String] = [], box: Box? = nil)
  -> Example
{
  Example(
    id: "t", domain: "t", image: RGBImage(width: 64, height: 64), question: "q", answer: answer,
    options: options, box: box, kind: kind)
}

/// The best of five runs: scores a second of CPU time.
func measure(_ name: String, _ body: () -> Double) {
  let count = 200_000
  var best = 0.0
  var sum = 0.0
  for _ in 0..<5 {
    let start = cpu()
    for _ in 0..<count { sum += body() }
    best = max(best, Double(count) / (cpu() - start))
  }
  let rate = Int(best / 1_000)
  print(
    "\(name): \(Double(rate) / 1_000) million scores a second (mean score \(sum / Double(5 * count)))"
  )
}

let choice = example(.choice, "B", options: ["1", "2", "3", "4"])
let number = example(.number, "17")
let box = example(.box, "2 1 5 4", box: Box(16, 8, 40, 32))
let thinking = String(repeating: "the second option fits best, as ", count: 20)
let completions = [
  "<answer> B </answer>", "<answer> 17 </answer>", "<answer> 2 1 5 5 </answer>",
  "<think> \(thinking) </think> <answer> B </answer>",
]
let verifiers = (ChoiceReward(), NumberReward(), BoxOverlapReward())
measure("choice of a completion") { verifiers.0.score(completions[0], choice) }
measure("number of a completion") { verifiers.1.score(completions[1], number) }
measure("iou of a completion") { verifiers.2.score(completions[2], box) }
measure("choice after 640 characters of thinking") { verifiers.0.score(completions[3], choice) }
let arguments = (
  MeasureArguments([.string("B"), .string("B")]),
  MeasureArguments([.string("1,200 km"), .string("1200"), .number(0), .number(0), .string("agree")]
  ),
  MeasureArguments([
    .array([.integer(0), .integer(0), .integer(2), .integer(2)]),
    .array([.integer(1), .integer(1), .integer(3), .integer(3)]),
  ])
)
measure("choice(prediction, reference)") { (try? verifiers.0.score(arguments.0)) ?? .nan }
measure("number_equal(prediction, reference)") { (try? verifiers.1.score(arguments.1)) ?? .nan }
measure("iou(prediction, reference)") { (try? verifiers.2.score(arguments.2)) ?? .nan }
