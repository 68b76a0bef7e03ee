import ArgumentParser
import MDMSession

/// `mdm explain [CODE]`: what an error code means.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain an error code, such as E0301; without one, list all codes.")

  @ArgumentParser.Argument(help: "The code; E0301, e0301 and 301 are the same.") var code: String?

  func run() throws {
    guard let code else {
      for entry in Explanations.all { Terminal.write("\(entry.code)  \(entry.title)\n") }
      return
    }
    guard let entry = Explanations.entry(code) else {
      Terminal.write(refusal(code) + "\n", to: 2)
      Exit.now(Exit.usage)
    }
    Terminal.write(entry.page)
  }

  private func refusal(_ code: String) -> String {
    let near = Explanations.near(code)
    let head = "there is no code \(code)"
    guard !near.isEmpty else { return "\(head); mdm explain lists them all" }
    return "\(head); near are\n" + near.map { "  \($0.code)  \($0.title)" }.joined(separator: "\n")
  }
}
