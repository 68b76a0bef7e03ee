import ArgumentParser
import MDMNotebooks
import MDMSession

/// What the command line says of running a notebook.
struct NotebookArguments {
  var parameters: [String] = []
  var cellTimeLimit: String?
  var timeLimit: String?
  var memoryLimit: String?
  var keepsGoing = false
  var allowsShell = false

  /// Refuses a tolerance with which nothing, or everything, would be equal.
  static func check(tolerance: Double) throws {
    guard tolerance >= 0, tolerance.isFinite else {
      throw ValidationError("--tolerance takes a number from 0, such as 1e-6.")
    }
  }

  /// The options for a notebook; a parameter that it does not have, or that does not fit, ends the
  /// program before anything runs.
  func options(
    for notebook: Notebook, _ path: String, _ front: FrontEnd
  ) throws -> NotebookRunner.Options {
    var options = NotebookRunner.Options()
    let known = NotebookRunner.parameters(of: notebook)
    options.parameters = try ParameterArguments.read(assignments: parameters, known, of: path)
    for parameter in known {
      if let text = options.parameters[parameter.name],
        let problem = parameter.problem(with: text)
      {
        front.refuse(problem)
      }
    }
    options.cellTimeLimit = try cellTimeLimit.map {
      try FrontEnd.seconds($0, option: "--cell-time-limit")
    }
    options.timeLimit = try timeLimit.map { try FrontEnd.seconds($0, option: "--time-limit") }
    options.memoryLimit =
      try memoryLimit.map { try FrontEnd.bytes($0, option: "--memory-limit") }
      ?? FrontEnd.mostOfTheMemory
    options.folder = NotebookFiles.folder(of: path)
    options.isStopped = { Interrupts.wasInterrupted }
    options.keepsGoing = keepsGoing
    options.allowsShell = allowsShell
    return options
  }
}
