import ArgumentParser
import Glibc
import MDMKernel
import MDMSession
import MDMStore

/// `mdm kernel`: Jupyter's side of mdm.
struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Serve Jupyter: install, run or uninstall the kernel.",
    subcommands: [Install.self, Run.self, Uninstall.self])

  /// Which specification is meant.
  struct PlaceArguments: ParsableArguments {
    @ArgumentParser.Flag(help: "For this user alone: ~/.local/share/jupyter.") var user = false
    @Option(help: "Below a folder such as /usr/local or a virtual environment.") var prefix: String?
    @Option(help: "What Jupyter calls the kernel.") var name = "mdm"

    func validate() throws {
      if user, prefix != nil { throw ValidationError("--user and --prefix exclude each other.") }
      guard KernelSpec.isName(name) else {
        throw ValidationError("A kernel's name has letters, digits, dots, dashes and underlines.")
      }
    }

    /// Without options: the active environment of Python, else this user's folder.
    func folder(of spec: KernelSpec) throws -> String {
      var place = KernelSpec.Place.user
      if let prefix {
        place = .prefix(prefix)
      } else if !user, let active = variable("VIRTUAL_ENV") ?? variable("CONDA_PREFIX") {
        place = .prefix(active)
      }
      guard let folder = spec.folder(in: place, variable) else {
        throw ValidationError("HOME is not set: say where with --prefix.")
      }
      return folder
    }
  }

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell Jupyter about the kernel.",
      discussion: """
        Without --user and --prefix the kernel goes to the active environment of Python (VIRTUAL_ENV or
        CONDA_PREFIX), else to this user's folder.
        """)

    @OptionGroup var place: PlaceArguments
    @Option(help: "What Jupyter shows.") var displayName = "mdm"

    func run() throws {
      guard let path = realpath("/proc/self/exe", nil) else {
        throw ValidationError("the path of mdm cannot be found")
      }
      defer { free(path) }
      let spec = KernelSpec(
        name: place.name, displayName: displayName, executable: String(cString: path))
      let folder = try place.folder(of: spec)
      do throws(KernelError) {
        try spec.install(in: folder)
      } catch {
        refuse(error)
      }
      Terminal.write("installed the kernel \(place.name) in \(folder)\n")
    }
  }

  struct Uninstall: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Make Jupyter forget the kernel.")

    @OptionGroup var place: PlaceArguments

    func run() throws {
      let folder = try place.folder(of: KernelSpec(name: place.name, executable: ""))
      var isRemoved = false
      do throws(KernelError) {
        isRemoved = try KernelSpec.uninstall(from: folder)
      } catch {
        refuse(error)
      }
      guard isRemoved else {
        Terminal.write("mdm: there is no kernel in \(folder)\n", to: 2)
        Exit.now(Exit.runtimeError)
      }
      Terminal.write("removed \(folder)\n")
    }
  }

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Serve one connection; Jupyter calls this.",
      discussion: """
        A connection file that does not exist yet is written, with free ports, and removed at the end:
        jupyter console --existing FILE connects to it.
        """)

    @Option(help: "The file with addresses and keys.") var connectionFile: String
    @Option(help: "What a cell may send, such as 10MB.") var outputLimit = "10MB"
    @Option(help: "What values may take, such as 2GB.") var memoryLimit: String?

    func run() throws {
      // A client that went away is noticed by the write that fails.
      signal(SIGPIPE, SIG_IGN)
      var options = Kernel.Options(
        version: MDM.version, history: InputHistory(path: UserFiles.history, source: "kernel"),
        log: { Terminal.write($0, to: 2) })
      options.outputLimit = try FrontEnd.bytes(outputLimit, option: "--output-limit")
      options.memoryLimit =
        try memoryLimit.map { try FrontEnd.bytes($0, option: "--memory-limit") }
        ?? FrontEnd.mostOfTheMemory
      options.runs = RunStore.standard
      options.usesColor = Terminal.allowsColor
      options.parent = variable("JPY_PARENT_PID").flatMap { Int32($0) }
      do throws(KernelError) {
        let (connection, isOurs) = try ConnectionFiles.open(connectionFile)
        defer { if isOurs { unlink(connectionFile) } }
        let kernel = try Kernel(connection, options)
        if isOurs { try ConnectionFiles.write(kernel.connection, to: connectionFile) }
        KernelSignals.route(to: kernel.signals)
        try kernel.run()
      } catch {
        refuse(error)
      }
      Exit.now(Exit.success)
    }
  }

  private static func refuse(_ error: KernelError) -> Never {
    Terminal.write("mdm: \(error)\n", to: 2)
    Exit.now(Exit.usage)
  }
}

extension ParsableCommand {
  fileprivate func refuse(_ error: KernelError) -> Never {
    Terminal.write("mdm: \(error)\n", to: 2)
    Exit.now(Exit.usage)
  }
}

/// A variable of the environment that is set and not empty.
private func variable(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}
