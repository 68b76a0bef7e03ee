import Fuzzing
import Glibc
import MDMSyntax
import Testing

/// No text may stop the process, whatever it is, on a stack as small as that of a thread.
@Suite struct FuzzTests {
  /// A small generator (SplitMix64), so that a failure can be repeated.
  struct Generator {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }
  }

  static let program = Corpus.program

  /// Everything that reads a text.
  static func digest(_ text: String) {
    let source = SourceText(name: "fuzz", text: text)
    let (tree, diagnostics) = Parser.parse(source)
    let found = Checker(signatures: [:]).check(tree)
    let renderer = DiagnosticRenderer(colour: true)
    for diagnostic in diagnostics + found {
      _ = renderer.render(diagnostic)
      _ = renderer.json(diagnostic)
    }
    _ = Parser.completeness(of: text)
  }

  @Test func randomBytes() {
    var generator = Generator(state: 1)
    for _ in 0..<300 {
      let bytes = (0..<generator.next(200)).map { _ in UInt8(generator.next(256)) }
      Self.digest(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func randomPiecesOfTheLanguage() {
    let pieces =
      Symbol.allCases.map(\.rawValue) + Keyword.allCases.map(\.rawValue)
      + [
        "a", "_", "1", "2.5", "60%", "\"s\"", "f\"{", "}\"", "\"\"\"", "\n", "\n", " ", "mix", "#",
      ]
    var generator = Generator(state: 2)
    for _ in 0..<500 {
      let words = (0..<generator.next(60)).map { _ in pieces[generator.next(pieces.count)] }
      Self.digest(words.joined(separator: generator.next(2) == 0 ? " " : ""))
    }
  }

  @Test func theProgramItselfIsCorrect() {
    #expect(TreeText.codes(Self.program) == [])
  }

  @Test func mutatedPrograms() {
    let original = Array(Self.program.utf8)
    var generator = Generator(state: 3)
    for _ in 0..<600 {
      var bytes = original
      for _ in 0...generator.next(4) {
        let place = generator.next(bytes.count - 1)
        switch generator.next(4) {
        case 0: bytes.remove(at: place)
        case 1: bytes.insert(original[generator.next(original.count)], at: place)
        case 2: bytes.swapAt(place, place + 1)
        default: bytes.removeSubrange(place..<min(bytes.count, place + generator.next(40)))
        }
        if bytes.count < 2 { break }
      }
      Self.digest(String(decoding: bytes, as: UTF8.self))
    }
  }

  @Test func everyBeginOfAProgram() {
    let bytes = Array(Self.program.utf8)
    for count in 0..<bytes.count { Self.digest(String(decoding: bytes[..<count], as: UTF8.self)) }
  }

  static let deep: [(open: String, close: String)] = [
    ("(", ")"), ("[", "]"), ("{a: ", "}"), ("f(", ")"), ("fn() ", ""), ("fn() {\n", "\n}"),
    ("if a { ", " }"), ("if a { 1 } else ", "{ 2 }"), ("-", ""), ("not ", ""), ("1 + ", ""),
    ("2 ** ", ""), ("a ?? ", ""), ("a |> ", ""), ("xs[", "]"), ("for a in b {\n", "\n}"),
    ("match a { 1 -> ", " }"), ("try { ", " } catch e { 1 }"), ("mix {a: ", "}"), ("f\"{", "}\""),
    ("return ", ""), ("match a { b -> {\n", "\n} }"), ("fn f(a = ", ") 1"),
  ]

  @Test(arguments: deep.map(\.open))
  func deepNestingEndsInAnErrorOnASmallStack(open: String) throws {
    let close = Self.deep.first { $0.open == open }?.close ?? ""
    for depth in [15, 31, 63, 250, 20_000] {
      let text =
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
      try Self.onSmallStack(text)
    }
  }

  @Test(arguments: ["+ 1", ".a", "[0]", "(1)", "|> f()", "or a", "\n.b()", "?? 1", " - 1"])
  func longChainsEndInAnErrorOnASmallStack(link: String) throws {
    for count in [100, 255, 300, 100_000] {
      try Self.onSmallStack("a " + String(repeating: link, count: count))
    }
  }

  @Test func theLargestTreeCombinesNestingAndChains() throws {
    var text = "a"
    for _ in 0..<12 { text = "(\(text)\(String(repeating: " + 1", count: 20)))" }
    #expect(TreeText.codes(text) == [])
    try Self.onSmallStack(text)
    #expect(TreeText.codes("(\(text)\(String(repeating: " + 1", count: 20)))") == ["E0218"])
  }

  /// Runs `digest` on a thread with 512 KiB of stack; it would fault where that is exceeded.
  static func onSmallStack(_ text: String) throws {
    final class Work {
      let text: String
      init(_ text: String) { self.text = text }
    }
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 512 << 10)
    defer { pthread_attr_destroy(&attributes) }
    var thread = pthread_t()
    let work = Unmanaged.passRetained(Work(text))
    let status = pthread_create(
      &thread, &attributes,
      { argument in
        guard let argument else { return nil }
        FuzzTests.digest(Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().text)
        return nil
      }, work.toOpaque())
    try #require(status == 0)
    pthread_join(thread, nil)
  }
}
