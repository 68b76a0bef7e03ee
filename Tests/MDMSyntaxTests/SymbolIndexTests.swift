import MDMSyntax
import Testing

@Suite struct SymbolIndexTests {
  private func index(_ text: String) -> SymbolIndex {
    let checker = Checker(signatures: ["print": CheckerCallTests.print])
    return checker.examine(TreeText.parse(text).tree).index
  }

  /// `name@start>declaration start` of each reference.
  private func references(_ text: String) -> [String] {
    let index = index(text)
    return index.references.map { reference in
      let place = "\(index.source.text(reference.span))@\(reference.span.start)>"
      switch reference.target {
      case .declaration(let id): return place + "\(index.declarations[id].span.start)"
      case .builtIn: return place + "built in"
      case .member(of: let id, let name): return place + "\(index.declarations[id].name).\(name)"
      case .argument(of: _, let name): return place + "argument \(name)"
      case .field(_, let type): return place + "field of \(type ?? "?")"
      case .unknown: return place + "?"
      }
    }
  }

  @Test(arguments: [
    ("let a = 1\nprint(a)", ["print@10>built in", "a@16>4"]),
    ("fn f(a, b = a) a + b", ["a@12>5", "a@15>5", "b@19>8"]),
    ("fn f() g()\nfn g() 1", ["g@7>14"]), ("print(a)\nlet a = 1", ["print@0>built in", "a@6>13"]),
    ("let s = \"x\"\ns.len", ["s@12>4", "len@14>field of String"]),
    ("fn f() -> Run f()\nlet r = f()\nr.a", ["f@14>3", "f@26>3", "r@30>22", "a@32>field of Run"]),
    ("nowhere", ["nowhere@0>?"]), ("var a = 1\na += 1", ["a@10>4"]),
    ("fn f(x) x\nf(x: 1)", ["x@8>5", "f@10>3", "x@12>5"]),
    ("print(end: 1)", ["print@0>built in", "end@6>argument end"]),
    ("use m\nm.f(x: 1)", ["m@6>4", "f@8>m.f", "x@10>argument x"]),
    ("let r = {a: {b: 1}}\nr.a.b", ["r@20>4", "a@22>9", "b@24>13"]),
    ("match 1 { [x] | [x, _] -> x, _ -> 0 }", ["x@17>11", "x@26>11"]),
    ("for i in 0..3 { print(i) }", ["print@16>built in", "i@22>4"]),
    ("1 |> print(f\"{2}\", end: _)", ["print@5>built in", "end@19>argument end"]),
  ])
  func namesAreResolved(_ text: String, _ expected: [String]) {
    #expect(references(text) == expected)
  }

  @Test func declarationsKnowWhatTheyAre() throws {
    let index = index(
      """
      ## Adds.
      pub fn add(a: Int, ..more) -> Int { a }
      let text = "x"
      use "./m.mdm" as m
      test "t" { let inner = 1 }
      """)
    let named = Dictionary(index.declarations.map { ($0.name, $0) }) { first, _ in first }
    let add = try #require(named["add"])
    #expect(add.kind == .function && add.isPublic && add.documentation == "Adds.")
    #expect(index.source.text(add.header) == "pub fn add(a: Int, ..more) -> Int ")
    #expect(add.parameters?.map(\.text) == ["a: Int", "..more"])
    #expect(named["a"]?.container == add.id && named["a"]?.type == "Int")
    #expect(named["more"]?.type == "List" && named["text"]?.type == "String")
    #expect(named["m"]?.origin?.module == "./m.mdm" && named["m"]?.origin?.isPath == true)
    #expect(named["inner"]?.container == named["t"]?.id && named["t"]?.isNamed == false)
    #expect(index.exported("add")?.id == add.id && index.exported("text") == nil)
  }

  @Test func visibilityFollowsTheScopes() {
    let text = "let a = 1\nfn f(b) {\n  let c = 2\n  c\n}\nlet d = 3\nf(d)\n"
    let index = index(text)
    func names(_ marker: String) -> [String] {
      let offset = text.ranges(of: marker).first.map { text[..<$0.lowerBound].utf8.count } ?? -1
      return index.visible(at: offset).map(\.name).sorted()
    }
    #expect(names("let c") == ["a", "b", "f"])
    #expect(names("c\n}") == ["a", "b", "c", "f"])
    #expect(names("let d") == ["a", "f"])
    #expect(names("f(d)") == ["a", "d", "f"])
  }

  @Test func aNameIsFoundAtBothOfItsEnds() {
    let index = index("let ab = 1\nprint(ab)")
    for offset in [4, 5, 6, 17, 18, 19] {
      #expect(index.occurrence(at: offset)?.target == .declaration(0), "\(offset)")
    }
    #expect(index.occurrence(at: 3) == nil && index.occurrence(at: 7) == nil)
    #expect(index.occurrences(of: 0).map(\.span) == [Span(4, 6), Span(17, 19)])
  }

  /// The walk for editors and the walk for `check` say the same.
  @Test(arguments: [
    "let a = 1\nlet a = 2", "fn f(x) { let y = 1\n x }", "print(b)", "f(1)\nfn f() 1",
  ])
  func theDiagnosticsAreThoseOfCheck(_ text: String) {
    let checker = Checker(signatures: ["print": CheckerCallTests.print])
    let tree = TreeText.parse(text).tree
    #expect(checker.examine(tree).diagnostics.map(\.code) == checker.check(tree).map(\.code))
  }

  @Test func whatCouldBeReadOfABrokenTextIsKnown() {
    let index = index("let a = 1\nfn f(b) {\n  let c = )\n  a + b\n}\nlet d = (\n")
    #expect(index.declarations.map(\.name).contains("b"))
    #expect(index.references.contains { $0.target == .declaration(0) || $0.span.start > 20 })
  }
}
