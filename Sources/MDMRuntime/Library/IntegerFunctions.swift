import MDMDeclarations

/// Whole numbers: divisors, roots, digits and bits.
enum IntegerFunctions {
  private static let family = "math"
  private static let a = ParameterDeclaration("a", .int, "An Int.")
  private static let b = ParameterDeclaration("b", .int, "Another Int.")
  private static let n = ParameterDeclaration("n", .int, "An Int, at least 0.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "gcd", [a, b], returns: .int, family: family, "The greatest common divisor.",
        examples: [Example("gcd(12, 18)", prints: "6")]),
      raw: { call in
        try whole(call, divisor(call.value(0).int.magnitude, call.value(1).int.magnitude))
      }),
    NativeFunction(
      FunctionSignature(
        "lcm", [a, b], returns: .int, family: family, "The least common multiple.",
        examples: [Example("lcm(4, 6)", prints: "12")]),
      raw: { call in
        let (a, b) = (call.value(0).int.magnitude, call.value(1).int.magnitude)
        if a == 0 || b == 0 { return Value(0) }
        let (product, overflow) = (a / divisor(a, b)).multipliedReportingOverflow(by: b)
        return try whole(call, overflow ? .max : product)
      }),
    NativeFunction(
      FunctionSignature(
        "isqrt", [n], returns: .int, family: family, "The whole part of the square root, exactly.",
        examples: [Example("isqrt(17)", prints: "4")]),
      raw: { call in
        let value = call.value(0).int
        guard value >= 0 else { throw call.fail(.value, "isqrt of a negative Int", argument: 0) }
        var root = Int64(Double(value).squareRoot())
        // The Float can be one off; products stay below 2^63 since the root is at most 3037000499.
        root = min(root, 3_037_000_499)
        while root * root > value { root -= 1 }
        while root < 3_037_000_499, (root + 1) * (root + 1) <= value { root += 1 }
        return Value(root)
      }),
    NativeFunction(
      FunctionSignature(
        "divmod", [a, b], returns: .list, family: family,
        "Quotient and remainder: [a // b, a % b].",
        examples: [Example("divmod(-7, 3)", prints: "[-3, 2]")]),
      raw: { call in
        let quotient = try call.machine.arithmetic(.floorDivide, call.value(0), call.value(1))
        let rest = try call.machine.arithmetic(.remainder, call.value(0), call.value(1))
        return Value(call.heap.pointee.newList([quotient, rest]))
      }),
    NativeFunction(
      FunctionSignature(
        "factorial", [n], returns: .int, family: family,
        "The product of the Ints from 1 to n; up to 20.",
        examples: [Example("factorial(5)", prints: "120")]),
      raw: { call in
        let count = try call.int(0, atLeast: 0)
        guard count <= 20 else { throw overflow(call, hint: "lgamma(n + 1) is its logarithm") }
        return Value(count < 2 ? 1 : (2...count).reduce(1, *))
      }),
    NativeFunction(
      FunctionSignature(
        "binomial", [n, ParameterDeclaration("k", .int, "How many are chosen, at least 0.")],
        returns: .int, family: family, "How many ways there are to choose k of n.",
        examples: [Example("binomial(5, 2)", prints: "10")]),
      raw: { call in
        let (n, k) = (try call.int(0, atLeast: 0), try call.int(1, atLeast: 0))
        if k > n { return Value(0) }
        var result: UInt64 = 1
        for step in 0..<min(k, n - k) {
          // result * (n - step) / (step + 1) is whole at each step; 128 bits hold the product.
          let wide = result.multipliedFullWidth(by: UInt64(n - step))
          guard wide.high < UInt64(step + 1) else { throw overflow(call) }
          result = UInt64(step + 1).dividingFullWidth(wide).quotient
          guard result <= UInt64(Int64.max) else { throw overflow(call) }
        }
        return try whole(call, result)
      }),
    bits("bit_and", "The bits that both Ints have.", Example("bit_and(12, 10)", prints: "8")) {
      $0 & $1
    },
    bits("bit_or", "The bits that one of two Ints has.", Example("bit_or(12, 10)", prints: "14")) {
      $0 | $1
    },
    bits("bit_xor", "The bits in which two Ints differ.", Example("bit_xor(12, 10)", prints: "6")) {
      $0 ^ $1
    },
    NativeFunction(
      FunctionSignature(
        "bit_not", [a], returns: .int, family: family, "The Int with every bit turned: -a - 1.",
        examples: [Example("bit_not(5)", prints: "-6")]), raw: { call in Value(~call.value(0).int) }
    ),
    NativeFunction(
      FunctionSignature(
        "bit_count", [n], returns: .int, family: family, "How many bits are 1.",
        examples: [Example("bit_count(255)", prints: "8")]),
      raw: { call in Value(try call.int(0, atLeast: 0).nonzeroBitCount) }),
    NativeFunction(
      FunctionSignature(
        "shift_left", [a, ParameterDeclaration("by", .int, "Bits, at least 0.")], returns: .int,
        family: family, "a * 2 ** by; an error where bits would be lost.",
        examples: [Example("shift_left(3, 4)", prints: "48")]),
      raw: { call in
        let (value, by) = (call.value(0).int, try call.int(1, atLeast: 0))
        if value == 0 { return Value(0) }
        guard by < 64, (value << Int64(by)) >> Int64(by) == value else { throw overflow(call) }
        return Value(value << Int64(by))
      }),
    NativeFunction(
      FunctionSignature(
        "shift_right", [a, ParameterDeclaration("by", .int, "Bits, at least 0.")], returns: .int,
        family: family, "a // 2 ** by.", examples: [Example("shift_right(48, 4)", prints: "3")]),
      raw: { call in Value(call.value(0).int >> Int64(min(try call.int(1, atLeast: 0), 63))) }),
  ]

  private static func divisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  private static func whole(_ call: NativeCall, _ value: UInt64) throws -> Value {
    guard let value = Int64(exactly: value) else { throw overflow(call) }
    return Value(value)
  }

  private static func overflow(_ call: NativeCall, hint: String? = nil) -> ScriptError {
    call.fail(.overflow, "the result does not fit into an Int", hint: hint, argument: 0)
  }

  private static func bits(
    _ name: String, _ summary: String, _ example: Example,
    _ operation: @escaping @Sendable (Int64, Int64) -> Int64
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [a, b], returns: .int, family: family, summary, examples: [example]),
      raw: { call in Value(operation(call.value(0).int, call.value(1).int)) })
  }
}
