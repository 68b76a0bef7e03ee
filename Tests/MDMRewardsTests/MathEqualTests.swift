import MDMJSON
import MDMNumerics
import MDMRewards
import Testing

@Suite struct MathEqualTests {
  private func score(_ given: String, _ gold: String) throws -> Double {
    try measure("math_equal", .string(given), .string(gold))
  }

  @Test(arguments: [
    // Numbers, exactly.
    ("1/2", "0.5"), (#"\frac{10}{9}"#, "10/9"), (#"\frac12"#, "1/2"), (#"\dfrac{1}{2}"#, ".5"),
    ("7,425,000", "7425000"), ("14{,}916", "14916"), ("1 000", "1000"), (#"11,\!111"#, "11111"),
    ("1000,99", "1000.99"), (#"3\frac{1}{2}"#, "7/2"), ("3 1/2", "3.5"), ("1e3", "1000"),
    ("2^10", "1024"), (#"\binom{5}{2}"#, "10"), ("5!", "120"), (#"\sqrt[3]{-8}"#, "-2"),
    (#"\sqrt{16}"#, "4"), ("|−3|", "3"), ("0.1", "1/10"), (#"\log_2 8"#, "3"),
    ("123456789012345678901234567890/2", "61728394506172839450617283945"),
    // Roots and functions.
    (#"\frac{\sqrt{8}}{2}"#, #"\sqrt{2}"#), (#"\sqrt2\sqrt3"#, #"\sqrt6"#), ("√2", "sqrt(2)"),
    (#"\frac{1}{\sqrt{2}}"#, #"\frac{\sqrt{2}}{2}"#), (#"\sin 30^\circ"#, "1/2"),
    (#"\cos\frac{\pi}{3}"#, "0.5"), ("0.333333", "1/3"), ("3.14159", "pi"), (#"e^{i\pi}"#, "-1"),
    (#"\sqrt{3+2\sqrt2}"#, #"1+\sqrt2"#), ("4.123105625617661", #"\sqrt{17}"#),
    // Letters.
    (#"\frac{x+2}{7}"#, #"\frac{x}{7}+\frac{2}{7}"#), ("(a+b)^2", "a^2+2ab+b^2"),
    (#"\tan^2(y)+1"#, #"\sec^2(y)"#), (#"2\sin b\cos a"#, #"2 \cos a \sin b"#),
    (#"2^{x+3}"#, #"8 \cdot 2^x"#), (#"\frac{x^2-1}{x-1}"#, "x+1"), ("x_1", "x_{1}"),
    (#"\sqrt{x^2}"#, "|x|"),
    // Sets, tuples, intervals.
    ("{1,2,3}", "3, 2, 1"), (#"\{1, 2\}"#, "1 and 2"), ("(1, 2)", "(1,2)"), ("[0,1)", "[0, 1)"),
    (#"1 \pm \sqrt{19}"#, #"1+\sqrt{19}, 1-\sqrt{19}"#), ("(−∞, 3]", #"x \le 3"#),
    (#"(-\infty,1) \cup (1,\infty)"#, #"x \ne 1"#), (#"x \in [-2,7]"#, #"-2 \le x \le 7"#),
    (#"z \in [-\frac{3}{2}, -1] \cup [1, \frac{3}{2}]"#, #"1\leq|z|\leq \frac{3}{2}"#),
    ("(2,1),(1,2)", "(1,2),(2,1)"), (#"x>2 \text{ or } x<-2"#, "|x|>2"), (#"\emptyset"#, #"\{\}"#),
    // Equations and inequalities.
    ("x = 5", "5"), ("5", "x=5"), (#"y=-\frac{1}{2}x+\frac{3}{4}"#, "2x+4y-3=0"),
    ("2+3=5", "5"), (#"5 \geq x"#, #"x \leq 5"#), ("-x > -1", "x < 1"), ("p=5,q=2", "5, 2"),
    ("7:32", "14:64"), (#"x=1/3\approx 0.33"#, "1/3"),
    // Matrices.
    (
      #"\begin{pmatrix}1&2\\3&4\end{pmatrix}"#,
      #"\left[\begin{array}{cc}1 & 2 \\ 3 & 4\end{array}\right]"#
    ),
    (
      #"\begin{pmatrix}1&2\end{pmatrix} + \begin{pmatrix}3&4\end{pmatrix}"#,
      #"\begin{pmatrix}4&6\end{pmatrix}"#
    ),
    (#"\begin{vmatrix}1&2\\3&4\end{vmatrix}"#, "-2"),
    // Units, percentages, words.
    ("12 cm", "12"), (#"15\mbox{ cm}^2"#, #"15\text{ cm}^2"#), (#"90^\circ"#, "90"), ("28%", "28"),
    ("28 percent", #"28\%"#), ("10%", "0.1"), ("5 meters", "5 m"), (#"\text{Evelyn}"#, "evelyn"),
    (#"\text{(C)}"#, "C"), ("$5", "5"), (#"\text{no solution}"#, "no solution"),
    (#"\approx 5"#, "5"), ("{}", #"\emptyset"#),
    ("6.28319", "2pi"), ("3 hours", "3h"),
    (#"\frac{-1+i\sqrt3}{2}"#, #"-\frac12+\frac{\sqrt3}{2}i"#),
    (#"\text{odd}"#, "$odd$"),
  ])
  func equalAnswersAgree(_ given: String, _ gold: String) throws {
    #expect(try score(given, gold) == 1, "\(given) is \(gold)")
  }

  @Test(arguments: [
    ("1", "2"), ("0.3333", "1/3"), ("0.0000001", "0.0000002"), ("28", "28/100"), ("0.28", "28"),
    ("12 cm", "12 m"), ("1 or 2", "1"), ("1, 2", "2"), ("x = 1 = 2", "2"), ("9 = 189", "189"),
    ("x=5", "y=5"), ("(1,2)", "(2,1)"), ("(1,2)", "{1,2}"), ("[0,1]", "[0,1)"), ("x < 5", "x > 5"),
    ("x < 1", #"x \le 1"#), (#"1 \pm 1"#, "2"), (#"4\sqrt{2}"#, "4"),
    (#"1+\frac{1}{e}"#, #"1-\frac1e"#),
    ("f(x)", "f(y)"), ("", ""), ("", "0"), ("1/0", "1/0+1"), ("0/0", "1"), ("nan", "0"),
    ("left", "felt"),
    (#"\frac{1}{2004!}"#, #"\frac{1}{2006!}"#), ("2^{99}", "2^{98}"), ("12:00", "1:00"),
    ("32, 349", "32349"),
    ("2x+z=1", "1"), ("7=11a+c", "11a+c"), (#"5\text{ or 6}"#, "5"), ("A or B", "A"),
    ("204_5", "204"),
    (#"\boxed{1}\boxed{2}"#, "2"), ("The answer is 5", "5"), ("10^{400}", "10^{401}"),
    (#"\frac{"#, "1"),
    (#"\begin{pmatrix}1&2\\3&5\end{pmatrix}"#, #"\begin{pmatrix}1&2\\3&4\end{pmatrix}"#),
    ("3.0000000000000001", "3"), ("1 2", "12"), ("left right", "left"), ("red blue", "red"),
    ("3 3", "3"), (#"x^2"#, "x^3"), ("{}", "1"), ("6.28", "2pi"), (#"\text{(A) } 5"#, "A"),
    ("3 hours", "180 minutes"), ("five", "5"),
    ("[1,2]", "(1,2)"), ("x > 2, y < -2", "|x|>2"), ("-2 < x < 7", #"-2 \le x \le 7"#),
  ])
  func otherAnswersDoNot(_ given: String, _ gold: String) throws {
    #expect(try score(given, gold) == 0, "\(given) is not \(gold)")
  }

  @Test func settingsNarrowAndWiden() throws {
    #expect(try measure("math_equal", "12", "12 m", named: ["units": "require"]) == 0)
    #expect(try measure("math_equal", "12 cm", "12 m", named: ["units": "ignore"]) == 1)
    #expect(try measure("math_equal", "28", #"28\%"#, named: ["units": "require"]) == 0)
    #expect(try measure("math_equal", "102", "100", 0.05) == 1)
    #expect(try measure("math_equal", "0.333", "1/3", named: ["digits": 3]) == 1)
    #expect(try measure("math_equal", "4", ["3", "4"]) == 1)
    #expect(try measure("math_equal", "1/2", 0.5) == 1)
  }

  @Test(arguments: [
    (#"so $9$ or \boxed{3} holds"#, "$3$"), (#"\boxed{1} and \boxed{2}"#, "$1$, $2$"),
    (#"\boxed{1} no no no no no \boxed{2}"#, "$2$"),
    (#"\boxed{\frac{1}{2}} then $7$"#, #"$\frac{1}{2}$"#),
    ("The answer is: 1,195 km, as 3 shows", "1,195"), ("first 3, then 28 percent", "28%"),
    (#"$1$ and $2$"#, "$1$, $2$"), ("Final answer is $5$. Is it 7?", "$5$"), ("AZYUK2A", nil),
    ("nothing here", nil), (#"\boxed{"#, ""), (#"a $3 and no end"#, "3"),
  ])
  func theAnswerIsFound(_ text: String, _ answer: String?) {
    #expect(MathAnswer.find(in: text) == answer)
  }

  /// Equality of the judge is an equivalence on what it reads, and rewriting keeps values.
  @Test func rewritingKeepsTheValue() throws {
    var stream = RandomStream(seed: 12, purpose: "expressions")
    func expression(_ depth: Int) -> String {
      switch depth == 0 ? stream.integer(below: 2) : stream.integer(below: 7) {
      case 0: return String(stream.integer(in: 1...30))
      case 1: return stream.element(of: ["x", "y", "z"])
      case 2: return "(\(expression(depth - 1)) + \(expression(depth - 1)))"
      case 3: return "(\(expression(depth - 1)) - \(expression(depth - 1)))"
      case 4: return "(\(expression(depth - 1)) * \(expression(depth - 1)))"
      case 5: return #"\frac{\#(expression(depth - 1))}{\#(stream.integer(in: 2...9))}"#
      default: return "(\(expression(depth - 1)))^\(stream.integer(in: 2...3))"
      }
    }
    for _ in 0..<200 {
      let (a, b) = (expression(3), expression(3))
      #expect(try score("(\(a)) + (\(b))", "(\(b)) + (\(a))") == 1)
      #expect(try score("(\(a))^2 - (\(b))^2", "((\(a)) - (\(b)))((\(a)) + (\(b)))") == 1)
      #expect(try score(a, "(\(a)) + 1") == 0)
      #expect(try score("(\(a)) + \\frac{1}{1000000007}", a) == 0)
    }
  }

  @Test func giantAndAdversarialAnswersTakeBoundedSteps() throws {
    let n = 10_000
    let texts = [
      String(repeating: "{", count: n) + "1" + String(repeating: "}", count: n),
      String(repeating: "(", count: n), String(repeating: #"\frac{1}{"#, count: n),
      String(repeating: #"\("#, count: 500_000) + "\n", String(repeating: "-- ", count: 300_000),
      String(repeating: "9", count: 1 << 20), String(repeating: "1+", count: n),
      "1" + String(repeating: "/2", count: n),
      "9^{9^{9^{9^9}}}", "((((9!)!)!)!)!", String(repeating: "2^", count: 1_000) + "2",
      "1000000000000!",
      String(repeating: #"\boxed{"#, count: 100_000), String(repeating: "$", count: 1 << 20),
      String(repeating: "1,", count: 2_000) + "1", String(repeating: "sin(", count: 100) + "1",
      String(repeating: #"\begin{pmatrix}1&x\\x&1\end{pmatrix}"#, count: 60),
      String(repeating: "!", count: 1_000),
      String(repeating: "±1", count: 1_000), "x^" + String(repeating: "-", count: 2_000) + "1",
      "5" + String(repeating: #"\text{m}/"#, count: 1_000), String(repeating: "|", count: 1_999),
      String(repeating: "answer ", count: 100_000),
      #"\sqrt[64]{"# + String(repeating: "7", count: 1_000) + "}",
      "\u{0}", "\u{FFFD}",
      String(repeating: #"\sqrt{2+"#, count: 30) + "1" + String(repeating: "}", count: 30),
    ]
    for text in texts {
      #expect([0, 1].contains(try score(text, "1/3")))
      #expect([0, 1].contains(try score(text, text)))
      #expect([0, 1].contains(try score(text + " ", "x^2+\(text.prefix(9_000))")))
      _ = MathAnswer.find(in: text)
    }
  }
}
