import ArgumentParser
import Glibc

/// `mdm serve`: rewards over HTTP, by the program `mdm-serve` beside this one.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve", abstract: "Serve the rewards of a script over HTTP.")

  @ArgumentParser.Argument(
    parsing: .captureForPassthrough, help: "A script and options: mdm serve --help lists them.")
  var arguments: [String] = []

  func run() throws {
    var path = "mdm-serve"
    if let own = realpath("/proc/self/exe", nil) {
      defer { free(own) }
      let folder = String(cString: own).split(separator: "/").dropLast().joined(separator: "/")
      path = "/\(folder)/mdm-serve"
    }
    var words: [UnsafeMutablePointer<CChar>?] = ([path] + arguments).map { strdup($0) }
    words.append(nil)
    execv(path, words)
    Terminal.write(
      "mdm: \(path) is missing or cannot run; swift build -c release --product mdm-serve makes it\n",
      to: 2)
    Exit.now(Exit.runtimeError)
  }
}
