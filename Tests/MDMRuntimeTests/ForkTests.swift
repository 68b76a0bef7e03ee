import Foundation
import MDMDeclarations
import MDMRuntime
import MDMSyntax
import Testing

/// A fork of a machine sees what was there when it was made, and nothing of what comes after.
@Suite struct ForkTests {
  /// The value that a script's last function gives in a fork, on another thread; an error's message
  /// with its code in front.
  private func forked(
    _ text: String, collectsAlways: Bool = false, after: String? = nil
  ) throws -> String {
    var options = MachineOptions()
    options.collectsAlways = collectsAlways
    let machine = Machine(options: options)
    let function = try machine.run(parse(text))
    let fork = machine.fork(function, options: options)
    let thread = Background { () throws(ScriptError) in try fork.run().value }
    if let after { _ = try machine.run(parse(after)) }
    machine.collect()
    switch thread.value() {
    case .success(let datum): return machine.display(datum)
    case .failure(let error): return "\(error.diagnostic.code) \(error.diagnostic.message)"
    }
  }

  @Test(arguments: [
    ("fn() none", "none"), ("fn() [1, 2.5, true, \"é\", 3s, 2MB, 0..10 by 3, ..[none]]", nil),
    ("let r = {a: 1, \"b c\": [2]}\nfn() r", "{a: 1, \"b c\": [2]}"),
    ("let r = {a: 1}\nr[2] = 3\nr[true] = 4\nr.remove(\"a\")\nfn() [r[2], r[true], len(r)]", nil),
    ("let s = \"ab\" * 3\nlet t = s + s\nfn() t.upper()", "ABABABABABAB"),
    (
      "var t = \"\"\nfor i in 0..500 { t = t + \"x\" }\nlet u = t\nt = t + \"y\"\nfn() len(u)",
      "500"
    ),
    ("fn f(n) if n < 2 { n } else { f(n - 1) + g(n - 2) }\nfn g(n) f(n)\nfn() f(15)", "610"),
    ("fn f(a, b: Int = 2, ..c) [a, b, c]\nfn() [f(1), f(1, 3, 4), f(b: 5, a: 0)]", nil),
    ("let f = print\nfn() type(f)", "Function"),
    ("let fs = [fn(x) x + 1, .name]\nfn() [fs[0](1), fs[1]({name: 2})]", "[2, 2]"),
    ("fn() [pi > 3, [1, 2, 3] |> map(fn(x) x * pi) |> len()]", "[true, 3]"),
    ("fn() { match [1, {a: 2}] { [x, {a}] if x < a -> x, 0..5 -> 1, _ -> none } }", "1"),
    ("fn() { match 7 { 0..5 -> \"low\", 5..=9 -> \"high\", _ -> none } }", "high"),
    ("fn() try { error(\"no\", hint: \"h\") } catch e { e.hint }", "h"),
    ("fn() { var n = 0\ndefer { n += 1 }\nwhile n < 3 { n += 1 }\nn }", "3"),
    ("fn() (1..4) |> list() |> sort(descending: true)", "[3, 2, 1]"),
    ("fn() \"a b\".split(\" \")", nil),
    ("let x = freeze([1])\nfn() try { x.push(2) } catch e { e.code }", "E0413"),
    ("let a = {x: 1}\nlet f = fn(r) r.x + a.x\nfn() { a.x = 5\nf({x: 1}) }", "6"),
  ])
  func aForkGivesWhatTheMachineWouldGive(_ script: String, expected: String?) throws {
    let plain = Machine()
    let here = plain.display(try plain.call(plain.run(parse(script))))
    if let expected { #expect(here == expected) }
    #expect(try forked(script) == here)
    #expect(try forked(script, collectsAlways: true) == here)
  }

  @Test func neitherSideSeesTheOthersWrites() throws {
    let shared = """
      var n = 1
      let xs = [[1], {k: "v"}]
      fn look() {
        for i in 0..20000 { n += 1 }
        xs[0].push(n)
        xs[1].new = n
        [n, xs]
      }
      """
    let given = try forked(
      shared + "\nlook", after: "for i in 0..20000 { n += 2 }\nxs[0].push(0)\nxs[1].k = \"w\"")
    #expect(given == "[20001, [[1, 20001], {k: \"v\", new: 20001}]]")
  }

  @Test func capturedVariablesAreSharedInsideTheForkOnly() throws {
    let script = """
      fn pair() {
        var n = 0
        [fn() { n += 1 
        n }, fn() n]
      }
      let both = pair()
      both[0]()
      fn() { both[0]()
      [both[0](), both[1]()] }
      """
    #expect(try forked(script, after: "both[0]()\nboth[0]()") == "[3, 3]")
  }

  @Test func openVariablesOfARunningFunctionAreCopied() throws {
    // The fork is made by a native, while the variable still stands on the stack.
    let box = ForkBox()
    let machine = Machine()
    machine.register(
      NativeFunction(
        FunctionSignature(
          "fork", [ParameterDeclaration("f", .function, "")], returns: .none, family: "test",
          "Forks.")
      ) { call in
        box.fork = call.fork(try call.function(0), interrupt: InterruptFlag(), natives: []) { _ in }
        return .none
      })
    let seen = try machine.run(
      parse("fn f() { var n = 1\nlet g = fn() n * 10\nfork(g)\nn = 2\ng() }\nf()"))
    #expect(machine.display(seen) == "20")
    let value = try #require(box.fork).run().value
    #expect(machine.display(value) == "10")
  }

  @Test func circlesStayCircles() throws {
    let script = """
      let a = [1]
      a.push(a)
      let r = {a: a}
      r.me = r
      fn() { r.me.me.a[1][1].push(2)
      [len(a), len(r.a), a[1][0]] }
      """
    #expect(try forked(script) == "[3, 3, 1]")
  }

  @Test func depthNeedsNoStack() throws {
    let script = """
      var deep = none
      for i in 0..300000 { deep = [deep, {d: none}] }
      var f = fn() 0
      for i in 0..100000 { let inner = f
      f = fn() inner }
      fn() { var n = 0
      var at = deep
      while type(at) == "List" { at = at[0]
      n += 1 }
      [n, type(f)] }
      """
    #expect(try forked(script) == "[300000, \"Function\"]")
  }

  @Test func whatIsNotMentionedIsNotCopied() throws {
    let machine = Machine()
    let function = try machine.run(
      parse("let big = list(0..100000) |> map(fn(x) [x])\nlet small = [1]\nfn() small"))
    let fork = machine.fork(function, options: MachineOptions())
    #expect(fork.objectCount < 1000)
    #expect(machine.display(try fork.run().value) == "[1]")
  }

  @Test func errorsKeepTheirPlace() throws {
    let machine = Machine()
    let function = try machine.run(parse("let r = {a: 1}\nfn deep() r.b\nfn() {\n  deep()\n}"))
    let fork = machine.fork(function, options: MachineOptions())
    do throws(ScriptError) {
      _ = try fork.run()
      Issue.record("no error")
    } catch {
      let place = try #require(error.diagnostic.place)
      #expect(place.source.position(of: Int(place.span.start)).line == 2)
      #expect(error.diagnostic.trace.count == 2)
    }
  }

  @Test func aNoneStillKnowsWhereItComesFrom() throws {
    let machine = Machine()
    let function = try machine.run(
      parse("let r = {a: [none, if false { 1 }]}\nfn() r.a[1] + 1", name: "it"))
    let fork = machine.fork(function, options: MachineOptions())
    do throws(ScriptError) {
      _ = try fork.run()
      Issue.record("no error")
    } catch {
      #expect(error.diagnostic.notes.joined().contains("it:1:"), "\(error.diagnostic.notes)")
    }
  }

  @Test func functionsInTheResultAreCountedAndLeftOut() throws {
    let machine = Machine()
    let fork = machine.fork(
      try machine.run(parse("fn() ({f: fn() 1, xs: [print, 2]})")), options: MachineOptions())
    let result = try fork.run()
    #expect(result.lostFunctions == 2)
    #expect(machine.display(result.value) == "{f: none, xs: [none, 2]}")
  }

  @Test func aForkCanBeInterruptedAlone() throws {
    let machine = Machine()
    let fork = machine.fork(
      try machine.run(parse("fn() { while true { } }")), options: MachineOptions())
    let thread = Background { () throws(ScriptError) in try fork.run().value }
    fork.interrupt.requestInterrupt()
    guard case .failure(let error) = thread.value() else {
      Issue.record("no error")
      return
    }
    #expect(error.kind == .interrupt)
    #expect(machine.interrupt.isRequested == false)
  }

  @Test func forksOfForksWork() throws {
    let script = """
      let xs = [1]
      fn() { xs.push(2)
      let inner = fn() { xs.push(3)
      xs }
      inner }
      """
    let machine = Machine()
    let inner = try machine.call(machine.run(parse(script)))
    let other = machine.fork(inner, options: MachineOptions())
    #expect(machine.display(try other.run().value) == "[1, 2, 3]")
    #expect(machine.display(try #require(machine.global("xs"))) == "[1, 2]")
  }

  @Test func manyForksRunAtOnce() throws {
    let machine = Machine()
    let function = try machine.run(
      parse(
        "let xs = list(0..500)\nfn() { for i in 0..200 { xs.push(i) }\nxs |> map(fn(x) x * 2) |> sum() }"
      ))
    let threads = (0..<8).map { _ in
      let fork = machine.fork(function, options: MachineOptions())
      return Background { () throws(ScriptError) in try fork.run().value }
    }
    for thread in threads {
      guard case .success(let value) = thread.value() else {
        Issue.record("no value")
        return
      }
      #expect(machine.display(value) == "289300")
    }
  }
}

/// A fork that a native has made.
private final class ForkBox: @unchecked Sendable { var fork: MachineFork? }

/// A body on a thread of its own.
private final class Background: @unchecked Sendable {
  private let done = DispatchSemaphore(value: 0)
  private var outcome: Result<Datum, ScriptError>?

  init(_ body: @escaping @Sendable () throws(ScriptError) -> Datum) {
    Thread.detachNewThread { [self] in
      do throws(ScriptError) { outcome = .success(try body()) } catch { outcome = .failure(error) }
      done.signal()
    }
  }

  func value() -> Result<Datum, ScriptError> {
    if done.wait(timeout: .now() + 60) == .timedOut {
      return .failure(ScriptError("E0461", "the thread does not end"))
    }
    return outcome ?? .failure(ScriptError("E0461", "no outcome"))
  }
}
