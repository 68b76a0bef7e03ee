import Testing

/// What the one style is, by example; a text that stands alone is in the style already.
@Suite struct LayoutTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let name: String
    let before: String
    let after: String

    var testDescription: String { name }

    init(_ name: String, _ before: String, _ after: String? = nil) {
      self.name = name
      self.before = before
      self.after = after ?? before
    }
  }

  static let samples: [Sample] = [
    Sample("blanks", "let  z=-x**2*- 3%2\n", "let z = -x ** 2 * -3 % 2\n"),
    Sample("percentages and remainders", "[60%,7%3]\n", "[60%, 7 % 3]\n"),
    Sample("an index behind a percentage", "f(60%\n  [0])\n", "f(60% [0])\n"),
    Sample(
      "ranges are tight", "xs[ -1 .. ][2 ..= n]; 0".replacing(";", with: "\n") + "..10 by -2\n",
      "xs[-1..][2..=n]\n0..10 by -2\n"),
    Sample("tolerance", "assert a~=b+-0.1\n", "assert a ~= b +- 0.1\n"),
    Sample(
      "functions", "fn f(a,b:Int=3,..rest)->Run|None{ a+b }\nfn g(x)(x+1)\nfn h(x) [x,- x]\n",
      "fn f(a, b: Int = 3, ..rest) -> Run | None { a + b }\nfn g(x) (x + 1)\nfn h(x) [x, -x]\n"),
    Sample(
      "a reward", "reward fn r(c,e)->0..1{ c }\n", "reward fn r(c, e) -> 0..1 { c }\n"),
    Sample("records and mixtures", "let m=mix {a:1, }\n", "let m = mix {\n  a: 1,\n}\n"),
    Sample(
      "records are tight", "let r={ a:1,\"b c\":[ 1 ],..d }\n",
      "let r = {a: 1, \"b c\": [1], ..d}\n"),
    Sample("empty brackets", "fn f( ) { }\nlet r = { }\n", "fn f() {}\nlet r = {}\n"),
    Sample(
      "pipes stay where they begin lines", "let p = xs\n |> map(.a)\n   |> sort(by: _) |> list\n",
      "let p = xs\n  |> map(.a)\n  |> sort(by: _) |> list\n"),
    Sample("line ends inside brackets go", "f(a,\n  b\n)\n", "f(a, b)\n"),
    Sample("a last comma keeps an element a line", "f(a, b,)\n", "f(\n  a,\n  b,\n)\n"),
    Sample("a block of one line stays one", "if a {b} else {c}\n", "if a { b } else { c }\n"),
    Sample(
      "branches look alike", "if a{b}else{\n  c}\n", "if a {\n  b\n} else {\n  c\n}\n"),
    Sample(
      "statements have lines of their own", "test \"t\" { let a=1\n  assert a == 1 }\n",
      "test \"t\" {\n  let a = 1\n  assert a == 1\n}\n"),
    Sample(
      "arms", "match x {\n 1..5|7 if a>2->\"a\",\n [a,..r]->{ b }, _->none }\n",
      "match x {\n  1..5 | 7 if a > 2 -> \"a\"\n  [a, ..r] -> { b }\n  _ -> none\n}\n"),
    Sample("blank lines", "\n\na\n\n\n\nb\n\n\n", "a\n\nb\n"),
    Sample("no blank line inside braces", "if a {\n\n  b\n\n}\n", "if a {\n  b\n}\n"),
    Sample("words that are fields", "x.match (1).in\nf(if:1)\n", "x.match(1).in\nf(if: 1)\n"),
    Sample("texts are left alone", "f(\"\"\"\n   a\n  b\n\"\"\", f\"{ a+b :.2f}\")\n"),
    Sample("carriage returns go", "a\r\nb # c\r\n", "a\nb  # c\n"),
    Sample("nothing", "", ""),
    Sample("a comment alone", "# c", "# c\n"),
  ]

  static let long: [Sample] = [
    Sample(
      "a call has an argument a line",
      "let run = train(base, mix, steps: steps, seed: seed, evaluate: limit, algorithm: grpo(group: 8, beta: 4%))\n",
      """
      let run = train(
        base,
        mix,
        steps: steps,
        seed: seed,
        evaluate: limit,
        algorithm: grpo(group: 8, beta: 4%),
      )

      """),
    Sample(
      "pipes begin lines",
      "let runs = design(suite) |> sweep(fn(mix, seed) train(base, mix, steps: steps, seed: seed), seeds: seeds)\n",
      """
      let runs = design(suite)
        |> sweep(fn(mix, seed) train(base, mix, steps: steps, seed: seed), seeds: seeds)

      """),
    Sample(
      "conditions end lines, further in than the block",
      "if first_condition(with, arguments) and second_condition(with, arguments) or a_third_condition_of_it { a }\n",
      """
      if first_condition(with, arguments) and second_condition(with, arguments) or
          a_third_condition_of_it {
        a
      }

      """),
    Sample(
      "brackets that hang together",
      "save({rate: 1e-4, steps: 100, batch: 32, mixture: uniform, evaluate: 40, folder: \"runs/somewhere\", x: 1})\n",
      """
      save({
        rate: 1e-4,
        steps: 100,
        batch: 32,
        mixture: uniform,
        evaluate: 40,
        folder: "runs/somewhere",
        x: 1,
      })

      """),
    Sample(
      "several calls of one value",
      "values_of_this_run.map(fn(x) x + 1).filter(fn(x) x > limit_of_the_values).sort(by: fn(x) -x.score_of_it)\n",
      """
      values_of_this_run
        .map(fn(x) x + 1)
        .filter(fn(x) x > limit_of_the_values)
        .sort(by: fn(x) -x.score_of_it)

      """),
    Sample(
      "a text that is too long stays",
      "print(\"" + String(repeating: "a", count: 110) + "\")\n"),
    Sample(
      "a function's block hangs at the end of its call",
      "xs |> each(fn(x) {\n    print(x) })\n", "xs |> each(fn(x) {\n  print(x)\n})\n"),
    Sample(
      "parameters have lines, the body goes on",
      "fn a_function_with_a_long_name(first_parameter: Int = 100, second: String = \"text\", third: Int) first_parameter + 1\n",
      """
      fn a_function_with_a_long_name(
        first_parameter: Int = 100,
        second: String = "text",
        third: Int,
      ) first_parameter + 1

      """),
  ]

  static let comments: [Sample] = [
    Sample("two blanks before one", "a # c\n", "a  # c\n"),
    Sample(
      "in every place of a call",
      "f( # open\n  a, # first\n  # own\n  b # second\n  , c # third\n # end\n)\n",
      "f(  # open\n  a,  # first\n  # own\n  b,  # second\n  c,  # third\n  # end\n)\n"),
    Sample("in an empty block", "fn f() {\n# nothing\n}\n", "fn f() {\n  # nothing\n}\n"),
    Sample("behind a brace", "if a { # why\n b }\n", "if a {  # why\n  b\n}\n"),
    Sample(
      "between arms", "match x {\n# first\n 1 -> \"one\", # one\n\n\n # two\n 2 -> b\n # end\n}\n",
      "match x {\n  # first\n  1 -> \"one\"  # one\n\n  # two\n  2 -> b\n  # end\n}\n"),
    Sample(
      "in a chain", "let p = xs # input\n # big\n |> map(f) # double\n",
      "let p = xs  # input\n  # big\n  |> map(f)  # double\n"),
    Sample(
      "behind a pipe", "let p = xs |> # why\n  map(f)\n", "let p = xs  # why\n  |> map(f)\n"),
    Sample("behind an operator", "let q = a + # why\nb\n", "let q = a +  # why\n  b\n"),
    Sample(
      "cells and documentation",
      "#!/usr/bin/env -S mdm run\n# %% One  \n\n## Adds.\n##\n##     f(1)  # 2\nfn f(x) x+1\n",
      "#!/usr/bin/env -S mdm run\n# %% One\n\n## Adds.\n##\n##     f(1)  # 2\nfn f(x) x + 1\n"),
    Sample(
      "documentation apart stays apart", "## Not of f.\n\nfn f(x) x\n"),
    Sample("inside of a text it is text", "let t = f\"\"\"{a # c\n}\"\"\"\n"),
  ]

  @Test(arguments: samples + long + comments) func style(_ sample: Sample) {
    #expect(Corpus.format(sample.before) == sample.after)
    #expect(Corpus.format(sample.after) == sample.after)
  }

  @Test func textsWithErrorsAreRejected() {
    for text in ["let", "f(", "if a = b { c }", "\"open"] {
      #expect(!Corpus.isCorrect(text))
      #expect(Corpus.format(text) == text)
    }
  }
}
