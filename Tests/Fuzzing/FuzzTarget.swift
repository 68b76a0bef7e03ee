import MDMSyntax

/// A part of the program that no input may stop, and what has to hold for every input.
public protocol FuzzTarget: SendableMetatype {
  /// How `scripts/fuzz` calls it.
  static var name: String { get }

  /// - Parameter root: the folder of the repository, where the corpus is.
  init(root: String)

  /// Makes the input of a case.
  func input(_ random: inout RandomNumbers) -> [UInt8]

  /// Feeds the part with an input.
  ///
  /// - Throws: `BrokenLaw` where it answers with something that cannot be.
  func run(_ input: [UInt8]) throws
}

/// What an input showed to be wrong without stopping the process.
public struct BrokenLaw: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }

  /// Throws unless a condition holds.
  static func unless(_ condition: Bool, _ description: @autoclosure () -> String) throws {
    if !condition { throw BrokenLaw(description()) }
  }
}

/// All targets; a new one is one more file and a line here.
public enum FuzzTargets {
  public static let all: [any FuzzTarget.Type] = [
    LexerTarget.self, ParserTarget.self, CheckerTarget.self, FormatterTarget.self,
    MachineTarget.self, CallsTarget.self,
    RegexTarget.self, JSONTarget.self, KernelTarget.self,
    NotebookTarget.self, PercentTarget.self, CheckpointTarget.self, ImageTarget.self,
    ParquetTarget.self, AnswersTarget.self, LoaderTarget.self, RunFileTarget.self,
  ]
}
