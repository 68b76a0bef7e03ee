import MDMDeclarations

/// Searching, grouping and folding lists by functions.
enum ListGroups {
  private static let family = "lists"
  private static let xs = ParameterDeclaration(
    "xs", .any, "A list, or anything a loop goes through.")
  private static let test = ParameterDeclaration("f", .function, "The test.")
  private static let key = ParameterDeclaration(
    "key", .function, "Gives a String, Int or Bool for an element.")

  static let all: [NativeFunction] = searching + grouping + folding

  private static let searching: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "find_first",
        [
          xs, test,
          ParameterDeclaration("default", default: "none", "What stands for it where none passes."),
        ], returns: .any, family: family, "The first element that passes a test, or a default.",
        examples: [Example("find_first([1, 5, 7], fn(x) x > 2)", prints: "5")]),
      form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        var position = 0
        while position < list.count {
          let item = list.items[position]
          // The test may take it out of the list.
          if try call.rooted(item, { try call.test(call.value(1), item) }) { return item }
          position += 1
        }
        return call.value(2)
      }),
    NativeFunction(
      FunctionSignature(
        "find_index", [xs, test], returns: .either([.int, .none]), family: family,
        "The position of the first element that passes a test; none where there is none.",
        examples: [Example("find_index([1, 5, 7], fn(x) x > 2)", prints: "1")]),
      form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        var position = 0
        while position < list.count {
          if try call.test(call.value(1), list.items[position]) { return Value(position) }
          position += 1
        }
        return .none
      }),
    NativeFunction(
      FunctionSignature(
        "partition", [xs, test], returns: .list, family: family,
        "Two lists: the elements that pass a test, and the others.",
        examples: [Example("partition([1, 2, 3], fn(x) x > 1)", prints: "[[2, 3], [1]]")]),
      form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let (yes, no) = (call.newList(), call.newList())
        let both = call.newList(capacity: 2)
        call.append(Value(yes), to: both)
        call.append(Value(no), to: both)
        return try call.rooted(Value(both)) {
          var position = 0
          while position < list.count {
            let item = list.items[position]
            call.append(item, to: no)
            if try call.test(call.value(1), item) {
              no.count -= 1
              call.append(item, to: yes)
            }
            position += 1
          }
          return Value(both)
        }
      }),
  ]

  private static let grouping: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "group_by", [xs, key], returns: .record, family: family,
        "A record of the lists of elements with equal keys, in the order of their first ones.",
        examples: [
          Example(
            "group_by([1, 2, 3], fn(x) if x % 2 == 0 { \"even\" } else { \"odd\" })",
            prints: "{odd: [1, 3], even: [2]}")
        ]), form: .both([.list]),
      raw: { call in
        try keyed(call) { key, item, groups in
          let heap = call.heap
          if let known = heap.pointee.get(key, in: groups) {
            heap.pointee.append(item, to: known.list)
          } else {
            heap.pointee.set(key, Value(heap.pointee.newList([item])), in: groups)
          }
        }
      }),
    NativeFunction(
      FunctionSignature(
        "count_by",
        [
          xs,
          ParameterDeclaration(
            "key", .function, default: "none", "Gives what is counted; else the element itself."),
        ], returns: .record, family: family, "A record of how many elements have each key.",
        examples: [
          Example("count_by([\"a\", \"b\", \"a\"])", prints: "{a: 2, b: 1}"),
          Example("count_by([\"x\", \"yy\", \"z\"], len)", prints: "{1: 2, 2: 1}"),
        ]), form: .both([.list]),
      raw: { call in
        try keyed(call) { key, _, groups in
          let heap = call.heap
          let count = heap.pointee.get(key, in: groups)?.int ?? 0
          heap.pointee.set(key, Value(count + 1), in: groups)
        }
      }),
    NativeFunction(
      FunctionSignature(
        "unique_by", [xs, key], returns: .list, family: family,
        "The first element of each key.",
        examples: [Example("unique_by([\"a\", \"b\", \"cc\"], len)", prints: "[\"a\", \"cc\"]")]),
      form: .both([.list]),
      raw: { call in
        let made = call.newList()
        return try call.rooted(Value(made)) {
          _ = try keyed(call) { key, item, groups in
            if call.heap.pointee.get(key, in: groups) != nil { return }
            call.heap.pointee.set(key, .none, in: groups)
            call.append(item, to: made)
          }
          return Value(made)
        }
      }),
    best("min_by", "The first element with the least key.", -1, position: false),
    best("max_by", "The first element with the greatest key.", 1, position: false),
    best("argmin", "The position of the first least element, or least key.", -1, position: true),
    best(
      "argmax", "The position of the first greatest element, or greatest key.", 1, position: true),
  ]

  private static let folding: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "flat_map", [xs, ParameterDeclaration("f", .function, "Gives a list for each element.")],
        returns: .list, family: family, "The elements of what a function gives for each element.",
        examples: [Example("flat_map([1, 2], fn(x) [x, x * 10])", prints: "[1, 10, 2, 20]")]),
      form: .both([.list, .range]),
      raw: { call in
        let list = try call.elements(0)
        let made = call.newList()
        return try call.rooted(Value(made)) {
          var position = 0
          while position < list.count {
            let part = try call.apply(call.value(1), list.items[position])
            try call.machine.spread(part, into: made)
            position += 1
          }
          return Value(made)
        }
      }),
    NativeFunction(
      FunctionSignature(
        "scan",
        [
          xs, ParameterDeclaration("f", .function, "Called with the result so far and an element."),
          ParameterDeclaration(
            "start", default: "none", "The first result; else the first element."),
        ], returns: .list, family: family, "The results of reduce after each element.",
        examples: [
          Example("scan([1, 2, 3], fn(a, b) a * b)", prints: "[1, 2, 6]"),
          Example("scan([1, 2], fn(a, b) a + b, 10)", prints: "[11, 13]"),
        ]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let made = call.newList(capacity: list.count)
        return try call.rooted(Value(made)) {
          var position = 0
          if call.isMissing(2), list.count > 0 {
            call.arguments[2] = list.items[0]
            call.append(list.items[0], to: made)
            position = 1
          }
          while position < list.count {
            call.arguments[2] = try call.apply(
              call.value(1), call.value(2), list.items[position])
            call.append(call.value(2), to: made)
            position += 1
          }
          return Value(made)
        }
      }),
    NativeFunction(
      FunctionSignature(
        "sort_with",
        [
          xs,
          ParameterDeclaration(
            "compare", .function, "Gives a number: below 0 where the first comes first."),
        ], returns: .list, family: family,
        "A new list, ordered by a function of two elements; equal ones keep their order.",
        examples: [Example("sort_with([1, 3, 2], fn(a, b) b - a)", prints: "[3, 2, 1]")]),
      form: .both([.list]),
      raw: { call in
        let source = try call.elements(0)
        let items = call.heap.pointee.newList(
          UnsafeBufferPointer(start: source.items, count: source.count))
        return try call.rooted(Value(items)) {
          var positions = Array(0..<items.count)
          try positions.sort { left, right in
            let answer = try call.apply(call.value(1), items.items[left], items.items[right])
            guard answer.isNumber, !answer.number.isNaN else {
              throw call.fail(
                .argumentType,
                "the comparison has to give a number, got \(call.machine.brief(answer))",
                hint: "sort_by(xs, key) needs no comparison", argument: 1)
            }
            return answer.number < 0
          }
          return Value(call.heap.pointee.newList(positions.map { items.items[$0] }))
        }
      }),
  ]

  /// Calls the key function for each element and hands key, element and the record on.
  private static func keyed(
    _ call: NativeCall, _ body: (Value, Value, Ref<RecordObject>) throws -> Void
  ) throws -> Value {
    let list = try call.elements(0)
    let groups = call.heap.pointee.newRecord()
    return try call.rooted(Value(groups)) {
      var position = 0
      while position < list.count {
        let item = list.items[position]
        // The function may take it out of the list.
        try call.rooted(item) {
          let key = call.isMissing(1) ? item : try call.apply(call.value(1), item)
          guard key.tag == .string || key.tag == .int || key.tag == .bool else {
            throw call.fail(
              .keyType, "a key is a String, Int or Bool, got \(call.machine.brief(key))",
              hint: "str(x) makes a String of any value", argument: call.isMissing(1) ? 0 : 1)
          }
          try body(key, item, groups)
        }
        position += 1
      }
      return Value(groups)
    }
  }

  private static func best(
    _ name: String, _ summary: String, _ sign: Int, position isPosition: Bool
  ) -> NativeFunction {
    let example =
      isPosition
      ? Example("\(name)([3, 1, 9])", prints: sign < 0 ? "1" : "2")
      : Example("\(name)([\"bb\", \"a\"], len)", prints: sign < 0 ? "a" : "bb")
    return NativeFunction(
      FunctionSignature(
        name,
        [
          xs,
          ParameterDeclaration(
            "key", .function, default: isPosition ? "none" : nil,
            "Gives what an element is measured by."),
        ], returns: isPosition ? .int : .any, family: family,
        "\(summary) An error for none; a nan counts as the worst.", examples: [example]),
      form: .both([.list]),
      raw: { call in
        let source = try call.elements(0)
        guard source.count > 0 else { throw call.fail(.value, "\(name) of no values", argument: 0) }
        let items = call.heap.pointee.newList(
          UnsafeBufferPointer(start: source.items, count: source.count))
        let keys = call.newList(capacity: items.count)
        return try call.rooted(Value(items)) {
          try call.rooted(Value(keys)) {
            var best = 0
            for position in 0..<items.count {
              let item = items.items[position]
              let key = call.isMissing(1) ? item : try call.apply(call.value(1), item)
              call.append(key, to: keys)
              let leader = keys.items[best]
              if key.tag == .float, key.double.isNaN { continue }
              if leader.tag == .float, leader.double.isNaN {
                best = position
                continue
              }
              guard let order = call.machine.order(key, leader) else {
                throw call.machine.operandError("<", key, leader)
              }
              if order * sign > 0 { best = position }
            }
            return isPosition ? Value(best) : items.items[best]
          }
        }
      })
  }
}
