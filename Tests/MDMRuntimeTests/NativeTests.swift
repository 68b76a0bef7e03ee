import MDMDeclarations
import MDMRuntime
import MDMSyntax
import Testing

/// A domain value for tests.
private final class Pair: DomainValue {
  let left: Double
  let right: Double

  init(_ left: Double, _ right: Double) {
    self.left = left
    self.right = right
  }

  var typeName: String { "Pair" }
  func display(_ width: Int) -> String { "Pair(\(left), \(right))" }
  func field(_ name: String) -> Datum? {
    name == "left" ? .float(left) : name == "right" ? .float(right) : nil
  }
  var fieldNames: [String] { ["left", "right"] }
  func isEqual(to other: any DomainValue) -> Bool {
    (other as? Pair).map { $0.left == left && $0.right == right } ?? false
  }
  var count: Int? { 2 }
  func element(at position: Int) -> Datum? {
    position == 0 ? .float(left) : position == 1 ? .float(right) : nil
  }
  func operate(_ operation: BinaryOperator, _ other: Datum, isLeft: Bool) -> Datum? {
    guard operation == .multiply, let factor = other.number else { return nil }
    return .domain(Pair(left * factor, right * factor))
  }
}

@Suite struct NativeTests {
  private func machine() -> Machine {
    let machine = Machine()
    machine.register(
      NativeFunction(
        FunctionSignature(
          "pair",
          [
            ParameterDeclaration("left", .float),
            ParameterDeclaration("right", .float, default: "2.5"),
          ], returns: .domain("Pair"), family: "test", "A pair.")
      ) { call in .domain(Pair(try call.double(0), try call.double(1))) })
    machine.register(
      NativeFunction(
        FunctionSignature(
          "total", [ParameterDeclaration("p", .domain("Pair"))], returns: .float, family: "test",
          "The sum of a pair."), form: .both([.domain("Pair")])
      ) { call in
        let pair = try call.domain(0, as: Pair.self)
        return .float(pair.left + pair.right)
      })
    machine.register(
      NativeFunction(
        FunctionSignature(
          "twice",
          [ParameterDeclaration("f", .function), ParameterDeclaration("x", default: "none")],
          returns: .any, family: "test", "Calls a function twice.")
      ) { call in
        let function = try call.function(0)
        return try call.invoke(function, [call.invoke(function, [call.datum(1)])])
      })
    machine.register(
      NativeFunction(
        FunctionSignature(
          "wait", [ParameterDeclaration("time", .duration, default: "5s")], returns: .bool,
          family: "test", "Whether the time was left out.")
      ) { call in .bool(try call.seconds(0) == 5 && call.isMissing(0)) })
    machine.register(
      NativeFunction(
        FunctionSignature(
          "mix", [ParameterDeclaration("shares", .record)], returns: .any, family: "test", "")
      ) { call in .int(try call.record(0).entries.count) })
    machine.register(
      NativeFunction(
        FunctionSignature(
          "make_reward",
          [
            ParameterDeclaration("f", .function), ParameterDeclaration("name", .string),
            ParameterDeclaration("low", .number), ParameterDeclaration("high", .number),
          ], returns: .any, family: "test", "")
      ) { call in
        .list([
          .string(try call.string(1)), try call.datum(3),
          try call.invoke(call.function(0), [.int(4)]),
        ])
      })
    return machine
  }

  private func value(_ text: String) throws -> String {
    let machine = machine()
    return machine.display(try machine.run(parse(text)))
  }

  @Test(arguments: [
    ("pair(1)", "Pair(1.0, 2.5)"), ("pair(1, right: 4).left", "1.0"), ("pair(1, 2).total()", "3.0"),
    ("total(pair(1, 2))", "3.0"), ("pair(1, 2) == pair(1.0, 2.0)", "true"),
    ("2 * pair(1, 2)", "Pair(2.0, 4.0)"),
    ("let s = []\nfor x in pair(1, 2) { s.push(x) }\ns", "[1.0, 2.0]"), ("len(pair(1, 2))", "2"),
    ("pair(1, 2)[-1]", "2.0"), ("let {left, ..} = pair(7, 2)\nleft", "7.0"),
    ("type(pair(1))", "Pair"),
    ("twice(fn(x) x * 3, 2)", "18"), ("wait()", "true"), ("mix {a: 20%, b: 80%}", "2"),
    ("reward fn r(x) -> 0..1 { x * 2 }\nr", "[\"r\", 1, 8]"),
    ("match pair(1, 2) { {left: 1} -> \"one\", _ -> \"no\" }", "one"),
  ])
  func nativesAndDomainValues(script: String, expected: String) throws {
    #expect(try value(script) == expected)
  }

  @Test(arguments: [
    ("wait(5)", "`time` takes Duration, got Int 5", "write 5s"),
    ("total(5)", "`p` takes Pair, got Int 5", nil),
    ("pair()", "`pair` needs a value for `left`", nil),
    ("pair(1).letf", "a Pair has no field `letf`", "did you mean `left`?"),
  ])
  func mismatchesName(script: String, message: String, hint: String?) {
    do {
      _ = try value(script)
      Issue.record("no error")
    } catch {
      let error = error as? ScriptError
      #expect(error?.diagnostic.message == message)
      if let hint { #expect(error?.diagnostic.hint == hint) }
    }
  }

  @Test func errorsOfCallbacksKeepTheirPlace() throws {
    let machine = machine()
    do {
      _ = try machine.run(parse("fn bad(x) x + \"a\"\ntwice(bad, 1)"))
      Issue.record("no error")
    } catch {
      #expect(
        error.diagnostic.place?.source.position(of: Int(error.diagnostic.place?.span.start ?? 0))
          .line == 1)
      #expect(error.diagnostic.trace.count == 2)
    }
  }

  @Test func everyExampleOfEverySignatureHolds() throws {
    for signature in Machine().signatures {
      #expect(!signature.summary.isEmpty && !signature.examples.isEmpty, "\(signature.name)")
      for example in signature.examples {
        let machine = Machine()
        let found = machine.display(try machine.run(parse(example.code)))
        if let expected = example.prints {
          #expect(found == expected, "\(signature.name): \(example.code)")
        }
      }
    }
  }
}
