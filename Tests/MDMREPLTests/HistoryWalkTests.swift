import MDMREPL
import Testing

@Suite struct HistoryWalkTests {
  @Test func aWalkShowsWhatStartsLikeTheDraft() {
    var walk = HistoryWalk(entries: ["train(1)", "load()", "train(2)"], prefix: "tr", draft: "tr")
    #expect(walk.goBack() && walk.current == "train(2)")
    #expect(walk.goBack() && walk.current == "train(1)")
    let isPastOldest = walk.goBack()
    #expect(!isPastOldest)
    #expect(walk.current == "train(1)")
    #expect(walk.goForward() && walk.current == "train(2)")
    #expect(walk.goForward() && walk.current == "tr")
    let isPastDraft = walk.goForward()
    #expect(!isPastDraft)
  }

  @Test func anInputThatWasUsedOftenIsShownOnce() {
    var walk = HistoryWalk(entries: ["a", "b", "a", "b", "a"], prefix: "", draft: "")
    #expect(walk.goBack() && walk.current == "a")
    #expect(walk.goBack() && walk.current == "b")
    let isPastOldest = walk.goBack()
    #expect(!isPastOldest)
  }

  @Test func theDraftItselfIsNoFind() {
    var walk = HistoryWalk(entries: ["x = 1", "x"], prefix: "x", draft: "x")
    #expect(walk.goBack() && walk.current == "x = 1")
  }
}
