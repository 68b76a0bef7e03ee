import MDMDeclarations
import MDMRuntime
import MDMSyntax
import Synchronization
import Testing

@Suite struct MachineTests {
  private static let program = """
    fn tree(d) if d == 0 { none } else { {l: tree(d - 1), r: tree(d - 1), t: f"{d}" + "x"} }
    fn count(t) if t == none { 0 } else { 1 + count(t.l) + count(t.r) }
    let fs = []
    for i in 0..20 { fs.push(fn(x) x + i) }
    let words = {}
    for w in "a b c a b a".split() { words[w] = words.get(w, 0) + 1 }
    let caught = try { map([1, 2, 0], fn(x) 10 // x) } catch e { e.message }
    let sorted = sort_by(["ccc", "a", "bb"], fn(s) f"{len(s)}")
    var grown = ""
    for i in 0..400 { grown += "ab" }
    [count(tree(6)), fs.map(fn(f) f(1)).len(), words, caught, sorted, len(grown), grown[-3..],
     reduce(list(0..50), fn(a, b) f"{a}{b}")]
    """

  @Test func collectingAtEverySafePointChangesNothing() {
    let calm = run(Self.program)
    let stressed = run(Self.program) { $0.collectsAlways = true }
    #expect(calm.error == nil)
    #expect(calm.value == stressed.value)
  }

  @Test func garbageIsFreed() throws {
    let machine = Machine()
    _ = try machine.run(parse("for i in 0..1000 { [i, {a: [i]}] }"))
    let first = machine.collect()
    _ = try machine.run(parse("for i in 0..100000 { [i, {a: [i]}] }"))
    #expect(machine.collect() < first + 10_000)
  }

  /// Texts of 2 GB in all under a limit of 20 MB; no other instruction of the loop allocates.
  @Test(arguments: ["s + \"ab\"", "\"ab\" + s", "\"x\" * (2 * i)"])
  func garbageOfOperatorsIsFreed(_ growth: String) {
    let outcome = run("var s = \"\"\nfor i in 0..50_000 { s = \(growth) }\nlen(s) > 90_000") {
      $0.memoryLimit = 20_000_000
    }
    #expect(outcome.value == "true")
  }

  /// An error that a `none` causes says where the `none` was made.
  @Test(arguments: [
    (
      "let r = {a: 1}.get(\"b\")\nr + 1", "the none is the value of `{a: 1}.get(\"b\")` at test:1:9"
    ),
    (
      "fn f() { if false { 1 } }\nlet x = f()\nx.name",
      "the none is the value of `if false { 1 }` at test:1:10"
    ),
    ("let y = [none]\ny[0]()", "the none is written at test:1:10"),
    ("fn f(n: Int) n\nlet z = none\nf(z)", "the none is written at test:2:9"),
    ("let z = none\nif z { 1 }", "the none is written at test:1:9"),
    ("let z = first([])\nlen(z)", "the none is the value of `first([])` at test:1:9"),
  ])
  func errorsTellWhereANoneComesFrom(_ code: String, _ note: String) {
    #expect(run(code).error?.diagnostic.notes == [note])
  }

  @Test func globalsPersistBetweenChunks() throws {
    let machine = Machine()
    _ = try machine.run(parse("var x = 1\nfn f() x"))
    _ = try machine.run(parse("x += 1"))
    #expect(machine.display(try machine.run(parse("f()"))) == "2")
    _ = try machine.run(parse("let x = \"new\""))
    #expect(machine.display(try machine.run(parse("f()"))) == "new")
  }

  @Test func aFailedChunkHidesNoNativeFunction() throws {
    let machine = Machine()
    #expect(throws: ScriptError.self) { try machine.run(parse("let len = 1 // 0")) }
    #expect(machine.display(try machine.run(parse("len([1])"))) == "1")
  }

  @Test func interruptsPassThroughTry() {
    let flag = InterruptFlag()
    let machine = Machine(interrupt: flag)
    machine.register(
      NativeFunction(
        FunctionSignature("stop", [], returns: .none, family: "test", "Sets the flag.")
      ) { _ in
        flag.requestInterrupt()
        return .none
      })
    do throws(ScriptError) {
      _ = try machine.run(parse("stop()\nwhile true { try { while true { } } catch e { } }"))
      Issue.record("the loop ended")
    } catch {
      #expect(error.kind == .interrupt)
    }
    #expect((try? machine.run(parse("1 + 1"))).map { machine.display($0) } == "2")
  }

  @Test func timeLimitsHaveTheirKind() {
    let flag = InterruptFlag()
    flag.requestTimeLimit()
    let machine = Machine(interrupt: flag)
    do throws(ScriptError) {
      _ = try machine.run(parse("while true { }"))
      Issue.record("the loop ended")
    } catch {
      #expect(error.kind == .timeLimit)
    }
  }

  @Test(arguments: [
    "while true { try { while true { } } catch e { } }", "defer { while true { } }\nwhile true { }",
    "fn f(n) { if n == 0 { 0 } else { f(n - 1) } }\nwhile true { f(9) }",
    "while true { sum(0..1000000) }", "let xs = list(0..1000)\nwhile true { map(xs, fn(x) x) }",
    "let text = \"ab\" * 100000\nwhile true { levenshtein(text, text + \"c\") }",
  ])
  func fuelEndsWhateverRuns(_ script: String) {
    let machine = Machine()
    machine.fuel = 100_000
    do throws(ScriptError) {
      _ = try machine.run(parse(script))
      Issue.record("it ended")
    } catch {
      #expect(error.kind == .fuel && error.diagnostic.code == "E0463")
    }
    #expect(machine.fuel == 0)
    machine.fuel = nil
    #expect(
      (try? machine.run(parse("sum(map([1, 2], fn(x) x))"))).map { machine.display($0) } == "3")
  }

  @Test func theSameRunBurnsTheSameFuel() throws {
    let script = "var n = 0\nfor x in 0..1000 { n = n + len(str(x)) }\nsort([3, 1, 2])"
    let burnt = try (0..<2).map { _ in
      let machine = Machine()
      machine.fuel = 100_000
      _ = try machine.run(parse(script))
      return machine.fuel
    }
    // A thousand turns with two calls in each, and the sort.
    #expect(burnt[0] == burnt[1] && burnt[0] ?? 0 <= 97_000 && burnt[0] ?? 0 > 96_900)
  }

  // By its condition, or by what a `for` goes through, even where no call stands in it.
  @Test(arguments: [
    ("let a = 1\nwhile true { }", 16), ("let a = 1\nwhile true { let b = a }", 16),
    ("let a = 1\nfor x in 0..9 { }", 19),
  ])
  func aLoopIsStoppedWhereItStands(_ script: String, _ start: Int32) {
    let flag = InterruptFlag()
    flag.requestInterrupt()
    do throws(ScriptError) {
      _ = try Machine(interrupt: flag).run(parse(script))
      Issue.record("the loop ended")
    } catch {
      #expect(error.diagnostic.place?.span.start == start)
    }
  }

  @Test func memoryLimitIsAnError() {
    let outcome = run("let xs = []\nwhile true { xs.push([1, 2, 3]) }") {
      $0.memoryLimit = 20_000_000
    }
    #expect(outcome.error?.diagnostic.code == "E0412")
  }

  @Test func parametersComeFromOutside() {
    let script = "param steps: Int = 5, \"how many\"\nparam lr = 0.1\n[steps, lr]"
    #expect(run(script).value == "[5, 0.1]")
    let given = run(script) { $0.parameters = ["steps": .string("7"), "lr": .string("1")] }
    #expect(given.value == "[7, 1.0]")
    let wrong = run(script) { $0.parameters = ["steps": .string("ten")] }
    #expect(wrong.error?.diagnostic.code == "E0422")
  }

  @Test func modulesLoadOnceAndFreeze() {
    let files = [
      "m":
        "print(\"loading\")\nvar n = 0\npub let data = [1]\npub fn next() { n += 1 }\npub fn one() 1"
    ]
    let load: (MachineOptions.ModuleRequest) -> SourceText? = { request in
      files[request.name].map { SourceText(name: "\(request.name).mdm", text: $0) }
    }
    let both = run("use m\nuse m: one\nm.one() + one()") { $0.moduleLoader = load }
    #expect(both.value == "2")
    #expect(both.output == "loading\n")
    let frozen = run("use m\nm.next()") { $0.moduleLoader = load }
    #expect(frozen.error?.diagnostic.code == "E0413")
    let data = run("use m\nm.data.push(2)") { $0.moduleLoader = load }
    #expect(data.error?.diagnostic.code == "E0413")
    #expect(run("use nothing") { $0.moduleLoader = load }.error?.diagnostic.code == "E0421")
  }

  @Test func moduleCirclesAreErrors() {
    let outcome = run("use a") {
      $0.moduleLoader = { request in
        SourceText(name: request.name, text: request.name == "a" ? "use b" : "use a")
      }
    }
    #expect(outcome.error?.diagnostic.code == "E0421")
  }

  @Test func testsRunInTestModeOnly() throws {
    let script = "test \"good\" { assert 1 < 2 }\ntest \"bad\" { assert 1 + 1 == 3 }"
    #expect(run(script).error == nil)
    var options = MachineOptions()
    options.mode = .test
    let machine = Machine(options: options)
    _ = try machine.run(parse(script))
    let results = machine.runTests()
    #expect(results.map(\.name) == ["good", "bad"])
    #expect(results[0].errors.isEmpty)
    #expect(results[1].errors.map(\.kind) == [.assertion])
    #expect(results[1].errors[0].diagnostic.notes == ["left:  2", "right: 3"])
  }

  @Test func aTestGoesOnAfterAnExpectation() throws {
    var options = MachineOptions()
    options.mode = .test
    var printed = ""
    options.output = { printed += $0 }
    let machine = Machine(options: options)
    let script = "test \"t\" {\n  expect 1 == 2\n  expect false\n  print(3)\n  assert 4 == 5\n}"
    _ = try machine.run(parse(script))
    let errors = machine.runTests()[0].errors
    #expect(printed == "3\n")
    #expect(errors.map { $0.diagnostic.place?.span.start } == [20, 36, 62])
  }

  @Test func machinesShareNothing() throws {
    let one = Machine()
    let two = Machine()
    _ = try one.run(parse("let x = 1"))
    #expect(throws: ScriptError.self) { try two.run(parse("x")) }
  }

  @Test func handlesKeepValuesAlive() throws {
    let machine = Machine()
    let handle = try machine.run(parse("fn() [1, 2, 3]"))
    _ = try machine.run(parse("let y = list(0..1000)"))
    machine.collect()
    #expect(machine.display(try machine.call(handle)) == "[1, 2, 3]")
  }
}
