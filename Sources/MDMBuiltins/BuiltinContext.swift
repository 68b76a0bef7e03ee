import MDMRuntime
import Synchronization

/// What built-ins need from outside: nothing else of them is global.
public final class BuiltinContext: Sendable {
  /// The pending interrupt: a primitive that gives a partial value takes it back.
  public let interrupt: InterruptFlag
  /// Columns for text pictures, nil where the output is no terminal.
  public let plotColumns: Int?
  /// The ranges of the rewards that scripts declare.
  public let rewardRanges: RewardRanges
  /// What runs in the background.
  public let jobs: JobRegistry
  /// Keeps training runs where other processes find them; nil: nobody does.
  public let recorder: StoreRecorder?
  /// The job that the machine runs; nil in the foreground.
  let job: Job?
  /// Calls of `sweep` that are under way: their table tells what single runs would.
  let openSweeps = Atomic<Int>(0)

  public init(
    interrupt: InterruptFlag, plotColumns: Int? = nil, jobs: JobRegistry = JobRegistry(),
    recorder: StoreRecorder? = nil
  ) {
    self.interrupt = interrupt
    self.plotColumns = plotColumns
    self.jobs = jobs
    self.recorder = recorder
    rewardRanges = RewardRanges()
    job = nil
  }

  /// What the built-ins of a job's machine need.
  private init(_ outer: BuiltinContext, _ job: Job) {
    interrupt = job.interrupt
    plotColumns = outer.plotColumns
    jobs = outer.jobs
    recorder = outer.recorder
    rewardRanges = RewardRanges(outer.rewardRanges)
    self.job = job
  }

  /// The same inside of a job, with an interrupt of its own.
  func inside(_ job: Job) -> BuiltinContext { BuiltinContext(self, job) }
}

/// A family of built-ins: one file each.
public protocol BuiltinFamily: Sendable {
  /// The family's name in the reference.
  static var name: String { get }
  static func functions(_ context: BuiltinContext) -> [NativeFunction]
}

/// The catalogue that the session gives to a machine.
public enum Builtins {
  /// Sorted by name.
  public static var families: [any BuiltinFamily.Type] {
    [
      CompletionBuiltins.self, DataBuiltins.self, DatasetBuiltins.self, EvaluationBuiltins.self,
      FileBuiltins.self, InferenceBuiltins.self, JSONBuiltins.self, JobBuiltins.self,
      LawBuiltins.self, MixtureBuiltins.self, OptimumBuiltins.self, PaperBuiltins.self,
      PathBuiltins.self, PlotBuiltins.self, PolicyBuiltins.self, RandomBuiltins.self,
      RecipeBuiltins.self, RewardBuiltins.self, StatisticsBuiltins.self, StudyBuiltins.self,
      StudyPlotBuiltins.self, SweepBuiltins.self, TableBuiltins.self, TextFileBuiltins.self,
      TimeBuiltins.self, TrainingBuiltins.self,
    ]
  }

  public static func all(_ context: BuiltinContext) -> [NativeFunction] {
    families.flatMap { $0.functions(context) }
  }
}
