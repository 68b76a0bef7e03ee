import MDMModels

/// The README.md of a pushed policy: metadata as the Hub reads it, and where the policy comes from.
struct ModelCard {
  let policy: PolicyValue
  let run: RunValue?

  private static let mark = "<!-- Written by mdm; push writes it again while this line is here. -->"

  /// Whether `push` wrote a card and may replace it.
  static func isOwn(_ card: [UInt8]) -> Bool {
    String(decoding: card, as: UTF8.self).contains(mark)
  }

  var text: String {
    var parts = [metadata + "\n" + Self.mark, "# \(policy.name)", opening]
    if let run {
      parts += ["## Mixture", fenced(run.mixture.display(100))]
      if case .domain(let ledger) = run.run.ledger.table(suite: run.mixture.suite) {
        parts += ["## What each domain became", fenced(ledger.display(100))]
      }
      if let scores = run.evaluation {
        parts += ["## Scores", fenced(scores.display(100))]
        parts.append(
          "Strict readings want the answer in its tags, lenient ones read it anywhere. `T=1` are samples."
        )
      }
      parts += ["## What went into it", fenced(run.run.inputs)]
    }
    parts += ["## Use", use]
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// Keys of the Hub's model cards.
  private var metadata: String {
    let architecture = policy.policy.configuration.architecture.rawValue
    var lines = [
      "---", "library_name: \(policy.policy.hasAdapter ? "peft" : "transformers")",
      "pipeline_tag: image-text-to-text",
    ]
    // A base on the Hub is OWNER/NAME; a path of this machine is nobody's business.
    let base = policy.policy.origin
    if base.split(separator: "/").count == 2, !base.hasPrefix("."), !base.hasPrefix("/") {
      lines.append("base_model: \(base)")
    }
    lines += ["tags:", "- \(architecture)", "- mdm"]
    if run != nil { lines += ["- grpo", "- data-mixture"] }
    return (lines + ["---"]).joined(separator: "\n")
  }

  private var opening: String {
    let weights =
      "\(policy.policy.parameterCount) weights, fingerprint `\(policy.policy.fingerprint)`."
    guard let run else { return "A vision-language policy of \(weights)" }
    let steps = run.run.steps
    return """
      A vision-language policy of \(weights) Reinforcement learning with verifiable rewards trained it for \(steps) \
      step\(steps == 1 ? "" : "s") on a mixture of domains (MoDoMoDo, arXiv 2505.24871), seed \(run.run.seed).
      """
  }

  private var use: String {
    policy.policy.hasAdapter
      ? "`peft.PeftModel.from_pretrained(base, FOLDER)`, or in mdm `policy(\"FOLDER\")`."
      : "`transformers.AutoModelForImageTextToText.from_pretrained(FOLDER)`, or in mdm `policy(\"FOLDER\")`."
  }

  private func fenced(_ text: String) -> String { "```\n\(text)\n```" }
}
