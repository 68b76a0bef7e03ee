import MDMPlots
import Testing

@Suite struct SparklineTests {
  @Test func valuesSpanTheBars() {
    #expect(Sparkline.text([0, 1, 2, 3, 4, 5, 6, 7]) == "▁▂▃▄▅▆▇█")
  }

  @Test func whatIsNotFiniteIsBlank() {
    #expect(Sparkline.text([0, .nan, 1]) == "▁ █")
    #expect(Sparkline.text([.nan]) == " ")
    #expect(Sparkline.text([]) == "")
  }

  @Test func equalValuesDrawALevelLine() {
    #expect(Sparkline.text([2, 2, 2]) == "▄▄▄")
  }

  @Test func manyValuesAreAveragedIntoTheWidth() {
    let text = Sparkline.text((0..<100).map(Double.init), width: 4)
    #expect(text.count == 4)
    #expect(text.first == "▁" && text.last == "█")
  }
}
