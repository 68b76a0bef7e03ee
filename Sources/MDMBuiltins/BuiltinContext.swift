import MDMRuntime

/// What built-ins need from outside: nothing else of them is global.
public final class BuiltinContext: Sendable {
  /// The pending interrupt: a primitive that gives a partial value takes it back.
  public let interrupt: InterruptFlag
  /// Columns for text pictures, nil where the output is no terminal.
  public let plotColumns: Int?
  /// The ranges of the rewards that scripts declare.
  public let rewardRanges = RewardRanges()

  public init(interrupt: InterruptFlag, plotColumns: Int? = nil) {
    self.interrupt = interrupt
    self.plotColumns = plotColumns
  }
}

/// A family of built-ins: one file each.
public protocol BuiltinFamily: Sendable {
  /// The family's name in the reference.
  static var name: String { get }
  static func functions(_ context: BuiltinContext) -> [NativeFunction]
}

/// The catalogue that the session gives to a machine.
public enum Builtins {
  public static var families: [any BuiltinFamily.Type] {
    [
      DataBuiltins.self, EvaluationBuiltins.self, FileBuiltins.self, JSONBuiltins.self,
      LawBuiltins.self,
      MixtureBuiltins.self, PathBuiltins.self, PlotBuiltins.self, PolicyBuiltins.self,
      RandomBuiltins.self, RewardBuiltins.self,
      StatisticsBuiltins.self, TableBuiltins.self, TextFileBuiltins.self, TimeBuiltins.self,
      TrainingBuiltins.self,
    ]
  }

  public static func all(_ context: BuiltinContext) -> [NativeFunction] {
    families.flatMap { $0.functions(context) }
  }
}
