import MDMBuiltins
import MDMJSON
import MDMRewards
import MDMRuntime
import MDMSession
import MDMSyntax

/// A script whose rewards are served. One machine runs them, on the thread that made it.
public final class RewardProgram {
  /// A `reward fn` of the script.
  public struct Reward: Sendable {
    public let name: String
    public let low: Double?
    public let high: Double?
  }

  /// In the order of the script.
  public let rewards: [Reward]
  private let session: Session
  private let functions: [String: FunctionHandle]

  /// The rewards that a script which has run declares at its top level.
  public init(_ session: Session, _ tree: SyntaxTree) {
    self.session = session
    var rewards: [Reward] = []
    var functions: [String: FunctionHandle] = [:]
    for statement in tree.statements {
      guard case .reward(let name, _, let low, let high, _) = statement.kind,
        let function = session.machine.global(name.text), function.isFunction
      else { continue }
      let text = { (expression: Expression) in
        Double(tree.source.text(Int(expression.span.start)..<Int(expression.span.end)))
      }
      rewards.append(Reward(name: name.text, low: text(low), high: text(high)))
      functions[name.text] = function
    }
    self.rewards = rewards
    self.functions = functions
  }

  /// What a script may do for a request.
  struct Limits: Sendable {
    /// The fuel of an item, as `Machine.fuel` counts it.
    var fuel: Int
    /// The fuel of all items together, in units of `fuel`.
    var items = 50
    /// Where fuel is not enough: for what waits instead of working.
    var seconds: Double
  }

  /// Scores items one after the other.
  ///
  /// How far a script gets is counted, so that the same request always has the same scores: an item
  /// that spends its fuel is a failure, and where all of a request is spent the rest are. The clock
  /// ends only what fuel does not see.
  func score(_ reward: String, _ items: [JSONNode], _ limits: Limits) -> [ItemScore] {
    guard let function = functions[reward] else {
      return items.map { _ in .failure("no such reward") }
    }
    let machine = session.machine
    let interrupt = session.interrupt
    interrupt.clear()
    // What requests before have left behind takes nothing of the memory's limit.
    machine.collect()
    let alarm = Alarm(after: limits.seconds) { interrupt.requestTimeLimit() }
    defer {
      alarm.cancel()
      machine.fuel = nil
      interrupt.clear()
    }
    var left = limits.fuel.multipliedReportingOverflow(by: limits.items).partialValue
    var isLate = false
    return items.map { item in
      if isLate { return .failure("the request's time is over") }
      if left == 0 { return .failure("the fuel of the request is spent by the items before") }
      guard let completion = Self.completion(item["completion"]) else {
        return .failure(
          "`completion` has to be the text that a policy wrote, or an object with `text`")
      }
      let example = item["example"].map(JSONText.datum) ?? .record([])
      let given = min(limits.fuel, left)
      machine.fuel = given
      defer { left -= given - (machine.fuel ?? 0) }
      do throws(ScriptError) {
        let value = try machine.call(function, [completion, example])
        guard let number = try machine.datum(value).number, number.isFinite else {
          return .failure("the reward gave no finite number")
        }
        return .score(number)
      } catch {
        isLate = error.kind == .timeLimit || error.kind == .interrupt
        machine.collect()
        return .failure("\(error.diagnostic.code): \(error.diagnostic.message)")
      }
    }
  }

  /// A completion as a script's reward sees it: `text`, and `answer`, the text in its tags.
  private static func completion(_ node: JSONNode?) -> Datum? {
    guard let text = node?.text ?? node?["text"]?.text else { return nil }
    return .record([
      ("text", .string(text)), ("answer", .string(AnswerParser.taggedText(text) ?? "")),
    ])
  }
}
