import MDMRuntime
import Testing

@Suite struct CallTests {
  @Test func defaultsAreEvaluatedPerCallAndSeeEarlierParameters() {
    #expect(
      value("fn f(a, b = [a]) {\n  b.push(0)\n  b\n}\n[f(1), f(2), f(3, b: [9])]")
        == "[[1, 0], [2, 0], [9, 0]]")
  }

  @Test func namesAndSpreadsMatch() {
    #expect(
      value(
        "fn f(a, b, c = 3, ..rest) [a, b, c, rest]\n[f(b: 1, a: 2), f(1, 2, 3, 4, 5), f(..[1, 2]), f(..{b: 7, a: 8})]"
      )
        == "[[2, 1, 3, []], [1, 2, 3, [4, 5]], [1, 2, 3, []], [8, 7, 3, []]]")
  }

  @Test(arguments: [
    ("let f = fn(a) a\nf(1, 2)", "E0407"), ("let f = fn(a) a\nf()", "E0407"),
    ("let f = fn(a) a\nf(b: 1)", "E0408"), ("let f = fn(a) a\nf(1, a: 2)", "E0408"),
    ("let f = fn(a: Int) a\nf(1.5)", "E0406"), ("let f = fn(a) -> Int { a }\nf(\"x\")", "E0406"),
  ])
  func mismatchesHaveCodes(script: String, expected: String) { #expect(code(script) == expected) }

  @Test func aWrongArgumentIsUnderlined() throws {
    let text = "fn train(x, steps: Int = 1) x\ntrain(1, steps: \"5\")"
    let error = try #require(run(text).error)
    let place = try #require(error.diagnostic.place)
    #expect(error.diagnostic.message == "`steps` takes Int, got String \"5\"")
    #expect(place.source.text(Int(place.span.start)..<Int(place.span.end)) == "\"5\"")
  }

  @Test func floatParametersTakeInts() { #expect(value("fn f(x: Float) x\nf(2)") == "2.0") }

  @Test func deepRecursionIsAnError() {
    #expect(value("fn f(n) 1 + f(n + 1)\ntry { f(0) } catch e { e.code }") == "E0411")
  }

  @Test func recursionThroughNativesIsAnError() {
    #expect(value("fn f(n) map([n], f)\ntry { f(0) } catch e { e.code }") == "E0411")
  }

  @Test func traceShowsAtMostEightUserFrames() throws {
    let error = try #require(
      run("fn f(n) if n == 0 { error(\"x\") } else { f(n - 1) }\nf(20)").error)
    #expect(error.diagnostic.trace.count == 8)
    #expect(error.diagnostic.trace.last?.function == "f")
  }

  @Test func fieldFunctionsComeBeforeMethods() {
    #expect(
      value("let r = {keys: fn() 5}\n[r.keys(), {a: 1}.keys(), [{x: 2}].map(.x)]")
        == "[5, [\"a\"], [2]]")
  }

  @Test func inlineCachesSeeOtherShapes() {
    #expect(
      value(
        """
        fn x(r) r.x
        fn set(r) { r.x = r.x + 1 }
        let rs = [{x: 1}, {y: 0, x: 2}, {x: 3, z: 0}, {a: 1, b: 2, x: 4}, freeze({x: 9})]
        for r in rs { try { set(r) } catch e { } }
        for r in rs { r.get("w") }
        rs.map(x)
        """) == "[2, 3, 4, 5, 9]")
  }

  @Test func addedFieldsKeepShapesApart() {
    #expect(
      value(
        """
        fn add(r, v) { r.extra = v }
        let a = {p: 1}
        let b = {p: 2}
        add(a, 10)
        add(b, 20)
        add(a, 30)
        [a, b]
        """) == "[{p: 1, extra: 30}, {p: 2, extra: 20}]")
  }

  @Test func callsFromSwiftTakeNames() throws {
    let machine = Machine()
    let function = try machine.run(parse("fn(a, b = 2) a - b"))
    let result = try machine.call(function, [.int(5)], named: [("b", .int(1))])
    #expect(machine.display(result) == "4")
  }
}
