/// When what learns is kept while it goes on, and by whom.
public struct CheckpointPlan<State> {
  /// Steps between two checkpoints; 0 lets the clock decide, so that they take a two-hundredth of the
  /// time at most.
  public let steps: Int
  /// Keeps a state before it returns; the weights change after that.
  let keep: (State) -> Void
  private let clock = ContinuousClock()
  private var last: ContinuousClock.Instant
  private var cost = Duration.zero

  /// The shortest time between two checkpoints that the clock decides on.
  private static var pause: Duration { .seconds(10) }

  public init(every steps: Int = 0, keep: @escaping (State) -> Void) {
    self.steps = steps
    self.keep = keep
    last = clock.now
  }

  /// Keeps the state where it is time.
  mutating func stepIsDone(_ step: Int, _ state: () -> State) {
    let isDue =
      steps > 0 ? step % steps == 0 : clock.now - last >= max(Self.pause, cost * 200)
    if isDue { write(state()) }
  }

  /// Keeps the state now.
  mutating func write(_ state: State) {
    let start = clock.now
    keep(state)
    last = clock.now
    cost = last - start
  }
}
