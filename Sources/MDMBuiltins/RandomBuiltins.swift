import MDMDeclarations
import MDMNumerics
import MDMRuntime

/// Named random streams: no global generator, and the same draws on every machine.
enum RandomBuiltins: BuiltinFamily {
  static let name = "random"
  private static let source =
    "Philox4x32-10, Salmon et al., Parallel random numbers: as easy as 1, 2, 3, SC 2011"
  private static let rng = ParameterDeclaration("rng", .domain("Random"), "The stream.")
  private static let xs = ParameterDeclaration(
    "xs", .any, "A list, or anything a loop goes through.")
  private static let methods = NativeFunction.Form.method([.domain("Random")])

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [random, split, uniform, normal, int, choice, shuffle, sample]
  }

  private static let random = NativeFunction(
    FunctionSignature(
      "random",
      [
        ParameterDeclaration("seed", .int, "The experiment's seed."),
        ParameterDeclaration("purpose", .string, "What the draws decide, such as \"order\"."),
        ParameterDeclaration("keys", rest: true, "Strings and Ints that tell streams apart."),
      ], returns: .domain("Random"), family: name,
      "A stream of random numbers that depends on its name only: no other draw moves it.",
      examples: [
        Example("random(7, \"order\").int(0, 100)", prints: "16"),
        Example(
          "random(7, \"a\").uniform() == random(7, \"a\", 0).uniform()", prints: "false"),
      ], source: source)
  ) { call in
    .domain(
      RandomValue(
        seed: Int64(try call.int(0)), purpose: try call.string(1),
        keys: try call.list(2).map { try key($0, call, argument: 2) }))
  }

  private static let split = NativeFunction(
    FunctionSignature(
      "split",
      [rng, ParameterDeclaration("keys", rest: true, "Strings and Ints, at least one.")],
      returns: .domain("Random"), family: name,
      "A stream of its own below this one; draws of neither move the other.",
      examples: [
        Example(
          "random(7, \"a\").split(\"b\").uniform() == random(7, \"a\", \"b\").uniform()",
          prints: "true")
      ]), form: methods
  ) { call in
    let parent = try call.domain(0, as: RandomValue.self)
    let keys = try call.list(1).map { try key($0, call, argument: 1) }
    if keys.isEmpty { throw call.fail("E0420", "split needs a key to name the new stream") }
    return .domain(
      RandomValue(seed: parent.seed, purpose: parent.purpose, keys: parent.keys + keys))
  }

  private static let uniform = NativeFunction(
    FunctionSignature(
      "uniform",
      [
        rng, ParameterDeclaration("low", .float, default: "0.0", "The least draw."),
        ParameterDeclaration("high", .float, default: "1.0", "Above all draws."),
      ], returns: .float, family: name, "A Float from low up to high, each as likely.",
      examples: [Example("random(7, \"u\").uniform() < 1", prints: "true")]), form: methods
  ) { call in
    let (low, high) = (try call.double(1), try call.double(2))
    guard low.isFinite, high.isFinite, low <= high, (high - low).isFinite else {
      throw call.fail("E0420", "there is no uniform draw from \(low) to \(high)", argument: 1)
    }
    let share = try call.domain(0, as: RandomValue.self).draw { $0.uniform() }
    // Rounding could reach the end, which is not among the draws.
    let value = low + (high - low) * share
    return .float(value < high ? value : low == high ? low : high.nextDown)
  }

  private static let normal = NativeFunction(
    FunctionSignature(
      "normal",
      [
        rng, ParameterDeclaration("mean", .float, default: "0.0", "The mean."),
        ParameterDeclaration("std", .float, default: "1.0", "The standard deviation."),
      ], returns: .float, family: name, "A normal draw.",
      examples: [Example("random(7, \"n\").normal(100, 0)", prints: "100.0")],
      source: "Box and Muller, A note on the generation of random normal deviates, 1958"),
    form: methods
  ) { call in
    let (mean, deviation) = (try call.double(1), try call.double(2))
    guard deviation >= 0 else {
      throw call.fail("E0420", "`std` is at least 0, got \(deviation)", argument: 2)
    }
    return .float(
      try call.domain(0, as: RandomValue.self).draw {
        $0.normal(mean: mean, standardDeviation: deviation)
      })
  }

  private static let int = NativeFunction(
    FunctionSignature(
      "int",
      [
        rng,
        ParameterDeclaration("low", .either([.int, .range]), "The least draw, or a range."),
        ParameterDeclaration("high", .int, default: "none", "Above all draws."),
      ], returns: .int, family: name,
      "An Int of a range, or from low up to but not including high, each as likely.",
      examples: [
        Example("random(7, \"dice\").int(1..=6) in 1..=6", prints: "true"),
        Example("random(7, \"dice\").int(5, 6)", prints: "5"),
      ], source: "Lemire, Fast random integer generation in an interval, TOMACS 2019"),
    form: methods
  ) { call in
    let value = try call.domain(0, as: RandomValue.self)
    if case .range = try call.datum(1) {
      let count = try call.elementCount(1)
      if count == 0 { throw call.fail("E0420", "the range is empty", argument: 1) }
      return try call.element(value.draw { $0.integer(below: count) }, of: 1)
    }
    guard !call.isMissing(2) else {
      throw call.fail(
        "E0420", "`high` is missing", hint: "write int(0, 10), or a range: int(0..10)", argument: 1)
    }
    let (low, high) = (try call.int(1), try call.int(2))
    let (count, overflow) = high.subtractingReportingOverflow(low)
    guard !overflow, count > 0 else {
      throw call.fail("E0420", "there is no Int from \(low) up to but not \(high)", argument: 1)
    }
    return .int(low + value.draw { $0.integer(below: count) })
  }

  private static let choice = NativeFunction(
    FunctionSignature(
      "choice",
      [
        rng, xs,
        ParameterDeclaration(
          "weights", .list, default: "none", "As many numbers, at least 0; equal without them."),
      ], returns: .any, family: name, "One element.",
      examples: [Example("random(7, \"c\").choice([\"a\", \"b\"], weights: [0, 1])", prints: "b")]
    ), form: methods
  ) { call in
    let value = try call.domain(0, as: RandomValue.self)
    let count = try call.elementCount(1)
    if count == 0 { throw call.fail("E0420", "there is no element to choose", argument: 1) }
    guard !call.isMissing(2) else {
      return try call.element(value.draw { $0.integer(below: count) }, of: 1)
    }
    let weights = try call.doubles(2)
    guard weights.count == count, weights.allSatisfy({ $0 >= 0 && $0.isFinite }),
      weights.contains(where: { $0 > 0 })
    else {
      throw call.fail(
        "E0420", "`weights` are \(count) finite numbers, at least 0 and not all of them 0",
        argument: 2)
    }
    return try call.element(value.draw { $0.index(weights: weights) }, of: 1)
  }

  private static let shuffle = NativeFunction(
    FunctionSignature(
      "shuffle", [rng, xs], returns: .list, family: name,
      "A new list of the elements in a random order.",
      examples: [Example("sort(random(7, \"s\").shuffle(0..4))", prints: "[0, 1, 2, 3]")]),
    form: methods
  ) { call in
    let value = try call.domain(0, as: RandomValue.self)
    let count = try call.elementCount(1)
    return try call.elements(value.draw { $0.shuffled(Array(0..<count)) }, of: 1)
  }

  private static let sample = NativeFunction(
    FunctionSignature(
      "sample", [rng, xs, ParameterDeclaration("count", .int, "How many.")], returns: .list,
      family: name, "A new list of so many different elements in a random order.",
      examples: [Example("len(unique(random(7, \"s\").sample(0..100, 5)))", prints: "5")]),
    form: methods
  ) { call in
    let value = try call.domain(0, as: RandomValue.self)
    let total = try call.elementCount(1)
    let count = try call.int(2)
    guard (0...total).contains(count) else {
      throw call.fail(
        "E0420", "there are \(total) elements, not \(count)",
        hint: "choice(xs) draws one with replacement", argument: 2)
    }
    let positions = value.draw { stream in
      var all = Array(0..<total)
      for place in 0..<count { all.swapAt(place, place + stream.integer(below: total - place)) }
      return Array(all[..<count])
    }
    return try call.elements(positions, of: 1)
  }

  private static func key(_ datum: Datum, _ call: NativeCall, argument: Int) throws -> String {
    switch datum {
    case .int(let value): return "\(value)"
    case .string(let text): return "\"\(text)\""
    default:
      throw call.fail(
        "E0406", "a key is a String or an Int, got \(datum.brief)", argument: argument)
    }
  }
}
