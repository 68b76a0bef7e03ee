import Foundation

/// Texts that fuzzing starts from.
public enum Corpus {
  /// All files of some kinds below folders, in the order of their paths.
  public static func files(_ folders: [String], endings: [String], below root: String) -> [String] {
    var paths: [String] = []
    for folder in folders {
      let names =
        FileManager.default.enumerator(atPath: root + "/" + folder)?.allObjects as? [String] ?? []
      paths += names.filter { name in endings.contains { name.hasSuffix($0) } }
        .map { "\(root)/\(folder)/\($0)" }
    }
    return paths.sorted().compactMap { path in
      guard let text = try? String(contentsOfFile: path, encoding: .utf8), text.utf8.count < 50_000
      else { return nil }
      return text
    }
  }

  /// The scripts of the repository: those of the tests, the standard library and the notebooks.
  public static func scripts(below root: String) -> [String] {
    files(["Tests/Scripts", "stdlib", "notebooks"], endings: [".mdm"], below: root) + [program]
  }

  /// One of everything that the grammar has.
  public static let program = """
    #!/usr/bin/env mdm
    use stats: mean
    param steps: Int = 10k, "steps"
    ## Doubles.
    fn double(x: Int | None = 2, ..rest) -> Int { x * 2 ** -1 }
    reward fn r(c, e) -> 0..=1 { c.answer ?? return 0 }
    let m = mix {coco: 20%, "lisa": 80%}
    let job = spawn train(m, steps: 3)
    let rows = [1, ..[2, 3], 0..10 by 2] |> map(.a, _) |> f(lr: 1)
      .sum(xs[1..])
    let text = f"a {rows[0]:>8.3f} {f"{m}"} {{x}}" + r"\\d" + "\\u{41}\\n"
    let many = f\"\"\"
      a {1 + 1}
      b
      \"\"\"
    if not a ~= b +- 1% and c in d { x += 1 } else if y { } else { try { a } catch e { b } }
    for k, v in ({a: 1, 2: b, ..cfg}) { match k { [a, ..b] | 1..2 if c -> d, {e: "f"} -> { g } } }
    budget(time: 5min) { defer { close() } }
    test "t" { assert across seeds(3): seed > 0, "m" }
    """

  /// Short programs that run, for the machine: mutants of them often run too.
  public static let runnable = [
    "fn f(a, b = 2, ..c) {\n  var s = a\n  for x in c { s += x * b }\n  s\n}\nf(1, 2, 3, b: 4)",
    "let r = {a: 1, b: [1, 2, 3]}\nr.b[0] = r.a\nr.c = r.b[0..2]\n"
      + "match r { {a, b: [x, ..y]} -> x + a, _ -> none }",
    "var i = 0\nwhile i < 10 {\n  i += 1\n  if i % 2 == 0 { continue }\n"
      + "  try { [1, 2][i] } catch e { print(e.message) }\n}\ni",
    "let xs = list(0..10)\nxs |> map(fn(x) x ** 2) |> filter(fn(x) x % 3 == 1) |> sum()",
    "fn g(n) {\n  defer { print(n) }\n  if n > 3 { return n }\n  g(n + 1)\n}\n"
      + "f\"{g(0):>5} {1.5:.2f}\".upper().split(\" \")",
    "let a = [1]\na.push(a)\nlet k = {x: a, \"y z\": 2}\nfor q, w in k { print(q, w == w) }\n"
      + "len(str(k)) + 9223372036854775807 // 3",
    "let words = \"the quick brown fox\".split(\" \")\nlet counts = {}\n"
      + "for w in words { counts[w] = counts.get(w, 0) + len(w) }\n"
      + "sort(words, by: fn(w) -counts[w])",
    "fn make() {\n  var n = 0\n  fn() { n += 1\n n }\n}\nlet next = make()\n"
      + "[next(), next(), next()] |> map(fn(x) {x, y: x ** 2}) |> filter(fn(r) r.y > 1)",
    "var total = 0\nbudget(steps: 10) { for i in 0..5 { total += i } }\n"
      + "expect total == 10\nassert [1, 2] == [1, 2], \"same\"\ntotal",
  ]

  /// JSON texts of every shape.
  public static let json = [
    #"{"a": [1, 2.5e-3, -0, true, false, null, "x\u00e9\ud83d\ude00\n"], "b": {"c": {}}}"#,
    "[]", "[[[[[[]]]]]]", "\"\"", "1e308", "-12.5E+2", " \t\r\n0 ",
    #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["1 + 1\n"], "outputs": []}]}"#,
    #"{"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"rootUri": null}}"#,
  ]
}

extension Corpus {
  /// The files of a folder, by name.
  static func bytes(_ folder: String, excluding endings: [String], below root: String) -> [[UInt8]]
  {
    let folder = URL(filePath: root).appending(path: folder)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.sorted().filter { name in !endings.contains { name.hasSuffix($0) } }.compactMap {
      (try? Data(contentsOf: folder.appending(path: $0))).map { Array($0) }
    }
  }

  /// One of some files with a few bytes changed, cut off, or its end another's.
  static func mutated(_ files: [[UInt8]], _ random: inout RandomNumbers) -> [UInt8] {
    guard var bytes = random.pick(files), !bytes.isEmpty else { return [] }
    for _ in 0...random.next(6) where !bytes.isEmpty {
      let place = random.next(random.oneIn(3) ? min(bytes.count, 80) : bytes.count)
      switch random.next(8) {
      case 0: bytes[place] ^= 1 << UInt8(random.next(8))
      case 1: bytes.removeSubrange(place..<min(bytes.count, place + 1 + random.next(8)))
      case 2: bytes.insert(UInt8(random.next(256)), at: place)
      case 3 where random.oneIn(4): bytes.removeSubrange(place...)
      case 4 where random.oneIn(3):
        let other = random.pick(files) ?? []
        bytes.replaceSubrange(place..., with: other.suffix(max(0, other.count - place)))
      case 5: bytes[place] = random.oneIn(2) ? 0xFF : 0
      default: bytes[place] = UInt8(random.next(256))
      }
    }
    return bytes
  }
}
