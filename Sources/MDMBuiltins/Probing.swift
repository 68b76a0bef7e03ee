import MDMData
import MDMDeclarations
import MDMRuntime
import MDMTraining

/// `probe`: what a reward pays for right, wrong, hedged and malformed completions.
enum Probing {
  /// A way to complete an example without seeing the image.
  struct Candidate: Sendable {
    let name: String
    /// Whether a reward that pays for it pays for something else than the answer.
    var isCheat = false
    let text: @Sendable (MDMData.Example) -> String
  }

  static let candidates: [Candidate] = [
    Candidate(name: "gold answer in its tags") { "<answer> \($0.answer) </answer>" },
    Candidate(name: "gold answer, bare") { $0.answer },
    Candidate(name: "gold answer, tag not closed") { "<answer> \($0.answer)" },
    Candidate(name: "another answer in its tags") { "<answer> \(other($0)) </answer>" },
    Candidate(name: "an answer of another kind") {
      "<answer> \($0.kind == .box ? "A" : "0 0 8 8") </answer>"
    },
    Candidate(name: "every option listed", isCheat: true) { example in
      let all = example.options.isEmpty ? [example.answer, other(example)] : example.letters
      return "<answer> \(all.joined(separator: " or ")) </answer>"
    },
    Candidate(name: "gold and another joined by or", isCheat: true) {
      "<answer> \($0.answer) or \(other($0)) </answer>"
    },
    Candidate(name: "gold only in the thinking", isCheat: true) {
      "<think> \($0.answer) </think> <answer> \(other($0)) </answer>"
    },
    Candidate(name: "two answers, gold first", isCheat: true) {
      "<answer> \($0.answer) </answer> <answer> \(other($0)) </answer>"
    },
    Candidate(name: "two answers, gold last", isCheat: true) {
      "<answer> \(other($0)) </answer> <answer> \($0.answer) </answer>"
    },
    Candidate(name: "the whole image as box") { _ in "<answer> 0 0 8 8 </answer>" },
    Candidate(name: "a giant box", isCheat: true) { _ in
      "<answer> -1000000 -1000000 1000000 1000000 </answer>"
    },
    Candidate(name: "a box of nan", isCheat: true) { _ in "<answer> nan nan nan nan </answer>" },
    Candidate(name: "the gold answer twice", isCheat: true) {
      "<answer> \($0.answer), \($0.answer) </answer>"
    },
    Candidate(name: "the gold answer in a long text", isCheat: true) { example in
      "<answer> " + String(repeating: "so \(other(example)) and ", count: 40)
        + "\(example.answer) </answer>"
    },
    Candidate(name: "empty tags", isCheat: true) { _ in "<answer> </answer>" },
    Candidate(name: "nothing", isCheat: true) { _ in "" },
  ]

  static func other(_ example: MDMData.Example) -> String {
    switch example.kind {
    case .box: example.answer == "0 0 2 2" ? "6 6 8 8" : "0 0 2 2"
    case .choice: example.letters.first { $0 != example.answer } ?? "B"
    case .number: example.answer == "1" ? "2" : "1"
    case .word: example.answer == "left" ? "right" : "left"
    }
  }

  static func function(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "probe",
        [
          ParameterDeclaration("reward", .function, "A reward, such as `gated_reward`."),
          ParameterDeclaration("dataset", .domain("Dataset"), "Whose examples are completed."),
          ParameterDeclaration("count", .int, default: "50", "The most examples."),
        ], returns: .record, family: RewardBuiltins.name,
        "Prints what a reward pays on average for right, wrong, hedged and malformed completions.",
        examples: [
          Example("probe(gated_reward, load(\"mini\").train[0]).nothing", prints: nil)
        ])
    ) { call in
      let reward = try call.reward(0, context)
      let dataset = try call.domain(1, as: DatasetValue.self).dataset
      let count = min(max(1, try call.int(2)), dataset.count)
      let examples = (0..<count).map { dataset[$0] }
      var rows: [(String, Datum)] = []
      for candidate in candidates {
        try call.checkInterrupt()
        let paid = try call.training {
          try examples.reduce(0.0) { sum, example in
            sum + (try reward.checked(candidate.text(example), example))
          }
        }
        rows.append((candidate.name, .float(paid / Double(max(count, 1)))))
      }
      call.print("What \(reward.name) pays on \(count) examples of \(dataset.name):\n")
      let table = rows.map { ["  " + $0.0, Text.fixed($0.1.number ?? .nan, 3)] }
      call.print(Text.table(header: ["", ""], rows: table).drop { $0 == "\n" } + "\n")
      return .record(rows)
    }
  }
}
