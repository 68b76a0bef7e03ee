import MDMDeclarations
import MDMRuntime
import MDMStore
import MDMTables

/// Completions of runs, to look at.
enum CompletionBuiltins: BuiltinFamily {
  static let name = "jobs"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] { [completions(context)] }

  private static func completions(_ context: BuiltinContext) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        "completions",
        [
          ParameterDeclaration(
            "run", .either([.domain("Run"), .domain("Job"), .string]),
            "A run, what `attach` gives, or an id.")
        ], returns: TableBuiltins.type, family: name,
        "Gives the completions of a run that were kept: step, domain, prompt, image, completion, reward "
          + "and advantage.",
        examples: [
          Example(
            "try { completions(\"no such run\") } catch e { e.code }", prints: "E0707")
        ],
        details: """
          Every step keeps the first of each prompt, `keep` of them in all (`train(…, keep: 8)`); once a run
          has 32 MiB of them it keeps every second step, then every fourth, so that they cover all of it.
          `completions(r) |> where(fn(c) c.domain == "coco" and c.reward == 0)` filters them, and
          `display(c.image[0])` shows an image.
          """)
    ) { call in
      let id: String
      switch try call.datum(0) {
      case .domain(let run as RunValue):
        guard let own = run.id else {
          throw call.fail("E0707", "the run was not kept, so there are no completions", argument: 0)
        }
        id = own
      case .domain(let job as JobValue): id = job.run.row.id
      case let other: id = other.text ?? ""
      }
      let found = try call.storing { () throws(StoreError) in try context.recorder?.find(id) ?? [] }
      guard let run = found.last, found.count == 1 else {
        throw call.fail(
          "E0707",
          found.isEmpty ? "no run has the id \(id)" : "\(found.count) runs begin with \(id)",
          hint: "`mdm runs` lists the runs that are kept", argument: 0)
      }
      let rows = try call.storing { () throws(StoreError) in try run.completions() }
      return call.table([
        ("step", rows.map { .int(Int64($0.step)) }), ("domain", rows.map { .text($0.domain) }),
        ("example", rows.map { .text($0.example) }), ("prompt", rows.map { .text($0.prompt) }),
        ("image", rows.map { $0.png.isEmpty ? .missing : Cell(.domain(ImageValue($0.png))) }),
        ("completion", rows.map { .text($0.text) }),
        ("reward", rows.map { .float($0.reward) }),
        ("advantage", rows.map { .float($0.advantage) }),
        ("finished", rows.map { .bool($0.isFinished) }),
      ])
    }
  }
}
