import Glibc
import MDMDeclarations

/// Numbers.
enum MathFunctions {
  private static let family = "math"
  private static let x = ParameterDeclaration("x", .number, "A number.")

  static let all: [NativeFunction] =
    [
      real("sqrt", "The square root; nan below zero.", Example("sqrt(9)", prints: "3.0")) {
        $0.squareRoot()
      },
      real("exp", "e to the power of x.", Example("exp(0)", prints: "1.0"), Glibc.exp),
      real("log2", "The binary logarithm.", Example("log2(8)", prints: "3.0"), Glibc.log2),
      real("log10", "The decimal logarithm.", Example("log10(100)", prints: "2.0"), Glibc.log10),
      real("sin", "The sine of an angle in radians.", Example("sin(0)", prints: "0.0"), Glibc.sin),
      real(
        "cos", "The cosine of an angle in radians.", Example("cos(0)", prints: "1.0"), Glibc.cos),
      real("tan", "The tangent of an angle.", Example("tan(0)", prints: "0.0"), Glibc.tan),
      real("asin", "The angle of a sine.", Example("asin(0)", prints: "0.0"), Glibc.asin),
      real("acos", "The angle of a cosine.", Example("acos(1)", prints: "0.0"), Glibc.acos),
      real("atan", "The angle of a tangent.", Example("atan(0)", prints: "0.0"), Glibc.atan),
      real("tanh", "The hyperbolic tangent.", Example("tanh(0)", prints: "0.0"), Glibc.tanh),
      real(
        "sigmoid", "1 / (1 + exp(-x)).", Example("sigmoid(0)", prints: "0.5"),
        // Neither side overflows.
        { $0 < 0 ? Glibc.exp($0) / (1 + Glibc.exp($0)) : 1 / (1 + Glibc.exp(-$0)) }),
      real("erf", "The error function.", Example("erf(0)", prints: "0.0"), Glibc.erf),
      real(
        "lgamma", "The logarithm of the gamma function's magnitude.",
        Example("lgamma(1)", prints: "0.0"),
        {
          var sign: Int32 = 0
          return lgamma_r($0, &sign)
        }),
      real("log1p", "log(1 + x), exact near 0.", Example("log1p(0)", prints: "0.0"), Glibc.log1p),
      real("expm1", "exp(x) - 1, exact near 0.", Example("expm1(0)", prints: "0.0"), Glibc.expm1),
      NativeFunction(
        FunctionSignature(
          "atan2",
          [
            ParameterDeclaration("y", .number, "The height."),
            ParameterDeclaration("x", .number, "The width."),
          ], returns: .float, family: family, "The angle of a point, from -pi to pi.",
          examples: [Example("atan2(0, 1)", prints: "0.0")]),
        raw: { call in Value(Glibc.atan2(call.value(0).number, call.value(1).number)) }),
      NativeFunction(
        FunctionSignature(
          "hypot", [x, ParameterDeclaration("y", .number, "Another number.")], returns: .float,
          family: family, "The length of the hypotenuse, without overflow.",
          examples: [Example("hypot(3, 4)", prints: "5.0")]),
        raw: { call in Value(Glibc.hypot(call.value(0).number, call.value(1).number)) }),
      NativeFunction(
        FunctionSignature(
          "sign", [x], returns: .int, family: family, "-1, 0 or 1; an error for nan.",
          examples: [Example("sign(-2.5)", prints: "-1")]),
        raw: { call in
          let value = call.value(0).number
          if value.isNaN { throw call.fail(.value, "nan has no sign", argument: 0) }
          return Value(value > 0 ? 1 : value < 0 ? -1 : 0)
        }),
      NativeFunction(
        FunctionSignature(
          "log", [x, ParameterDeclaration("base", .number, default: "none", "e without it.")],
          returns: .float, family: family, "The logarithm, natural or to a base.",
          examples: [Example("log(1)", prints: "0.0"), Example("log(8, base: 2)", prints: "3.0")]),
        raw: { call in
          let value = Glibc.log(call.value(0).number)
          return Value(call.isMissing(1) ? value : value / Glibc.log(call.value(1).number))
        }),
      NativeFunction(
        FunctionSignature(
          "round", [x, ParameterDeclaration("digits", .int, default: "none", "Decimal places.")],
          returns: .number, family: family,
          "The nearest Int, halves away from zero; a Float where digits are given.",
          examples: [
            Example("round(2.5)", prints: "3"), Example("round(2.345, 2)", prints: "2.35"),
          ]), raw: round),
      whole(
        "floor", "The next Int below; a Float where digits are given.",
        [Example("floor(-1.5)", prints: "-2"), Example("floor(2.349, 2)", prints: "2.34")], .down),
      whole(
        "ceil", "The next Int above; a Float where digits are given.",
        [Example("ceil(1.2)", prints: "2"), Example("ceil(2.341, 2)", prints: "2.35")], .up),
      NativeFunction(
        FunctionSignature(
          "abs", [x], returns: .number, family: family, "The magnitude.",
          examples: [Example("abs(-3)", prints: "3")]),
        raw: { call in
          let value = call.value(0)
          if value.tag == .float { return Value(abs(value.double)) }
          return value.int < 0 ? try call.machine.negated(value) : value
        }),
      NativeFunction(
        FunctionSignature(
          "is_finite", [x], returns: .bool, family: family, "Whether it is neither inf nor nan.",
          examples: [Example("is_finite(1 / 3)", prints: "true")]),
        raw: { call in Value(call.value(0).number.isFinite) }),
      NativeFunction(
        FunctionSignature(
          "is_nan", [x], returns: .bool, family: family, "Whether it is nan, which equals nothing.",
          examples: [Example("is_nan(nan)", prints: "true")]),
        raw: { call in Value(call.value(0).number.isNaN) }),
      NativeFunction(
        FunctionSignature(
          "clamp",
          [
            x, ParameterDeclaration("low", .number, "The least result."),
            ParameterDeclaration("high", .number, "The greatest result."),
          ], returns: .number, family: family, "The number, brought into a range.",
          examples: [Example("clamp(12, 0, 10)", prints: "10")]),
        raw: { call in
          let (value, low, high) = (call.value(0), call.value(1), call.value(2))
          if value.tag == .float, value.double.isNaN { return value }
          if Machine.order(value, low) < 0 { return low }
          return Machine.order(value, high) > 0 ? high : value
        }),
      extreme("min", "The least", -1, Example("min(3, 1, 2)", prints: "1")),
      extreme("max", "The greatest", 1, Example("max([3, 1, 2])", prints: "3")),
    ] + statistics

  private static let statistics: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "sum", [ParameterDeclaration("xs", .any, "Numbers, or values that `+` joins.")],
        returns: .any,
        family: family, "The sum of the elements; 0 for none.",
        examples: [Example("sum([1, 2, 3])", prints: "6"), Example("sum(0..=4)", prints: "10")]),
      form: .both([.list, .range]),
      raw: { call in
        let list = try call.elements(0)
        if list.count == 0 { return Value(0) }
        var total = list.items[0]
        for position in 1..<max(list.count, 1) {
          let item = list.items[position]
          total = try Fast.add(total, item) ?? call.machine.arithmetic(.add, total, item)
        }
        return total
      }),
    NativeFunction(
      FunctionSignature(
        "mean",
        [
          ParameterDeclaration("xs", .any, "Numbers."),
          ParameterDeclaration(
            "weights", .list, default: "none", "As many numbers, at least 0; equal without them."),
        ], returns: .float, family: family,
        "The arithmetic mean, weighted or not; an error for no numbers.",
        examples: [
          Example("mean([1, 2, 6])", prints: "3.0"),
          Example("mean([1, 2], weights: [3, 1])", prints: "1.25"),
        ]), form: .both([.list]),
      raw: { call in
        let numbers = try call.numbers(0)
        if numbers.isEmpty { throw call.fail(.value, "the mean of no numbers", argument: 0) }
        if !call.isMissing(1) {
          let (values, weights) = try call.numberPairs()
          let total = weights.reduce(0, +)
          guard weights.allSatisfy({ $0 >= 0 }), total > 0 else {
            throw call.fail(
              .value, "`weights` are at least 0, and not all of them 0", argument: 1)
          }
          return Value(zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total)
        }
        return Value(numbers.reduce(0, +) / Double(numbers.count))
      }),
    NativeFunction(
      FunctionSignature(
        "std",
        [
          ParameterDeclaration("xs", .any, "Numbers, at least two."),
          ParameterDeclaration("ddof", .int, default: "1", "Subtracted from the count."),
        ], returns: .float, family: family, "The standard deviation of a sample.",
        examples: [Example("std([1, 2, 3])", prints: "1.0")]), form: .both([.list]),
      raw: { call in
        let numbers = try call.numbers(0)
        let freedom = Double(numbers.count) - Double(try call.int(1))
        if freedom <= 0 {
          throw call.fail(.value, "too few numbers for a standard deviation", argument: 0)
        }
        let mean = numbers.reduce(0, +) / Double(numbers.count)
        let squares = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return Value((squares / freedom).squareRoot())
      }),
    NativeFunction(
      FunctionSignature(
        "linspace",
        [
          ParameterDeclaration("start", .float, "The first number."),
          ParameterDeclaration("end", .float, "The last number."),
          ParameterDeclaration("count", .int, "How many, at least 2."),
        ], returns: .list, family: family, "Evenly spaced numbers, both ends included.",
        examples: [Example("linspace(0, 1, 3)", prints: "[0.0, 0.5, 1.0]")]),
      raw: { call in
        let (start, end) = (call.value(0).double, call.value(1).double)
        let count = try call.int(2)
        guard count >= 2 else { throw call.fail(.value, "at least 2 numbers", argument: 2) }
        guard count < 1 << 32 else { throw call.machine.outOfMemory() }
        try call.machine.checkRoom(count * 16)
        let list = call.heap.pointee.newList(capacity: count)
        for position in 0..<count {
          list.items[position] = Value(
            start + (end - start) * Double(position) / Double(count - 1))
        }
        list.count = count
        return Value(list)
      }),
  ]

  private static func real(
    _ name: String, _ summary: String, _ example: Example,
    _ function: @escaping @Sendable (Double) -> Double
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [x], returns: .float, family: family, summary, examples: [example]),
      raw: { call in Value(function(call.value(0).number)) })
  }

  private static func whole(
    _ name: String, _ summary: String, _ examples: [Example], _ rule: FloatingPointRoundingRule
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [x, ParameterDeclaration("digits", .int, default: "none", "Decimal places.")],
        returns: .number, family: family, summary, examples: examples),
      raw: { call in
        if call.isMissing(1) { return try integer(call, rule) }
        let value = call.value(0).number
        let digits = try call.int(1)
        guard value.isFinite, digits.magnitude <= 300 else { return Value(value) }
        let scale = pow(10, Double(abs(digits)))
        let scaled = digits >= 0 ? value * scale : value / scale
        guard abs(scaled) < 4.5e15 else { return Value(value) }
        // 0.29 * 100 is a little below 29: the text decides, as users expect.
        let near = scaled.rounded()
        let cut = abs(scaled - near) <= abs(scaled) * 4e-16 ? near : scaled.rounded(rule)
        return Value(digits >= 0 ? cut / scale : cut * scale)
      })
  }

  private static func integer(
    _ call: NativeCall, _ rule: FloatingPointRoundingRule
  ) throws -> Value {
    let value = call.value(0)
    if value.tag == .int { return value }
    guard let whole = Int64(exactly: value.double.rounded(rule)) else {
      throw call.fail(.overflow, "\(value.double) does not fit into an Int", argument: 0)
    }
    return Value(whole)
  }

  private static func round(_ call: NativeCall) throws -> Value {
    if call.isMissing(1) { return try integer(call, .toNearestOrAwayFromZero) }
    let value = call.value(0).number
    let digits = try call.int(1)
    guard value.isFinite, digits.magnitude <= 300 else { return Value(value) }
    let scale = pow(10, Double(abs(digits)))
    let scaled = digits >= 0 ? value * scale : value / scale
    // Beyond 2 ** 52 a Float has no digits left to round.
    guard abs(scaled) < 4.5e15 else { return Value(value) }
    // 2.345 is a little below its text: the text decides, as users expect.
    var rounded = scaled.rounded(.toNearestOrAwayFromZero)
    let half = scaled.rounded(.down) + 0.5
    if abs(scaled - half) <= abs(scaled) * 4e-16 {
      rounded = scaled < 0 ? half - 0.5 : half + 0.5
    }
    return Value(digits >= 0 ? rounded / scale : rounded * scale)
  }

  private static func extreme(
    _ name: String, _ which: String, _ sign: Int, _ example: Example
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name,
        [
          ParameterDeclaration("values", rest: true, "Values of one kind, or one list of them.")
        ], returns: .any, family: family, "\(which) of some values, or of a list.",
        examples: [example]), form: .both([.list]),
      raw: { call in
        var list = call.value(0).list
        if list.count == 1, !list.items[0].isNumber {
          let inner = call.heap.pointee.newList(capacity: 4)
          try call.machine.spread(list.items[0], into: inner)
          list = inner
        }
        guard list.count > 0 else { throw call.fail(.value, "\(name) of no values", argument: 0) }
        var best = list.items[0]
        for position in 1..<max(list.count, 1) {
          let item = list.items[position]
          if best.tag == .float, best.double.isNaN { break }
          if item.tag == .float, item.double.isNaN {
            best = item
            break
          }
          guard let order = call.machine.order(item, best) else {
            throw call.machine.operandError("<", item, best)
          }
          if order * sign > 0 { best = item }
        }
        return best
      })
  }
}
