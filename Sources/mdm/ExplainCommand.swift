import ArgumentParser
import MDMSession

/// `mdm explain CODE`: what an error code means.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Explain an error code, such as E0301.")

  @ArgumentParser.Argument(help: "The code.") var code: String

  func run() throws {
    guard let text = Explanations.text(code.uppercased()) else {
      throw ValidationError("There is no error code \(code); codes look like E0301.")
    }
    Terminal.write(text + "\n")
  }
}
