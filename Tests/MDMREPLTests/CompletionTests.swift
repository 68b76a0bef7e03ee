import MDMREPL
import Testing

@Suite struct CompletionTests {
  private func completions(_ names: String..., start: Int = 0, end: Int) -> Completions {
    Completions(start: start, end: end, candidates: names.map { Completions.Candidate($0) })
  }

  @Test func whatAllCandidatesShareIsInserted() {
    #expect(completions("train", "transpose", end: 2).step(in: "tr") == .insert("tra"))
    #expect(completions("train", "transpose", end: 3).step(in: "tra") == .list)
  }

  @Test func theOnlyCandidateIsInserted() {
    #expect(completions("warmup", start: 4, end: 5).step(in: "x = w") == .insert("warmup"))
    #expect(completions("warmup", end: 6).step(in: "warmup") == .nothing)
    #expect(completions(end: 3).step(in: "zzz") == .nothing)
  }

  @Test func whatWasTypedIsNeverTakenAway() {
    #expect(completions("Table", "tail", end: 2).step(in: "ta") == .list)
    #expect(completions("Run", "Runs", end: 3).step(in: "run") == .insert("Run"))
  }

  @Test func manyNamesStandInColumnsReadDownwards() {
    let names = ["aa", "b", "ccc", "d"].map { Completions.Candidate($0) }
    #expect(CompletionMenu(columns: 20).text(names) == "aa   b    ccc  d\n")
    let more = (10..<34).map { Completions.Candidate("n\($0)", type: "Int", help: "help") }
    let text = CompletionMenu(columns: 20, rows: 8).text(more)
    #expect(text.hasPrefix("n10  n14  n18  n22\n"))
    #expect(text.hasSuffix("… and 8 more\n"))
  }

  @Test func fewCandidatesAreExplained() {
    let candidates = [
      Completions.Candidate("steps: ", type: "Int", help: "Optimiser steps."),
      Completions.Candidate(
        "seed: ", type: "Int | None", help: "Names the streams that are drawn."),
    ]
    #expect(
      CompletionMenu(columns: 40).text(candidates) == """
          steps:   Int         Optimiser steps.
          seed:    Int | None  Names the strea…

        """)
  }

  @Test func aCallsOwnArgumentsAreNotLostAmongTheRest() {
    let own = Completions.Candidate("steps: ", type: "Int", help: "Steps.", isFirst: true)
    let others = (0..<40).map { Completions.Candidate("f\($0)", type: "fn", help: "help") }
    #expect(
      CompletionMenu(columns: 60).text([own] + others)
        == "  steps:   Int  Steps.\n… and 40 more\n")
  }

  @Test func helpIsDimmedOnlyWhereColoursAreWanted() {
    let candidates = [Completions.Candidate("x", type: "Int")]
    #expect(CompletionMenu(columns: 40).text(candidates) == "  x  Int\n")
    let menu = CompletionMenu(columns: 40, isColored: true)
    #expect(menu.text(candidates) == "  x  \u{1b}[2mInt\u{1b}[22m\n")
  }
}
