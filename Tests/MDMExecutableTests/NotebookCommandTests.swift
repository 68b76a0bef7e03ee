import Foundation
import Testing

/// `mdm nb` as a shell sees it.
@Suite struct NotebookCommandTests {
  private let folder: URL

  init() throws { folder = try Executable.temporaryFolder() }

  private func write(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: folder.appending(path: name))
  }

  private func read(_ name: String) throws -> String {
    try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  private func nb(_ arguments: String...) throws -> Executable.Result {
    try Executable.run(["nb"] + arguments, in: folder)
  }

  @Test func aNewNotebookRuns() throws {
    #expect(try nb("new", "a.mdm").status == 0)
    let result = try nb("run", "a.mdm", "-o", "a.ipynb", "-p", "steps=2")
    #expect(result.status == 0, "\(result.errors)")
    #expect(try read("a.ipynb").contains("application/vnd.mdm.plot+json"))
    #expect(try nb("new", "a.mdm").errors.contains("is there already"))
  }

  @Test func conversionGoesBothWays() throws {
    let script =
      "#!/usr/bin/env mdm\n\n# %% [markdown]\n# Text\n\n# %% Run tags=[\"slow\"]\n1 + 1\n"
    try write(script, "a.mdm")
    #expect(try nb("convert", "a.mdm").status == 0)
    #expect(try nb("convert", "a.ipynb", "b.mdm").status == 0)
    #expect(try read("b.mdm") == script)
  }

  @Test func convertingAgainKeepsOutputs() throws {
    try write("# %%\n1 + 1\n", "a.mdm")
    _ = try nb("run", "a.mdm", "-o", "a.ipynb")
    try write("# %% [markdown]\n# New\n\n# %%\n1 + 1\n", "a.mdm")
    #expect(try nb("convert", "a.mdm").status == 0)
    #expect(try read("a.ipynb").contains("execute_result"))
    #expect(try nb("convert", "a.ipynb", "a.ipynb", "--without-outputs").status == 0)
    #expect(try !read("a.ipynb").contains("execute_result"))
  }

  /// What cannot be read as a notebook is not replaced by one unless that is asked for.
  @Test func aBrokenTargetIsNotReplaced() throws {
    try write("# %%\n1 + 1\n", "a.mdm")
    try write("{", "a.ipynb")
    let result = try nb("convert", "a.mdm")
    #expect(result.status == 2 && result.errors.contains("--without-outputs"))
    #expect(try read("a.ipynb") == "{")
    #expect(try nb("convert", "a.mdm", "--without-outputs").status == 0)
  }

  @Test func withoutAFileOutputsArePrinted() throws {
    try write("# %%\nprint(\"a\")\neprint(\"b\")\n\n# %%\n40 + 2\n", "a.mdm")
    let result = try nb("run", "a.mdm")
    #expect(result.output == "a\n42\n" && result.errors == "b\n" && result.status == 0)
  }

  @Test func memoryHasALimit() throws {
    try write("# %%\nlet x = []\nwhile true { x.push(\"a\" * 1_000_000) }\n", "a.mdm")
    let result = try nb("run", "a.mdm", "-o", "a.ipynb", "--memory-limit", "100MB")
    #expect(result.status == 1 && result.errors.contains("E0412"))
    #expect(try read("a.ipynb").contains("E0412"))
  }

  @Test func theStatusTellsHowItEnded() throws {
    for (code, status) in [("1", 0), ("error(\"x\")", 1), ("prnt(1)", 2), ("assert 1 > 2", 3)] {
      try write("# %%\n\(code)\n", "a.mdm")
      let result = try nb("run", "a.mdm", "-o", "a.ipynb")
      #expect(Int(result.status) == status, "\(code)")
      #expect(status == 0 || result.errors.contains("cell[1]:1:"))
    }
    try write("# %%\nwhile true { }\n", "a.mdm")
    #expect(try nb("run", "a.mdm", "-o", "a.ipynb", "--cell-time-limit", "100ms").status == 4)
    #expect(try nb("run", "a.mdm", "-o", "a.ipynb", "--time-limit", "100ms").status == 4)
  }

  /// A typo in the last cell is told before the first one runs, and nothing is written.
  @Test func allCellsAreCheckedBeforeAnythingRuns() throws {
    try write(
      "# %%\nlet x = 1\nprint(\"ran\")\n\n# %% [markdown]\n# text\n\n# %% Last\n\nprnt(x)\n",
      "a.mdm")
    let result = try nb("run", "a.mdm", "-o", "a.ipynb")
    #expect(result.status == 2 && !result.output.contains("ran"))
    #expect(result.errors.contains("cell[2]:2:1"))
    #expect(result.errors.contains("in cell 3 of a.mdm, Last: line 10 of the file"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "a.ipynb").path))
    #expect(try nb("run", "a.mdm", "-o", "a.ipynb", "--keep-going").status == 2)
    #expect(try read("a.ipynb").contains("ran"))
    try write("# %%\n1\n", "b.mdm")
    let test = try nb("test", "a.ipynb", "b.mdm")
    #expect(test.status == 2 && test.output.contains("1 passed, 0 failed, 1 file with errors"))
    let check = try Executable.run(["check", "a.ipynb", "b.mdm"], in: folder)
    #expect(check.status == 2 && check.output.contains("2 files checked: 1 error"))
    #expect(check.errors.contains("in cell 3 of a.ipynb, Last"), "\(check.errors)")
  }

  @Test func manyErrorsAreCounted() throws {
    try write(String(repeating: "# %%\nnope\n\n", count: 30), "a.mdm")
    let errors = try nb("run", "a.mdm").errors
    #expect(errors.components(separatedBy: "E0301").count == 11)
    #expect(errors.contains("… and 20 errors more"))
  }

  /// `mdm fmt a.ipynb` would otherwise lay out its JSON as a script.
  @Test(arguments: ["run", "fmt", "test"]) func verbsOfScriptsRefuseNotebooks(
    _ verb: String
  ) throws {
    try write("# %%\n1\n", "a.mdm")
    _ = try nb("convert", "a.mdm")
    let before = try read("a.ipynb")
    let result = try Executable.run([verb, "a.ipynb"], in: folder)
    #expect(result.status == 2 && result.errors.contains("a.ipynb is a notebook, not a script"))
    #expect(try read("a.ipynb") == before)
  }

  @Test func modulesStandBesideTheNotebook() throws {
    let below = folder.appending(path: "below")
    try FileManager.default.createDirectory(at: below, withIntermediateDirectories: true)
    try write("use \"./other.mdm\" as other\npub fn h() { other.g() + 1 }\n", "below/help.mdm")
    try write("pub fn g() { 41 }\n", "below/other.mdm")
    try write("# %%\nuse \"./help.mdm\" as help\n\n# %%\nhelp.h()\n", "below/a.mdm")
    let result = try nb("run", "below/a.mdm")
    #expect(result.output == "42\n", "\(result.errors)")
    #expect(try nb("test", "below/a.mdm").status == 0)
  }

  @Test func parametersAreCheckedBeforeAnythingRuns() throws {
    try write("# %%\nparam steps: Int = 3\nprint(\"ran\")\n", "a.mdm")
    let unknown = try nb("run", "a.mdm", "-o", "a.ipynb", "-p", "step=4")
    #expect(unknown.status == 2 && unknown.errors.contains("did you mean steps?"))
    #expect(try nb("run", "a.mdm", "-p", "=4").errors.contains("written name=value"))
    let wrong = try nb("run", "a.mdm", "-o", "a.ipynb", "-p", "steps=many")
    #expect(wrong.status == 2 && wrong.errors.contains("`steps` takes Int"))
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "a.ipynb").path))
    #expect(try nb("run", "a.mdm", "-o", "a.ipynb", "-p", "steps=4").status == 0)
  }

  @Test func aPageOfHTMLIsMade() throws {
    try write("# %% [markdown]\n# # Title\n\n# %%\nplot([1, 4, 9])\n", "a.mdm")
    #expect(try nb("run", "a.mdm", "-o", "a.html").status == 0)
    let page = try read("a.html")
    #expect(page.contains("<title>Title</title>") && page.contains("data:image/svg+xml;base64,"))
  }

  @Test func storedOutputsAreATest() throws {
    try write("# %%\nprint(f\"score {0.5:.3f}\")\nplot([1, 4, 9])\n\n# %%\n1 + 1\n", "a.mdm")
    #expect(try nb("test", "a.mdm").output.contains("2 passed, 0 failed"))
    _ = try nb("run", "a.mdm", "-o", "a.ipynb")
    #expect(try nb("test", "a.ipynb", "--junit", "a.xml").status == 0)
    #expect(try read("a.xml").contains("cell 2"))
    let changed = try read("a.ipynb").replacingOccurrences(of: "score 0.500", with: "score 0.625")
    try write(changed, "b.ipynb")
    let failed = try nb("test", "b.ipynb")
    #expect(failed.status == 3 && failed.output.contains("1 passed, 1 failed"))
    #expect(failed.output.contains("was: score 0.625") && failed.output.contains("E0816"))
    #expect(try nb("diff", "a.ipynb", "b.ipynb").output.contains("is:  score 0.625"))
    #expect(try nb("test", "b.ipynb", "--tolerance", "0.2").status == 0)
    #expect(try nb("test", "b.ipynb", "--tolerance", "nan").errors.contains("a number from 0"))
    #expect(try nb("test", "b.ipynb", "--update").status == 0)
    #expect(try nb("diff", "a.ipynb", "b.ipynb").status == 0)
  }

  @Test func differencesHaveTheirStatus() throws {
    try write("# %%\n1\n", "a.mdm")
    try write("# %%\n2\n", "b.mdm")
    let result = try nb("diff", "a.mdm", "b.mdm")
    #expect(result.status == 1 && result.output == "cell 1\n- 1\n+ 2\n")
    #expect(try nb("diff", "a.mdm", "a.mdm").status == 0)
  }

  @Test(
    arguments: [
      ("", "the file is empty"), (#"{"cells": ["#, "was it cut short?"),
      (#"{"nbformat": 3}"#, "nbformat 3"),
      (
        #"{"nbformat": 4, "cells": [], "metadata": {"kernelspec": {"language": "python"}}}"#,
        "written in \"python\""
      ),
    ]) func whatIsNoNotebookIsRefused(_ text: String, _ words: String) throws
  {
    try write(text, "a.ipynb")
    let result = try nb("run", "a.ipynb", "-o", "b.ipynb")
    #expect(result.status == 2 && result.errors.contains("E0815") && result.errors.contains(words))
    #expect(!FileManager.default.fileExists(atPath: folder.appending(path: "b.ipynb").path))
  }

  @Test func cellsOfOtherLanguagesSayWhatTheyAre() throws {
    try write("# %%\n%%python\nprint(1)\n", "a.mdm")
    let result = try nb("run", "a.mdm", "-o", "a.ipynb")
    #expect(result.status == 2 && result.errors.contains("cell[1]:1:1"), "\(result.errors)")
  }

  /// A signal in a cell: what is done is in the file, and the process ends by the signal.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func anInterruptKeepsWhatIsDone(
    _ signal: Int32
  ) throws {
    try write("# %%\n40 + 2\n\n# %%\neprint(\"go\")\nwhile true { }\n", "a.mdm")
    let result = try interrupted("a.mdm", by: signal)
    #expect(result == signal)
    let text = try read("a.ipynb")
    #expect(text.contains("\"42\"") && text.contains("E0460"))
  }

  @Test func aKillLosesOneCellAtMost() throws {
    try write("# %%\n40 + 2\n\n# %%\nwhile true { }\n", "a.mdm")
    #expect(try interrupted("a.mdm", by: SIGKILL) == SIGKILL)
    #expect(try read("a.ipynb").contains("\"42\""))
  }

  /// Whatever the moment: the file is a whole notebook, and lacks one cell that has ended at most.
  @Test func killsAtAnyMomentLeaveAWholeNotebook() throws {
    let count = 40
    try write(
      (0..<count).map {
        "# %%\nlet x\($0) = sum(0..20_000)\nprint(\"\(String(repeating: "y", count: 5000))\")\n"
          + "write_text(\"done\($0)\", \"\")\n\n"
      }.joined(), "a.mdm")
    var seen: Set<Int> = []
    for round in 0..<12 {
      for index in 0..<count {
        try? FileManager.default.removeItem(at: folder.appending(path: "done\(index)"))
      }
      try write("none yet", "a.ipynb")
      let process = Process()
      process.executableURL = Executable.root.appending(path: ".build/release/mdm")
      process.arguments = ["nb", "run", "a.mdm", "-o", "a.ipynb"]
      process.currentDirectoryURL = folder
      try process.run()
      func ended() -> Int {
        (0..<count).count {
          FileManager.default.fileExists(atPath: folder.appending(path: "done\($0)").path)
        }
      }
      // Somewhere within one cell of the whole run, another one each time.
      let deadline = Date(timeIntervalSinceNow: 60)
      while process.isRunning, Date() < deadline, ended() < round * 3 { usleep(300) }
      usleep(UInt32.random(in: 0..<3000))
      kill(process.processIdentifier, SIGKILL)
      process.waitUntilExit()
      let text = try read("a.ipynb")
      guard text != "none yet" else { continue }
      let root = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
      let cells = try #require(root?["cells"] as? [[String: Any]])
      let kept = cells.prefix { ($0["execution_count"] as? Int) != nil }.count
      #expect(cells.count == count && kept + 1 >= ended(), "\(kept) of \(ended())")
      seen.insert(kept)
    }
    #expect(seen.count > 3)
  }

  /// Runs a notebook, sends a signal when its first cell is in the file, and gives the signal that
  /// ended it.
  private func interrupted(_ name: String, by signal: Int32) throws -> Int32 {
    let process = Process()
    process.executableURL = Executable.root.appending(path: ".build/release/mdm")
    process.arguments = ["nb", "run", name, "-o", "a.ipynb"]
    process.currentDirectoryURL = folder
    process.standardError = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 60)
    while process.isRunning, Date() < deadline, (try? read("a.ipynb").contains("\"42\"")) != true {
      usleep(5000)
    }
    // The second cell has to begin.
    usleep(100_000)
    kill(process.processIdentifier, signal)
    while process.isRunning, Date() < deadline { usleep(5000) }
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? process.terminationStatus : 0
  }

  /// A file size limit fails writes as a full disk does: the old file stays.
  @Test func aFullDiskLeavesTheOldFile() throws {
    try write("# %%\nprint(\"a\" * 200_000)\n", "a.mdm")
    try write("old", "a.ipynb")
    let shell = Process()
    shell.executableURL = URL(filePath: "/bin/bash")
    let mdm = Executable.root.appending(path: ".build/release/mdm").path
    shell.arguments = ["-c", "trap '' XFSZ; ulimit -f 64; '\(mdm)' nb run a.mdm -o a.ipynb"]
    shell.currentDirectoryURL = folder
    let pipe = Pipe()
    shell.standardError = pipe
    try shell.run()
    let errors = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    shell.waitUntilExit()
    #expect(shell.terminationStatus != 0 && errors.contains("cannot write a.ipynb"), "\(errors)")
    // What was written before the cell ran: a whole notebook without its output.
    #expect(try read("a.ipynb").contains("\"outputs\": []"))
  }
}
