import Glibc
import MDMSyntax
import Synchronization

/// One open `budget(steps:, time:) { }`: what is left of it, for itself and the blocks around it.
///
/// When time is over, what runs is asked to stop like by an interrupt: a primitive that has a
/// partial value gives it and the block goes on; anything else ends the block. The steps of a
/// budget are those that primitives count; one that would start with none left ends the block.
public final class Budget: Sendable {
  let parent: Budget?
  /// The position among the open budgets, 0 for the outermost.
  let level: Int
  /// What was granted, for messages.
  let text: String
  /// Where it stands.
  let place: (source: SourceText, span: Span)?
  private let deadline: Double?
  private let stepsLeft: Atomic<Int>

  /// After a primitive has given its partial value the rest of the block has so many seconds.
  static let grace = 2.0

  init(
    steps: Int?, seconds: Double?, text: String, place: (source: SourceText, span: Span)?,
    inside parent: Budget?
  ) {
    self.parent = parent
    level = parent.map { $0.level + 1 } ?? 0
    self.text = text
    self.place = place
    stepsLeft = Atomic(steps ?? .max)
    deadline = seconds.map { Self.now() + $0 }
  }

  /// The outermost budget of the chain that is spent, if any.
  var spent: Budget? { parent?.spent ?? (isSpentItself ? self : nil) }

  /// Whether this budget or one around it is spent.
  public var isSpent: Bool { spent != nil }

  /// Counts one step of a primitive.
  public func takeStep() {
    if stepsLeft.load(ordering: .relaxed) != .max { stepsLeft.subtract(1, ordering: .relaxed) }
    parent?.takeStep()
  }

  private var isSpentItself: Bool {
    if stepsLeft.load(ordering: .relaxed) <= 0 { return true }
    return deadline.map { Self.now() >= $0 } ?? false
  }

  /// The outermost budget of the chain whose time is over.
  var late: Budget? {
    parent?.late ?? (deadline.map { Self.now() >= $0 } ?? false ? self : nil)
  }

  /// Raises the flag when the time is over, and again until it is cancelled.
  func alarm(_ flag: InterruptFlag) -> Alarm? {
    deadline.map { deadline in
      Alarm(after: deadline - Self.now(), every: Self.grace) { flag.requestBudget() }
    }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

/// Opening and closing of budgets.
extension Machine {
  /// Opens a budget for R[a] steps or none, R[a+1] time or none, and a handler for its end.
  @inline(never)
  func pushBudget(
    _ limits: UnsafeMutablePointer<Value>, _ target: UnsafeMutablePointer<Instruction>,
    register: Int
  ) throws {
    var texts: [String] = []
    var steps: Int?
    switch limits[0].tag {
    case .none: break
    case .int where limits[0].int >= 0:
      steps = Int(limits[0].int)
      texts.append("\(limits[0].int) steps")
    default:
      throw ScriptError(
        .argumentType, "`steps` of a budget takes an Int of 0 or more, got \(brief(limits[0]))",
        hint: "write budget(steps: 2000)")
    }
    var seconds: Double?
    switch limits[1].tag {
    case .none: break
    case .duration where limits[1].double >= 0:
      seconds = limits[1].double
      texts.append(display(limits[1], width: 80))
    default:
      throw ScriptError(
        .argumentType, "`time` of a budget takes a Duration, got \(brief(limits[1]))",
        hint: limits[1].isNumber ? "write \(display(limits[1], width: 80))s for seconds" : nil)
    }
    try pushHandler(target, register: register)
    let budget = Budget(
      steps: steps, seconds: seconds, text: texts.joined(separator: " and "),
      place: currentPlace, inside: budget)
    handlers.start[state.pointee.handlerCount - 1].budget = budget.level
    self.budget = budget
    alarms.append(budget.alarm(interrupt))
  }

  /// Closes budgets until only so many are open.
  func closeBudgets(downTo count: Int) {
    while let open = budget, open.level >= count {
      alarms.removeLast()?.cancel()
      budget = open.parent
    }
  }

  /// How many budgets are open.
  var budgetCount: Int { budget.map { $0.level + 1 } ?? 0 }

  /// The error that ends the block of a budget.
  func spent(_ budget: Budget) -> ScriptError {
    var error = ScriptError(.budget, "the budget of \(budget.text) is spent")
    error.kind = .budget(level: budget.level)
    error.diagnostic.place = budget.place
    return error
  }

  /// The handler that takes an error, of those opened after some; nil where none does.
  func handler(for failure: ScriptError, above first: Int) -> Int? {
    var index = state.pointee.handlerCount - 1
    while index >= first {
      let budget = handlers.start[index].budget
      if case .budget(let level) = failure.kind {
        if budget == level { return index }
      } else if failure.isCatchable, budget < 0 {
        return index
      }
      index -= 1
    }
    return nil
  }

  /// Says that a block ended early.
  func reportSpent(_ failure: ScriptError) {
    var diagnostic = Diagnostic(
      .warning, code: RuntimeCode.budget.rawValue, failure.diagnostic.message,
      hint: "its block ended here and gives none; a run that was under way would have been kept")
    diagnostic.place = failure.diagnostic.place
    options.report(diagnostic)
  }
}
