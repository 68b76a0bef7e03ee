import MDMImages
import MDMModels

/// What can go wrong in training that a script can cause.
public enum TrainingError: Error, Sendable {
  /// A setting has no meaning.
  case badOption(String)
  /// A mixture names a domain that the suite has not.
  case unknownDomain(String, known: [String])
  /// A reward gave something else than one finite number in its range.
  case badReward(name: String, value: String, domain: String, example: String, completion: String)
  /// A domain with weight has no reward.
  case noReward(domain: String, known: [String])
  /// A reward is named for a domain that the mixture has not.
  case unreachedReward(String, domain: String, known: [String])
  /// A reward cannot judge a domain's answers.
  case cannotJudge(reward: String, domain: String, kind: String)
  /// A question holds a word that the policy's tokenizer does not know.
  case unknownWord(String, example: String)
  /// An example does not fit the policy.
  case unusablePrompt(ModelError, example: String)
  /// The picture of an example cannot be read or decoded.
  case unreadableImage(ImageError, example: String)
  /// A run cannot be continued by this one.
  case cannotContinue(reason: String)
  /// The loss or the gradient is not finite.
  case diverged(step: Int, cause: String)

  public var message: String {
    switch self {
    case .badOption(let text): text
    case .unknownDomain(let name, _): "the mixture names `\(name)`, which is no domain of the data"
    case .badReward(let name, let value, let domain, let example, let completion):
      "the reward `\(name)` gave \(value) for the completion \"\(completion)\" of \(example) "
        + "(domain \(domain))"
    case .noReward(let domain, _): "no reward pays the domain `\(domain)`"
    case .unreachedReward(let reward, let domain, _):
      "the reward `\(reward)` is for `\(domain)`, which is no domain of the mixture"
    case .cannotJudge(let reward, let domain, let kind):
      "the reward `\(reward)` cannot judge the answers of `\(domain)` (\(kind)): they would all get its least"
    case .unknownWord(let word, let example):
      "the question of \(example) holds \"\(word)\", which the policy's tokenizer does not know"
    case .unusablePrompt(let error, let example): "of \(example), \(error.message)"
    case .unreadableImage(let error, let example): "the image of \(example) \(error)"
    case .cannotContinue(let reason): "the run cannot be continued: \(reason)"
    case .diverged(let step, let cause):
      "the gradient of step \(step) is not finite" + (cause.isEmpty ? "" : ": \(cause)")
    }
  }

  public var hint: String? {
    switch self {
    case .badOption: nil
    case .unknownDomain(_, let known): "its domains are " + known.joined(separator: ", ")
    case .badReward: "a reward gives one finite number within its declared range"
    case .noReward(_, let known):
      known.isEmpty ? nil : "there are rewards for " + known.joined(separator: ", ")
    case .unreachedReward(_, _, let known): "its domains are " + known.joined(separator: ", ")
    case .cannotJudge:
      "name a reward for each domain: reward: {coco: iou_reward, sat: choice_reward}"
    case .unknownWord: "the base policy `mini` knows the words of the suite `mini` only"
    case .unusablePrompt(let error, _): error.hint
    case .unreadableImage(let error, _): error.hint
    case .cannotContinue:
      "continue an interrupted run with the base, data, mixture, reward, options, steps and seed "
        + "that it began with"
    case .diverged: "lower the learning rate"
    }
  }
}
