/// The codes of this module: E01xx the letters, E02xx the sentences, E03xx what is checked before
/// a script runs (names, from E0351 calls, from E0361 mixtures), and W03xx for what is allowed but
/// looks like a mistake.
///
/// From E04xx on the codes belong to other modules: what fails while a script runs.
public enum DiagnosticCatalogue {
  /// All codes of this module, in order.
  public static let syntax: [DiagnosticCode] = lexical + sentences + names + calls + mixtures

  private static let lexical = [
    DiagnosticCode(
      "E0101", "a character without meaning",
      "Outside strings and comments only letters, digits, `_` and the signs of the language can "
        + "stand. Typographic quotes and minus signs often come in by pasting.",
      wrong: "let a = 3 × 4", right: "let a = 3 * 4"),
    DiagnosticCode(
      "E0102", "a number that is too large",
      "An Int has 64 bits. A larger literal is an error, it does not become a Float silently; "
        + "write an exponent to ask for a Float.",
      wrong: "let big = 9_223_372_036_854_775_808", right: "let big = 9.3e18"),
    DiagnosticCode(
      "E0103", "a malformed number",
      "`0x`, `0o` and `0b` begin hexadecimal, octal and binary numbers, and `_` may separate "
        + "digits.",
      wrong: "let mask = 0xfg", right: "let mask = 0xff"),
    DiagnosticCode(
      "E0104", "an unknown suffix of a number",
      "Letters directly behind a number are its suffix: k M B T count, `%` divides by 100, us ms s "
        + "min h d make a Duration, KB MB GB TB and KiB MiB GiB TiB a Size.",
      wrong: "let limit = 5m", right: "let limit = 5min"),
    DiagnosticCode(
      "E0105", "a count that is not whole",
      "The suffixes k M B T make an Int and those of sizes whole bytes, so that a count never "
        + "becomes a Float without being asked to.",
      wrong: "let steps = 1.2345k", right: "let steps = 1.234k"),
    DiagnosticCode(
      "E0106", "a string that is never closed",
      "A string in plain quotes ends on its line. Text of several lines stands between \"\"\".",
      wrong: "print(\"hello)", right: "print(\"hello\")"),
    DiagnosticCode(
      "E0107", "braces of an f-string that do not fit",
      "In f\"…\" a value stands between braces. A brace that belongs to the text is doubled.",
      wrong: "print(f\"{1 + 1\")", right: "print(f\"{1 + 1} and {{text}}\")"),
    DiagnosticCode(
      "E0109", "single quotes",
      "Strings are written with double quotes only: one way to write, one way to read.",
      wrong: "let name = 'coco'", right: "let name = \"coco\""),
    DiagnosticCode(
      "E0110", "an unknown format",
      "After the colon of {value:format} stand, all of them optional: fill and align (< > ^), a "
        + "sign, the width, `,` for thousands, .precision, and a type of d f e g % k s x b o.",
      wrong: "print(f\"{3.14:two}\")", right: "print(f\"{3.14:.2f}\")"),
    DiagnosticCode(
      "E0111", "an unknown escape",
      "The escapes are \\n \\t \\r \\0 \\e \\\\ \\\" \\' \\x41 and \\u{1f600}. In r\"…\" a backslash "
        + "is just a backslash, which suits patterns and formulas.",
      wrong: "let pattern = \"\\d+\"", right: "let pattern = r\"\\d+\""),
  ]

  private static let sentences = [
    DiagnosticCode(
      "E0201", "something else was expected",
      "The text cannot go on like this. The message says what may stand there.",
      wrong: "let a = [1, 2 3]", right: "let a = [1, 2, 3]"),
    DiagnosticCode(
      "E0202", "a bracket that is never closed",
      "Each ( [ { needs its partner. The place is that of the opening bracket.",
      wrong: "print((1 + 2)\nlet a = 3", right: "print((1 + 2))\nlet a = 3"),
    DiagnosticCode(
      "E0203", "a bracket that closes nothing",
      "A ) ] } without an opening bracket before it.",
      wrong: "print(1))", right: "print(1)"),
    DiagnosticCode(
      "E0204", "an operator of another language",
      "Logic is written and, or, not; a power `**`; a choice `if c { a } else { b }`; a count goes "
        + "up with `+= 1`.",
      wrong: "print(true && false)", right: "print(true and false)"),
    DiagnosticCode(
      "E0205", "a word of another language",
      "Functions begin with `fn`, a further condition with `else if`, comments with `#`, imports "
        + "with `use`.",
      wrong: "def double(x) { 2 * x }", right: "fn double(x) { 2 * x }"),
    DiagnosticCode(
      "E0206", "an assignment in a condition",
      "`=` gives a name a new value and has none itself; `==` compares.",
      wrong: "let a = 1\nif a = 1 { print(a) }", right: "let a = 1\nif a == 1 { print(a) }"),
    DiagnosticCode(
      "E0207", "a named argument with `=`",
      "Named arguments are written like the fields of a record, so that a record can be spread "
        + "into a call: f(..options, lr: 1).",
      wrong: "fn f(lr) lr\nf(lr = 1)", right: "fn f(lr) lr\nf(lr: 1)"),
    DiagnosticCode(
      "E0208", "a semicolon",
      "A statement ends at the end of its line.", wrong: "let a = 1;", right: "let a = 1"),
    DiagnosticCode(
      "E0209", "a positional argument after a named one",
      "Arguments without a name come first, so that their places can be counted.",
      wrong: "fn f(a, b) a + b\nf(a: 1, 2)", right: "fn f(a, b) a + b\nf(1, b: 2)"),
    DiagnosticCode(
      "E0210", "operators that do not combine",
      "Comparisons do not chain, and `not` binds looser than they do: say what belongs together.",
      wrong: "print(1 < 2 < 3)", right: "print(1 < 2 and 2 < 3)"),
    DiagnosticCode(
      "E0211", "an approximate comparison without tolerance",
      "`a ~= b +- tolerance` always shows how near is near enough; `+-` follows only `~=`.",
      wrong: "print(0.1 + 0.2 ~= 0.3)", right: "print(0.1 + 0.2 ~= 0.3 +- 1e-9)"),
    DiagnosticCode(
      "E0212", "a block that is missing or misplaced",
      "`{` opens a block only after fn(…), a type, if, else, for, while, match, try, catch, defer, "
        + "test and budget(…), and on the same line; everywhere else it begins a record. A record "
        + "in a condition stands in parentheses.",
      wrong: "let a = 1\nif a > 0\n  print(a)", right: "let a = 1\nif a > 0 {\n  print(a)\n}"),
    DiagnosticCode(
      "E0213", "an assignment that cannot be",
      "Names, fields and indices can be assigned to. An assignment is a statement and has no value.",
      wrong: "var a = 1\na + 1 = 2", right: "var a = 1\na = 2"),
    DiagnosticCode(
      "E0214", "`else` or `catch` on a line of its own",
      "A new line ends the statement, so the next part must begin on the line of the `}`.",
      wrong: "if true { print(1) }\nelse { print(2) }",
      right: "if true { print(1) } else { print(2) }"
    ),
    DiagnosticCode(
      "E0215", "a pipe without input or function",
      "`x |> f(a)` calls f with x first. `|>` binds loosest, so its right side is a function or a "
        + "call and nothing more.",
      wrong: "let n = [1, 2] |> len() + 1", right: "let n = ([1, 2] |> len()) + 1"),
    DiagnosticCode(
      "E0216", "a `.field` that does not stand alone",
      "`.field` is short for fn(r) r.field, and nothing can follow it. At the start of a line `.` "
        + "goes on with the line before.",
      wrong: "let rows = [{a: 1}]\nprint(filter(rows, .a > 0))",
      right: "let rows = [{a: 1}]\nprint(filter(rows, fn(r) r.a > 0))"),
    DiagnosticCode(
      "E0217", "a range that is not one",
      "A range is a..b or a..=b, with `by` for the step. Only an index may leave an end open.",
      wrong: "let r = 0..", right: "let r = 0..10"),
    DiagnosticCode(
      "E0218", "nested too deeply",
      "There is a limit to how deep brackets, blocks and chains of operators may go, so that no "
        + "text can exhaust the stack. Names for parts make it readable as well.",
      wrong: "let s = " + String(repeating: "(", count: 200) + "1"
        + String(repeating: ")", count: 200), right: "let s = ((1))"),
    DiagnosticCode(
      "E0219", "a field that is not one",
      "The fields of a record are written name: value, \"any text\": value or 3: value.",
      wrong: "let r = {0.5: 1}", right: "let r = {\"0.5\": 1}"),
    DiagnosticCode(
      "E0220", "a misplaced spread",
      "`..x` at the start of an element, field, argument or parameter is a spread or a rest; "
        + "a mixture names all its domains.",
      wrong: "let w = {a: 1.0}\nlet m = mix {..w}", right: "let m = mix {a: 1.0}"),
    DiagnosticCode(
      "E0221", "a reserved word as a name",
      "The words let var fn return if else match for while in break continue true false none and "
        + "or not try defer assert expect cannot name things, except fields and named arguments.",
      wrong: "let match = 1", right: "let matched = 1"),
    DiagnosticCode(
      "E0222", "a declaration inside a block",
      "use, param, pub and test belong to the whole file, so that it can be checked before it runs.",
      wrong: "fn f() {\n  use stats\n}", right: "use stats\nfn f() stats"),
    DiagnosticCode(
      "E0223", "a declaration without its value",
      "let and var bind a value, a param has a default, a reward its range, and a module file the "
        + "name it is known by.",
      wrong: "let x", right: "let x = none"),
    DiagnosticCode(
      "E0224", "a function without a body, or a statement as a value",
      "The body of a function is an expression or a block and begins on the same line. Statements "
        + "such as `for` and named functions have no value.",
      wrong: "let f = fn(x)", right: "let f = fn(x) x + 1"),
    DiagnosticCode(
      "E0225", "a pattern that is not one",
      "Patterns are names, `_`, literals, literal ranges, [a, ..rest], {a, b: pattern} and `|` "
        + "between them. Everything else is tested after `if`.",
      wrong: "let r = {a: 1}\nfor (k, v) in r { print(k, v) }",
      right: "let r = {a: 1}\nfor k, v in r { print(k, v) }"),
    DiagnosticCode(
      "E0226", "an incomplete match or try",
      "The arms of `match` are pattern -> value, one a line; `try` has one `catch`.",
      wrong: "match 1 { 1 => 2 }", right: "match 1 { 1 -> 2, _ -> 3 }"),
    DiagnosticCode(
      "E0227", "two statements on one line",
      "One statement stands on a line. Often an operator, a comma or the parentheses of a call are "
        + "missing.",
      wrong: "print 1", right: "print(1)"),
    DiagnosticCode(
      "E0228", "a `spawn` without a call",
      "`spawn f(x)` runs one call in the background. A pipe, a block or any other expression goes "
        + "into a function without parameters: spawn(fn() …).",
      wrong: "fn f(x) x\nlet a = 1\nlet job = spawn a |> f()",
      right: "fn f(x) x\nlet a = 1\nlet job = spawn f(a)"),
  ]

  private static let names = [
    DiagnosticCode(
      "E0301", "an unknown name",
      "Every name is looked up before the first statement runs, so that a misspelt one does not "
        + "end a run after hours.",
      wrong: "let steps = 3\nprint(step)", right: "let steps = 3\nprint(steps)"),
    DiagnosticCode(
      "E0302", "a name before its line",
      "A `let` or `var` is visible after its line, also for the functions that use it. Only "
        + "functions of one level see each other whatever their order.",
      wrong: "print(a)\nlet a = 1", right: "let a = 1\nprint(a)"),
    DiagnosticCode(
      "E0303", "an assignment to an unknown name",
      "`x = …` changes a variable that exists; `let x = …` or `var x = …` makes one. So a misspelt "
        + "name cannot silently become a new variable.",
      wrong: "var total = 0\ntotl = 1", right: "var total = 0\ntotal = 1"),
    DiagnosticCode(
      "E0304", "an assignment to what does not change",
      "Names bound by let, by parameters, loops and patterns, and names of functions keep their "
        + "value. `var` declares what changes.",
      wrong: "let n = 1\nn = 2", right: "var n = 1\nn = 2"),
    DiagnosticCode(
      "E0305", "a name declared twice in one block",
      "Within a block a name means one thing. At the top level of the REPL and of notebooks `let` "
        + "may say it again.",
      wrong: "let a = 1\nlet a = 2", right: "let a = 1\nlet b = 2"),
    DiagnosticCode(
      "E0306", "an unknown type",
      "Types are written with a capital letter: Int, Float, Number, String, Bool, List, Record, "
        + "Function, Duration, Size, None, Any and those of the domain.",
      wrong: "fn f(n: Integer) n", right: "fn f(n: Int) n"),
    DiagnosticCode(
      "E0307", "a parameter declared twice",
      "Each parameter of a function has its own name, and at most one takes the rest.",
      wrong: "fn f(a, a) a", right: "fn f(a, b) a + b"),
    DiagnosticCode(
      "E0308", "a key written twice",
      "A record has each key once; of two, one is surely a mistake.",
      wrong: "let r = {lr: 1, lr: 2}", right: "let r = {lr: 1, steps: 2}"),
    DiagnosticCode(
      "E0309", "a misplaced `_`",
      "`_` stands for the input of a pipe, once, as a whole argument of the call at its right; in "
        + "patterns it matches anything. It is no name.",
      wrong: "fn f(a, b) a\nprint(f(_, 1))", right: "fn f(a, b) a\nprint(1 |> f(2, _))"),
    DiagnosticCode(
      "E0310", "return, break or continue without its place",
      "`return` leaves a function, `break` and `continue` a loop of the same function. None of "
        + "them can leave a `defer` block.",
      wrong: "break", right: "while true { break }"),
    DiagnosticCode(
      "E0311", "alternatives that bind different names",
      "All patterns between `|` bind the same names, so that the arm can use them.",
      wrong: "let f = fn(x) match x { [a] | [a, b] -> a, _ -> 0 }",
      right: "let f = fn(x) match x { [a] | [a, _] -> a, _ -> 0 }"),
    DiagnosticCode(
      "E0312", "an unknown member of a module",
      "A module exports what `pub` stands before, and no other name can be used from outside."),
    DiagnosticCode(
      "E0313", "an unknown module",
      "`use name` takes a module of the standard library, `use \"./file.mdm\" as name` a file, "
        + "relative to the one that uses it. Both are looked up before anything runs."),
    DiagnosticCode(
      "E0314", "modules that use each other in a circle",
      "A module is run once, when it is first used, so it cannot wait for itself. Move what both "
        + "need into a third module."),
    DiagnosticCode(
      "W0301", "a name that hides another",
      "An inner block declares a name of an outer one. It is allowed, and often a mistake.",
      wrong: "let a = 1\nif a > 0 {\n  let a = 2\n  print(a)\n}",
      right: "let a = 1\nif a > 0 {\n  let b = 2\n  print(b)\n}"),
    DiagnosticCode(
      "W0302", "a name that is never used",
      "A `let` or `var` inside a function is never read. A name that begins with `_` is exempt.",
      wrong: "fn f(x) {\n  let y = x + 1\n  x\n}", right: "fn f(x) {\n  let y = x + 1\n  y\n}"),
    DiagnosticCode(
      "W0303", "a statement that is never reached",
      "What stands after return, break, continue or error(…) in the same block never runs, nor what "
        + "stands after a loop without end.",
      wrong: "fn f(x) {\n  return x\n  print(x)\n}", right: "fn f(x) {\n  print(x)\n  return x\n}"),
    DiagnosticCode(
      "W0304", "a match that misses cases",
      "A value that no arm accepts ends the script with E0414. An arm `_ -> …` accepts the rest; "
        + "true with false, and [] with [first, ..rest], need none.",
      wrong: "let f = fn(x) match x { 1 -> \"one\", 2 -> \"two\" }",
      right: "let f = fn(x) match x { 1 -> \"one\", _ -> \"many\" }"),
    DiagnosticCode(
      "W0305", "an arm that is never reached",
      "The arms are tried in order, and one above accepts all that this one accepts.",
      wrong: "let f = fn(x) match x { _ -> 0, 1 -> 1 }",
      right: "let f = fn(x) match x { 1 -> 1, _ -> 0 }"),
    DiagnosticCode(
      "W0306", "floats compared for equality",
      "Most decimal fractions have no exact Float: 0.1 + 0.2 is not 0.3. `~=` compares with a "
        + "tolerance that everybody sees.",
      wrong: "let f = fn(x) x == 0.3", right: "let f = fn(x) x ~= 0.3 +- 1e-9"),
    DiagnosticCode(
      "W0307", "a name that is not in snake_case",
      "Names are written like learning_rate, as the built-in ones are; N and MAX_STEPS are fine.",
      wrong: "let learningRate = 1e-4", right: "let learning_rate = 1e-4"),
    DiagnosticCode(
      "W0308", "a value that nothing uses",
      "A comparison or a name alone on its line does nothing. Often `=` was meant, or a function "
        + "lacks its parentheses.",
      wrong: "fn f() {\n  var a = 1\n  a == 2\n  a\n}",
      right: "fn f() {\n  var a = 1\n  a = 2\n  a\n}"),
  ]

  private static let calls = [
    DiagnosticCode(
      "E0351", "too many arguments",
      "The function takes fewer arguments than the call gives; the input of a pipe counts as one.",
      wrong: "fn f(a) a\nf(1, 2)", right: "fn f(a) a\nf(1)"),
    DiagnosticCode(
      "E0352", "an unknown named argument",
      "Names of arguments are written in full; a part of a name is never enough.",
      wrong: "fn f(steps) steps\nf(step: 1)", right: "fn f(steps) steps\nf(steps: 1)"),
    DiagnosticCode(
      "E0353", "an argument given twice",
      "An argument is given by its place or by its name, once.",
      wrong: "fn f(a, b) a + b\nf(1, a: 2)", right: "fn f(a, b) a + b\nf(1, b: 2)"),
    DiagnosticCode(
      "E0354", "a missing argument",
      "A parameter without a default needs an argument.",
      wrong: "fn f(a, b) a + b\nf(1)", right: "fn f(a, b) a + b\nf(1, 2)"),
    DiagnosticCode(
      "E0355", "a required parameter after an optional one",
      "Parameters with a default come last, so that the others can be given by their place. After "
        + "a rest parameter all are given by name, and any order is fine.",
      wrong: "fn f(a = 1, b) a + b", right: "fn f(b, a = 1) a + b"),
    DiagnosticCode(
      "E0356", "a call of what is no function",
      "Only functions can be called; a literal is none. Often a comma or an operator is missing.",
      wrong: "let xs = [1 (2)]", right: "let xs = [1, (2)]"),
  ]

  private static let mixtures = [
    DiagnosticCode(
      "E0361", "a mixture that does not sum to 1",
      "The weights of a mixture are shares of the training data, at least 0, and sum to 1. What "
        + "is written out is checked before anything runs.",
      wrong: "let m = mix {coco: 30%, lisa: 80%}", right: "let m = mix {coco: 20%, lisa: 80%}"),
    DiagnosticCode(
      "E0362", "an unknown domain in a mixture",
      "A mixture names domains of the training data, in full and correctly spelt."),
  ]
}
