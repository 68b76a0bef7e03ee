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

  /// Scores items one after the other; where the time is over, the rest are failures, never zeros.
  func score(_ reward: String, _ items: [JSONNode], seconds: Double) -> [ItemScore] {
    guard let function = functions[reward] else {
      return items.map { _ in .failure("no such reward") }
    }
    let interrupt = session.interrupt
    interrupt.clear()
    let alarm = Alarm(after: seconds) { interrupt.requestTimeLimit() }
    defer {
      alarm.cancel()
      interrupt.clear()
    }
    var isLate = false
    return items.map { item in
      if isLate { return .failure("the request's time is over") }
      guard let completion = Self.completion(item["completion"]) else {
        return .failure(
          "`completion` has to be the text that a policy wrote, or an object with `text`")
      }
      let example = item["example"].map(Self.datum) ?? .record([])
      do throws(ScriptError) {
        let value = try session.machine.call(function, [completion, example])
        guard let number = try session.machine.datum(value).number, number.isFinite else {
          return .failure("the reward gave no finite number")
        }
        return .score(number)
      } catch {
        isLate = error.kind == .timeLimit || error.kind == .interrupt
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

  private static func datum(_ node: JSONNode) -> Datum {
    switch node {
    case .null: .none
    case .bool(let value): .bool(value)
    case .integer(let value): .int(value)
    case .number(let value): .float(value)
    case .string(let text): .string(text)
    case .array(let items): .list(items.map(datum))
    case .object(let members): .record(members.map { ($0.name, datum($0.value)) })
    }
  }
}
