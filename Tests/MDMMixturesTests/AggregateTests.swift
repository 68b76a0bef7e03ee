import MDMMixtures
import MDMNumerics
import Testing

@Suite struct AggregateTests {
  @Test func theInAndOutScoresOfThePapersTableAreReproduced() throws {
    let table = try ProjectFile.table("stdlib/data/table2.csv")
    #expect(table.rows.count == 42)
    for (aggregate, column) in [(Aggregate.inScore, "In_Score"), (.outScore, "Out_Score")] {
      let expected = try table.numbers(column)
      let columns = try aggregate.parts.map { ($0.benchmark, try table.numbers($0.benchmark)) }
      for row in table.rows.indices {
        let scores = Dictionary(uniqueKeysWithValues: columns.map { ($0.0, $0.1[row]) })
        let found = (try aggregate.score(scores) * 10_000).rounded()
        #expect(found == (expected[row] * 10_000).rounded(), "row \(row + 1)")
      }
    }
  }

  @Test func aMissingBenchmarkIsNamed() {
    let error = #expect(throws: MixtureError.self) {
      try Aggregate.outScore.score(["ChartQA": 0.5])
    }
    #expect(error?.message == "out_score needs a score for 'InfoVQA'")
  }

  @Test func anAggregateOfOwnBenchmarksIsWeighted() throws {
    let mean = try Aggregate(name: "mine", weights: [("a", 1), ("b", 3)])
    #expect(try mean.score(["a": 0, "b": 1, "c": 9]) == 0.75)
  }
}
