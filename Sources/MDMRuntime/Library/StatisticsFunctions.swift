import Glibc
import MDMDeclarations

/// Figures of lists of numbers.
enum StatisticsFunctions {
  private static let family = "statistics"
  private static let xs = ParameterDeclaration("xs", .any, "Numbers.")
  private static let x = ParameterDeclaration("x", .any, "Numbers.")
  private static let y = ParameterDeclaration("y", .any, "As many numbers.")
  private static let ddof = ParameterDeclaration(
    "ddof", .int, default: "1", "Subtracted from the count.")

  static let all: [NativeFunction] = spread + orders + vectors

  private static let spread: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "variance", [xs, ddof], returns: .float, family: family, "The variance of a sample.",
        examples: [Example("variance([1, 2, 3, 4])", prints: "1.6666666666666667")]),
      form: .both([.list]),
      raw: { call in
        let numbers = try call.numbers(0)
        return Value(try covariance(call, numbers, numbers, ddof: 1, "variance"))
      }),
    NativeFunction(
      FunctionSignature(
        "cov", [x, y, ddof], returns: .float, family: family, "The covariance of two samples.",
        examples: [Example("cov([1, 2, 3], [2, 4, 6])", prints: "2.0")]),
      raw: { call in
        let (x, y) = try call.numberPairs()
        return Value(try covariance(call, x, y, ddof: 2, "covariance"))
      }),
    NativeFunction(
      FunctionSignature(
        "median", [xs], returns: .float, family: family,
        "The middle number, or the mean of the middle two.",
        examples: [Example("median([5, 1, 2, 4])", prints: "3.0")]), form: .both([.list]),
      raw: { call in Value(quantile(try sorted(call), 0.5)) }),
    NativeFunction(
      FunctionSignature(
        "quantile",
        [
          xs,
          ParameterDeclaration("q", .either([.number, .list]), "A fraction from 0 to 1, or some."),
        ], returns: .either([.float, .list]), family: family,
        "The number below which a fraction of the others lies, linear between neighbours (type 7).",
        examples: [
          Example("quantile([1, 2, 3, 4], 0.25)", prints: "1.75"),
          Example("quantile(0..=10, [10%, 90%])", prints: "[1.0, 9.0]"),
        ], source: "Hyndman and Fan, Sample quantiles in statistical packages, 1996, type 7"),
      form: .both([.list]),
      raw: { call in
        let sorted = try sorted(call)
        let fraction = { (value: Value) throws -> Double in
          guard value.isNumber, value.number >= 0, value.number <= 1 else {
            throw call.fail(
              .value, "`q` is a fraction from 0 to 1, got \(call.machine.brief(value))",
              argument: 1)
          }
          return value.number
        }
        if call.value(1).isNumber { return Value(quantile(sorted, try fraction(call.value(1)))) }
        let wanted = call.value(1).list
        return try call.listOfNumbers(wanted.count) {
          quantile(sorted, try fraction(wanted.items[$0]))
        }
      }),
    NativeFunction(
      FunctionSignature(
        "mode", [ParameterDeclaration("xs", .any, "A list, or anything a loop goes through.")],
        returns: .any, family: family, "The element that occurs most often, the first of several.",
        examples: [Example("mode([\"b\", \"a\", \"b\"])", prints: "b")]), form: .both([.list]),
      raw: mode),
    NativeFunction(
      FunctionSignature(
        "histogram",
        [
          xs, ParameterDeclaration("bins", .int, default: "10", "Intervals of equal width."),
          ParameterDeclaration("low", .float, default: "none", "The first edge; else the least."),
          ParameterDeclaration(
            "high", .float, default: "none", "The last edge; else the greatest."),
        ], returns: .record, family: family,
        "How many numbers lie in each interval: {edges, counts}; the last one has both its ends.",
        examples: [
          Example(
            "histogram([1, 2, 2, 4], bins: 3)",
            prints: "{edges: [1.0, 2.0, 3.0, 4.0], counts: [1, 2, 1]}")
        ]), form: .both([.list]), raw: histogram),
  ]

  private static let orders: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "rank", [xs], returns: .list, family: family,
        "The rank of each number from 1 for the least; equal ones share their mean rank.",
        examples: [Example("rank([30, 10, 30])", prints: "[2.5, 1.0, 2.5]")]), form: .both([.list]),
      raw: { call in
        let numbers = try call.numbers(0)
        let order = ordered(numbers)
        var ranks = [Double](repeating: 0, count: numbers.count)
        var start = 0
        while start < order.count {
          var end = start
          while end + 1 < order.count, numbers[order[end + 1]] == numbers[order[start]] { end += 1 }
          for place in start...end { ranks[order[place]] = Double(start + end) / 2 + 1 }
          start = end + 1
        }
        return call.listOfNumbers(numbers.count) { ranks[$0] }
      }),
    NativeFunction(
      FunctionSignature(
        "argsort",
        [xs, ParameterDeclaration("descending", .bool, default: "false", "Greatest first.")],
        returns: .list, family: family,
        "The positions of the numbers in ascending order; nan comes last.",
        examples: [Example("argsort([30, 10, 20])", prints: "[1, 2, 0]")]), form: .both([.list]),
      raw: { call in
        var numbers = try call.numbers(0)
        if call.value(1).bool { numbers = numbers.map { -$0 } }
        return Value(call.heap.pointee.newList(ordered(numbers).map { Value($0) }))
      }),
    NativeFunction(
      FunctionSignature(
        "cumsum", [ParameterDeclaration("xs", .any, "Numbers, or values that `+` joins.")],
        returns: .list, family: family, "The sums of the first 1, 2, … elements.",
        examples: [Example("cumsum([1, 2, 3])", prints: "[1, 3, 6]")]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let made = call.newList(capacity: list.count)
        for position in 0..<list.count {
          let item = list.items[position]
          if position == 0 {
            call.append(item, to: made)
          } else {
            let last = made.items[position - 1]
            call.append(
              try Fast.add(last, item) ?? call.machine.arithmetic(.add, last, item), to: made)
          }
        }
        return Value(made)
      }),
    NativeFunction(
      FunctionSignature(
        "differences", [xs], returns: .list, family: family,
        "Each element but the first, minus the one before it.",
        examples: [Example("differences([1, 4, 9])", prints: "[3, 5]")]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let made = call.newList(capacity: list.count)
        for position in 1..<max(list.count, 1) {
          let (left, right) = (list.items[position], list.items[position - 1])
          call.append(
            try Fast.subtract(left, right) ?? call.machine.arithmetic(.subtract, left, right),
            to: made)
        }
        return Value(made)
      }),
  ]

  private static let vectors: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "prod", [xs], returns: .number, family: family, "The product of numbers; 1 for none.",
        examples: [Example("prod([2, 3, 4])", prints: "24")]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        var total = Value(1)
        for position in 0..<list.count {
          let item = list.items[position]
          total = try Fast.multiply(total, item) ?? call.machine.arithmetic(.multiply, total, item)
        }
        return total
      }),
    NativeFunction(
      FunctionSignature(
        "dot", [x, y], returns: .float, family: family, "The sum of the products of two lists.",
        examples: [Example("dot([1, 2], [3, 4])", prints: "11.0")]), form: .both([.list]),
      raw: { call in
        let (x, y) = try call.numberPairs()
        return Value(zip(x, y).reduce(0.0) { $0 + $1.0 * $1.1 })
      }),
    NativeFunction(
      FunctionSignature(
        "norm",
        [
          xs,
          ParameterDeclaration("p", .number, default: "2", "1, 2, … or inf for the greatest."),
        ], returns: .float, family: family, "The length of a vector: (Σ|x|^p)^(1/p).",
        examples: [
          Example("norm([3, 4])", prints: "5.0"), Example("norm([3, -4], p: 1)", prints: "7.0"),
        ]), form: .both([.list]),
      raw: { call in
        let numbers = try call.numbers(0).map { abs($0) }
        let p = call.value(1).number
        guard p >= 1 else { throw call.fail(.value, "`p` is at least 1", argument: 1) }
        if numbers.contains(where: \.isNaN) { return Value(Double.nan) }
        // Scaled, so that squares neither overflow nor vanish.
        let top = numbers.max() ?? 0
        if p == .infinity || top == 0 || top == .infinity { return Value(top) }
        if p == 1 { return Value(numbers.reduce(0, +)) }
        if p == 2 {
          return Value(top * numbers.reduce(0) { $0 + ($1 / top) * ($1 / top) }.squareRoot())
        }
        return Value(top * pow(numbers.reduce(0) { $0 + pow($1 / top, p) }, 1 / p))
      }),
    NativeFunction(
      FunctionSignature(
        "softmax",
        [
          xs,
          ParameterDeclaration(
            "temperature", .float, default: "1.0", "Above 0; less of it sharpens."),
        ], returns: .list, family: family,
        "Weights that sum to 1, in proportion to the exponentials of numbers.",
        examples: [Example("softmax([0, 0])", prints: "[0.5, 0.5]")]), form: .both([.list]),
      raw: { call in
        let numbers = try call.numbers(0)
        let temperature = call.value(1).double
        guard temperature > 0 else {
          throw call.fail(
            .value, "`temperature` is above 0, got \(temperature)",
            hint: "argmax(xs) is the limit at 0", argument: 1)
        }
        guard let top = numbers.max() else { return Value(call.newList()) }
        let parts = numbers.map { $0 == top ? 1 : Glibc.exp(($0 - top) / temperature) }
        let sum = parts.reduce(0, +)
        return call.listOfNumbers(parts.count) { parts[$0] / sum }
      }),
  ]

  private static func covariance(
    _ call: NativeCall, _ x: [Double], _ y: [Double], ddof index: Int, _ what: String
  ) throws -> Double {
    let freedom = Double(x.count) - Double(try call.int(index))
    if freedom <= 0 { throw call.fail(.value, "too few numbers for a \(what)", argument: 0) }
    let (mx, my) = (x.reduce(0, +) / Double(x.count), y.reduce(0, +) / Double(y.count))
    return zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) } / freedom
  }

  /// The numbers in ascending order; all nan where one is.
  private static func sorted(_ call: NativeCall) throws -> [Double] {
    let numbers = try call.numbers(0)
    let name = call.native.name
    if numbers.isEmpty { throw call.fail(.value, "the \(name) of no numbers", argument: 0) }
    return numbers.contains(where: \.isNaN) ? [.nan] : numbers.sorted()
  }

  private static func quantile(_ sorted: [Double], _ fraction: Double) -> Double {
    let place = fraction * Double(sorted.count - 1)
    let low = Int(place)
    let high = min(low + 1, sorted.count - 1)
    // Equal neighbours first: inf - inf is nan.
    if sorted[low] == sorted[high] { return sorted[low] }
    return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
  }

  /// Positions in ascending order, nan last, equal ones in their order.
  private static func ordered(_ numbers: [Double]) -> [Int] {
    numbers.indices.sorted { numbers[$0] < numbers[$1] || numbers[$1].isNaN && !numbers[$0].isNaN }
  }

  private static func mode(_ call: NativeCall) throws -> Value {
    let list = try call.elements(0)
    guard list.count > 0 else { throw call.fail(.value, "the mode of no values", argument: 0) }
    var counts: [(item: Value, count: Int)] = []
    let places = call.heap.pointee.newRecord()
    for position in 0..<list.count {
      try call.poll(position)
      let item = list.items[position]
      var key = item
      if key.tag == .float, let whole = Int64(exactly: key.double) { key = Value(whole) }
      let known: Int?
      if key.tag == .string || key.tag == .int || key.tag == .bool {
        known = call.heap.pointee.get(key, in: places).map { Int($0.int) }
        if known == nil {
          call.heap.pointee.set(key, Value(counts.count), in: places)
        }
      } else {
        known = try counts.firstIndex { try call.machine.equal($0.item, item) }
      }
      if let known { counts[known].count += 1 } else { counts.append((item, 1)) }
    }
    var best = counts[0]
    for entry in counts where entry.count > best.count { best = entry }
    return best.item
  }

  private static func histogram(_ call: NativeCall) throws -> Value {
    let numbers = try call.numbers(0)
    let bins = try call.int(1, atLeast: 1)
    guard bins <= 1 << 20 else { throw call.fail(.value, "more than 1048576 bins", argument: 1) }
    var low = call.isMissing(2) ? numbers.min() ?? 0 : call.value(2).double
    var high = call.isMissing(3) ? numbers.max() ?? 1 : call.value(3).double
    if low == high { (low, high) = (low - 0.5, high + 0.5) }
    guard low.isFinite, high.isFinite, low < high else {
      throw call.fail(
        .value, "the edges from \(low) to \(high) span no interval", argument: 0)
    }
    let edge = { (position: Int) in
      position == bins ? high : low + (high - low) * Double(position) / Double(bins)
    }
    var counts = [Int](repeating: 0, count: bins)
    for number in numbers where number >= low && number <= high {
      var bin = min(Int((number - low) / (high - low) * Double(bins)), bins - 1)
      // Rounding may miss the edges that are shown.
      if number < edge(bin) {
        bin -= 1
      } else if bin + 1 < bins, number >= edge(bin + 1) {
        bin += 1
      }
      counts[bin] += 1
    }
    let heap = call.heap
    let record = heap.pointee.newRecord()
    heap.pointee.set(
      Value(call.machine.symbol("edges")), call.listOfNumbers(bins + 1) { edge($0) }, in: record)
    heap.pointee.set(
      Value(call.machine.symbol("counts")), Value(heap.pointee.newList(counts.map { Value($0) })),
      in: record)
    return Value(record)
  }
}

extension NativeCall {
  /// The numbers of a collection.
  func numbers(_ index: Int) throws -> [Double] {
    let list = try elements(index)
    return try (0..<list.count).map { position in
      let item = list.items[position]
      guard item.isNumber else {
        throw fail(
          .argumentType, "element \(position) is \(machine.brief(item)), not a number",
          argument: index)
      }
      return item.number
    }
  }

  /// The numbers of the first two arguments, which have to be as many.
  func numberPairs() throws -> ([Double], [Double]) {
    let (x, y) = (try numbers(0), try numbers(1))
    guard x.count == y.count else {
      throw fail(.value, "the lists have \(x.count) and \(y.count) numbers", argument: 1)
    }
    return (x, y)
  }

  /// A list of Floats.
  func listOfNumbers(_ count: Int, _ number: (Int) throws -> Double) rethrows -> Value {
    let list = machine.heap.pointee.newList(capacity: count)
    for position in 0..<count { list.items[position] = Value(try number(position)) }
    list.count = count
    return Value(list)
  }
}
