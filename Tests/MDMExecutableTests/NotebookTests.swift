import Foundation
import MDMBuiltins
import Testing

@Suite struct NotebookTests {
  private func notebook(_ name: String) -> String {
    Executable.root.appending(path: "notebooks/\(name).mdm").path
  }

  /// Two runs print the same, whatever the number of threads, and leave legible pictures.
  @Test func theQuickstartRunsAndRepeats() throws {
    let folder = try Executable.temporaryFolder()
    let arguments = [
      "run", notebook("quickstart"), "--quick", "true", "--steps", "4", "--limit", "10", "--folder",
      "f",
    ]
    let first = try Executable.run(arguments, in: folder)
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.output.contains("Recommended less uniform:"))
    setenv("MDM_THREADS", "1", 1)
    let second = try Executable.run(arguments, in: folder)
    unsetenv("MDM_THREADS")
    #expect(first.output == second.output)
    for picture in ["curves.png", "curves.svg", "ternary.png", "predicted.png", "coco.png"] {
      let bytes = try Data(contentsOf: folder.appending(path: "f/\(picture)"))
      #expect(bytes.count > 2000, "\(picture)")
    }
  }

  /// RegMix's 512 runs: linear + square roots ranks unseen mixtures better than the quadratic.
  @Test func publishedRunsAreFitted() throws {
    let data = Executable.root.deletingLastPathComponent().appending(path: "shared/data/regmix")
    let result = try Executable.run(["run", notebook("published-runs"), "--folder", data.path])
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      result.output.contains("42 recipes, largest deviation of In-Score and Out-Score 0.0000"))
    func mean(_ family: String) -> Double {
      let line = result.output.split(separator: "\n").first { $0.hasPrefix(family + " ") } ?? ""
      return line.components(separatedBy: "mean ").dropFirst().first.flatMap {
        Double($0.prefix(5))
      } ?? .nan
    }
    #expect(mean("linear+sqrt") >= 0.97)
    #expect(abs(mean("quadratic") - 0.87) < 0.01)
  }

  /// The lessons run by themselves, as CI and readers run them, and show what they are about.
  @Test(arguments: [
    ("first-experiment", ["steps=2", "limit=4"], "reward while training"),
    ("your-own-data", [], "probe"),
    ("reading-the-ledger", [], "drawn"),
    ("designing-pilots", ["train_steps=1", "seeds=1"], "R² of left-out mixtures"),
    ("proving-a-gain", [], "adjusted for 5 comparisons by Dunnett"),
    ("published-runs", [], "42 recipes, largest deviation of In-Score and Out-Score 0.0000"),
    ("resuming-and-comparing", ["steps=4", "seeds=2", "limit=4"], "2 matched seeds"),
  ])
  func theLessonsRun(_ name: String, _ parameters: [String], _ shown: String) throws {
    let folder = try Executable.temporaryFolder()
    defer { try? FileManager.default.removeItem(at: folder) }
    let result = try Executable.run(
      ["nb", "run", notebook(name), "-o", "out.ipynb"] + parameters.flatMap { ["-p", $0] },
      in: folder)
    #expect(result.status == 0, "\(result.errors)")
    let page = try String(contentsOf: folder.appending(path: "out.ipynb"), encoding: .utf8)
    #expect(page.contains(shown))
  }

  @Test func everyFileOfTheStandardLibraryIsEmbedded() throws {
    let folder = Executable.root.appending(path: "stdlib").path
    let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
    let files = names.filter { name in
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
      return !isFolder.boolValue && name != "index.c" && !name.hasPrefix("include/")
    }
    #expect(files.sorted() == EmbeddedFiles.paths.sorted())
  }

  /// The recipe that made the base checkpoint still runs.
  @Test func theRecipeOfTheBaseRuns() throws {
    let folder = try Executable.temporaryFolder()
    let recipe = Executable.root.appending(path: "stdlib/recipes/mini.mdm").path
    let result = try Executable.run(
      ["run", recipe, "--steps", "3", "--folder", "ck", "--limit", "10"], in: folder)
    #expect(result.status == 0, "\(result.errors)")
    #expect(
      try Executable.run(["-p", "policy(\"ck\").parameters"], in: folder).output == "1025408\n")
  }
}
