import MDMBuiltins
import MDMRuntime
import MDMSyntax

/// `:profile EXPR`.
enum ProfileCommand {
  static let command = CellCommand(
    name: ":profile", usage: ":profile EXPR",
    summary: "Runs it and says which lines and built-in functions the time went to."
  ) { argument, evaluator, result in
    guard !argument.isEmpty else {
      return result.refuse(":profile takes what to run", hint: "write :profile f(1000)")
    }
    let start = Stopwatch.now
    evaluator.session.machine.startProfile()
    let run = evaluator.run(argument)
    let profile = evaluator.session.machine.endProfile()
    let taken = Stopwatch.now - start
    result = run
    guard run.status != .rejected else { return }
    result.page = page(profile, taken)
  }

  private static let mostLines = 15

  private static func page(_ profile: Profile, _ taken: Stopwatch) -> Presentation {
    let samples = profile.sampleCount == 1 ? "1 sample" : "\(profile.sampleCount) samples"
    var lines = [
      "\(DurationText.text(taken.wall)), of the processor \(DurationText.text(taken.processor)); "
        + samples
    ]
    guard profile.sampleCount > 0 else {
      lines.append("it is over before the first sample, which is after 1 ms; :bench measures it")
      return Presentation(text: lines.joined(separator: "\n"))
    }
    let total = profile.seconds
    func share(_ seconds: Double) -> String {
      let text = DurationText.decimal(100 * seconds / total, 0) + "%"
      return String(repeating: " ", count: 6 - text.count) + text
    }
    let own = profile.lines.sorted { ($0.own, $1.place) > ($1.own, $0.place) }
    let width = own.prefix(mostLines).map(\.place.count).max() ?? 0
    lines.append("  self   with calls")
    for line in own.prefix(mostLines) {
      let pad = String(repeating: " ", count: width - line.place.count)
      lines.append(
        share(line.own) + "  " + share(line.total) + "  \(line.place)\(pad)  \(line.text)")
    }
    if own.count > mostLines { lines.append("        … and \(own.count - mostLines) lines more") }
    let natives = profile.natives.sorted { $0.seconds > $1.seconds }
    if !natives.isEmpty {
      lines.append("built-in functions")
      for native in natives.prefix(mostLines) {
        lines.append(share(native.seconds) + "  \(native.name)")
      }
    }
    return Presentation(text: lines.joined(separator: "\n"))
  }
}
