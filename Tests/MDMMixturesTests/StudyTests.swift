import MDMMixtures
import MDMNumerics
import Testing

@Suite struct StudyTests {
  /// Runs of named mixtures with seeds from a number on.
  private func panel(
    _ scores: [(String, [Double])], target: String = "out_score", from seed: Int64 = 0
  ) throws -> SeedPanel {
    try SeedPanel(
      target: target, mixtures: scores.flatMap { name, list in list.map { _ in name } },
      seeds: scores.flatMap { $0.1.indices.map { seed + Int64($0) } }, scores: scores.flatMap(\.1))
  }

  private func study(
    _ pilots: SeedPanel, fresh: SeedPanel? = nil, recommended: String? = nil,
    registration: Registration? = nil, law: Study.LawFacts? = nil, fittedRuns: Int = 0,
    decomposition: FormatDecomposition? = nil
  ) throws -> [StudyWarning] {
    try Study(
      pilots: pilots, fresh: fresh, reference: "uniform", recommended: recommended,
      registration: registration, law: law, fittedRuns: fittedRuns, collapsed: [],
      decomposition: decomposition.map { .success($0) }
    ).warnings
  }

  private static let clear: [(String, [Double])] = [
    ("uniform", [0.40, 0.41, 0.42, 0.40]), ("sat", [0.50, 0.512, 0.521, 0.50]),
  ]

  @Test func aCleanStudyHasNoWarnings() throws {
    let registration = try Registration(target: "out_score", reference: "uniform", seeds: 4)
    #expect(
      try study(
        panel(Self.clear), fresh: panel(Self.clear, from: 100), recommended: "sat",
        registration: registration, law: .init(target: "in_score", rSquared: 0.5)) == [])
  }

  @Test func reportingOnTheObjectiveIsSaid() throws {
    let found = try study(
      panel(Self.clear), recommended: "sat", law: .init(target: "out_score", rSquared: -0.1),
      fittedRuns: 8)
    #expect(found.contains(.objectiveFitted(target: "out_score")))
    #expect(found.contains(.fittedRunsReported(count: 8, of: 8)))
    #expect(found.contains(.lawBeatsNothing(rSquared: -0.1)))
    #expect(found.contains(.notRegistered))
    #expect(
      StudyWarning.objectiveFitted(target: "out_score").message.hasPrefix(
        "you are reporting on the objective you fitted"))
  }

  @Test func promisesAreHeld() throws {
    let registration = try Registration(
      target: "in_score", reference: "uniform", seeds: 6, smallestEffect: 0.2)
    let found = try study(panel(Self.clear), recommended: "sat", registration: registration)
    #expect(found.contains(.targetChanged(registered: "in_score", reported: "out_score")))
    #expect(found.contains(.seedsMissing(registered: 6, found: 4)))
    #expect(found.contains { if case .belowSmallestEffect = $0 { true } else { false } })
  }

  /// The shape of the published headline: one heuristic run wins, the baseline was run once.
  @Test func aHeadlineOfOneRunIsSaid() throws {
    let pilots = try panel([
      ("uniform", [0.4609]), ("coli", [0.5146]), ("model", [0.5104]),
    ])
    let found = try study(pilots, recommended: "model")
    #expect(
      found.contains(
        .headlineFromHeuristic(best: "coli", score: 0.5146, recommended: "model")))
    #expect(found.contains(.singleBaseline(reference: "uniform")))
    let parts = found.filter { if case .notComputed = $0 { true } else { false } }
    #expect(parts.count == 3)
  }

  @Test func differencesBelowTheNoiseAreSaid() throws {
    let found = try study(
      panel([("uniform", [0.40, 0.45, 0.42, 0.44]), ("sat", [0.43, 0.41, 0.44, 0.45])]),
      recommended: "sat")
    #expect(found.contains { if case .belowNoise = $0 { true } else { false } })
    #expect(found.contains { if case .underpowered(_, 4) = $0 { true } else { false } })
  }

  @Test func gainsOfFormatAreSaid() throws {
    let parts = try FormatDecomposition(
      strict: ([0.50, 0.512, 0.521], [0.40, 0.41, 0.42]),
      lenient: ([0.55, 0.56, 0.57], [0.55, 0.555, 0.572]))
    let found = try study(panel(Self.clear), recommended: "sat", decomposition: parts)
    #expect(found.contains { if case .mostlyFormat("sat", _) = $0 { true } else { false } })
  }

  @Test func aSplitThatTheRunsDoNotAllowIsSaid() throws {
    let reason = EvidenceError.equalDifferences(what: "the part of format", value: 0, count: 4)
    let found = try Study(
      pilots: panel(Self.clear), fresh: nil, reference: "uniform", recommended: "sat",
      registration: nil, law: nil, fittedRuns: 0, collapsed: [], decomposition: .failure(reason)
    ).warnings
    #expect(
      found.last
        == .notComputed(
          part: "split of the gain into format and skill", reason: reason.message))
  }

  @Test func everyWarningIsASentence() throws {
    let all: [StudyWarning] = [
      .belowNoise(mixture: "a", difference: -0.012, noise: 0.5), .heavyTails(runs: []),
      .mostlyFormat(mixture: "a", share: 0.987), .formatCollapse(runs: ["a", "b", "c", "d", "e"]),
      .underpowered(detectable: 0.0311, seeds: 6), .lawBeatsNothing(rSquared: -12.5),
    ]
    #expect(all[0].message.contains("(-0.0120)") && all[2].message.hasPrefix("99% of the gain"))
    #expect(all[3].message == "a; b; c and 2 more lost the answer format")
    #expect(all[5].message.contains("(R² -12.5000)"))
    #expect(all.allSatisfy { !$0.message.isEmpty })
  }

  @Test func aStudyWithoutItsReferenceIsRefused() throws {
    let pilots = try panel([("sat", [0.1, 0.2]), ("coco", [0.1, 0.3])])
    #expect(
      throws: EvidenceError.unknownMixture("uniform", nearest: nil, known: ["sat", "coco"])
    ) { try study(pilots) }
  }
}
