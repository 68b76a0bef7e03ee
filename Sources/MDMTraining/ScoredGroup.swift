import MDMData
import MDMModels

/// The completions of one prompt with what they were paid.
struct ScoredGroup {
  let domain: Int
  let prompt: Prompt
  let completions: [Completion]
  /// What the completions say, without their end tokens.
  var texts: [String] = []
  var rewards: [Double] = []
  /// The weighted summands of a reward that is a sum, `[completion][summand]`.
  var parts: [[Double]] = []
  /// F of the paper's reward, 0 or 1.
  var formats: [Double] = []
  /// F times accuracy or IoU.
  var accuracies: [Double] = []
  /// What was asked, where completions are shown.
  var example: Example?

  init(domain: Int, prompt: Prompt, completions: [Completion]) {
    self.domain = domain
    self.prompt = prompt
    self.completions = completions
  }

  /// Whether all rewards are equal: such a group teaches nothing.
  var isUniform: Bool { rewards.allSatisfy { $0 == rewards.first } }

  /// For each token whether its completion reached its end.
  var finishedTokens: [[Bool]] {
    completions.map { [Bool](repeating: $0.finished, count: $0.tokens.count) }
  }

  /// The rewards as advantages see them: with what length and distance to the base cost.
  ///
  /// - Parameters:
  ///   - isGated: The reward is F (1 + 2 A), whose parts are F and 2 F A.
  ///   - reference: The base's log-probabilities, `[completion][token]`; nil where no KL is asked for.
  func adjusted(
    _ options: GRPOOptions, isGated: Bool, _ reference: [[Float]]?
  ) -> GroupRewards {
    // GDPO standardises a sum's summands apart.
    let summands = (self.parts.first?.indices ?? 0..<0).map { place in self.parts.map { $0[place] }
    }
    var parts =
      isGated
      ? [formats, accuracies.map { 2 * $0 }] : summands.isEmpty ? [rewards] : summands
    var total = rewards
    func add(_ part: [Double]) {
      parts.append(part)
      for index in total.indices { total[index] += part[index] }
    }
    if options.overlong > 0 {
      let (longest, margin) = (Double(options.maxNewTokens), Double(options.overlong))
      add(
        completions.map { completion in
          min(0, (longest - margin - Double(completion.tokens.count)) / margin)
        })
    }
    if options.takesKLOffReward, let reference {
      add(
        zip(completions, reference).map { completion, reference in
          -options.beta
            * zip(completion.logProbabilities, reference).reduce(0.0) { sum, pair in
              sum + options.kl(policy: Double(pair.0), reference: Double(pair.1)).value
            }
        })
    }
    return GroupRewards(total, parts: parts, lengths: completions.map(\.tokens.count))
  }
}
