import ArgumentParser
import Foundation
import Fuzzing

/// `fuzz [TARGET] [SECONDS]`: feeds parts of the program with mutated inputs until the time is over;
/// scripts/fuzz runs it.
@main
struct Fuzz: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fuzz",
    abstract: "Feed a part of mdm, or each in turn, with mutated inputs and keep what breaks it.",
    discussion: "Targets: \(FuzzTargets.all.map { $0.name }.joined(separator: ", ")).")

  @ArgumentParser.Argument(help: "What to feed, or all.") var target = "all"
  @ArgumentParser.Argument(help: "How long each.") var seconds = 60.0
  @Option(help: "Another seed gives other cases.") var seed: UInt64 = 1
  @Option(help: "The folder of the repository.") var root = "."
  @Option(help: "Where failing cases go.") var output = ".build/fuzz"
  @Option(help: "Runs one saved case instead, without a process of its own.") var file: String?
  @Option(help: .hidden) var worker: String?
  @Option(help: .hidden) var from: UInt64 = 0

  func run() throws {
    let chosen = FuzzTargets.all.filter { target == "all" || $0.name == target }
    guard let first = chosen.first else {
      throw ValidationError(
        "there is no target \(target); there are "
          + FuzzTargets.all.map { $0.name }.joined(separator: ", "))
    }
    if let file {
      try Worker.runOne(first.init(root: root), try Data(contentsOf: URL(filePath: file)))
      return
    }
    if let worker {
      try Worker(first.init(root: root), seed: seed, progress: Progress(path: worker)).loop(from)
      return
    }
    var failures = 0
    for type in chosen {
      let campaign = try Campaign(
        type.init(root: root), target: type.name, seed: seed, root: root, output: output)
      failures += try campaign.run(seconds: seconds)
    }
    throw failures == 0 ? ExitCode.success : ExitCode.failure
  }
}
