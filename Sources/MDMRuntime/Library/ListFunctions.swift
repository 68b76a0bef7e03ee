import MDMDeclarations

/// Lists.
enum ListFunctions {
  private static let family = "lists"
  private static let xs = ParameterDeclaration(
    "xs", .any, "A list, or anything a loop goes through.")
  private static let f = ParameterDeclaration("f", .function, "Called with each element.")
  private static let changed = ParameterDeclaration("xs", .list, "The list to change.")

  static let all: [NativeFunction] = changing + searching + functional

  private static let changing: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "push", [changed, ParameterDeclaration("value", .any, "What to append.")], returns: .list,
        family: family, "Appends a value to a list in place, and gives the list.",
        examples: [Example("push([1], 2)", prints: "[1, 2]")]), form: .both([.list]),
      raw: { call in
        let target = call.value(0)
        try call.checkChangeable(target)
        call.heap.pointee.append(call.value(1), to: target.list)
        return target
      }),
    NativeFunction(
      FunctionSignature(
        "pop",
        [changed, ParameterDeclaration("position", .int, default: "-1", "Which element.")],
        returns: .any, family: family, "Removes an element, the last one by default, and gives it.",
        examples: [Example("pop([1, 2])", prints: "2")]), form: .both([.list]),
      raw: { call in
        try call.checkChangeable(call.value(0))
        return try remove(call, call.value(1).int)
      }),
    NativeFunction(
      FunctionSignature(
        "insert",
        [
          changed, ParameterDeclaration("position", .int, "Where it will stand."),
          ParameterDeclaration("value", .any, "What to insert."),
        ], returns: .list, family: family, "Inserts a value in place, and gives the list.",
        examples: [Example("insert([1, 3], 1, 2)", prints: "[1, 2, 3]")]), form: .both([.list]),
      raw: { call in
        let list = call.value(0).list
        try call.checkChangeable(call.value(0))
        guard let position = call.machine.position(call.value(1).int, list.count + 1) else {
          throw call.machine.outOfRange("List", call.value(1).int, list.count)
        }
        call.heap.pointee.append(.none, to: list)
        var index = list.count - 1
        while index > position {
          list.items[index] = list.items[index - 1]
          index -= 1
        }
        list.items[position] = call.value(2)
        return call.value(0)
      }),
    NativeFunction(
      FunctionSignature(
        "remove",
        [
          ParameterDeclaration("xs", .either([.list, .record]), "The list or record to change."),
          ParameterDeclaration("key", .any, "A position of the list, or a key of the record."),
        ], returns: .any, family: family,
        "Removes the element at a position or under a key, and gives it.",
        examples: [
          Example("remove([5, 6], 0)", prints: "5"), Example("{a: 1}.remove(\"a\")", prints: "1"),
        ]), form: .both([.list, .record]),
      raw: { call in
        let target = call.value(0)
        try call.checkChangeable(target)
        if target.tag == .list {
          guard call.value(1).tag == .int else {
            throw call.fail(
              .argumentType,
              "`key` takes an Int for a List, got \(call.machine.brief(call.value(1)))",
              argument: 1)
          }
          return try remove(call, call.value(1).int)
        }
        try call.machine.checkKey(call.value(1))
        if let value = call.heap.pointee.remove(call.value(1), in: target.record) {
          return value
        }
        throw call.machine.missingField(call.machine.text(call.value(1)), target)
      }),
    NativeFunction(
      FunctionSignature(
        "reverse", [xs], returns: .list, family: family, "A new list in reverse order.",
        examples: [Example("reverse([1, 2])", prints: "[2, 1]")]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let items = UnsafeBufferPointer(start: list.items, count: list.count)
        return Value(call.heap.pointee.newList(items.reversed()))
      }),
  ]

  private static let searching: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "contains",
        [
          ParameterDeclaration("xs", .any, "A collection or a String."),
          ParameterDeclaration("value", .any, "What to look for."),
        ],
        returns: .bool, family: family, "Whether a value is in a collection, as `in` tells.",
        examples: [Example("contains([1, 2], 2)", prints: "true")]),
      form: .both([.list, .string, .record, .range]),
      raw: { call in Value(try call.machine.contains(call.value(1), in: call.value(0))) }),
    NativeFunction(
      FunctionSignature(
        "index_of", [xs, ParameterDeclaration("value", .any, "What to look for.")],
        returns: .either([.int, .none]), family: family,
        "The position of the first equal element; none where there is none.",
        examples: [Example("index_of([5, 6], 6)", prints: "1")]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        for position in 0..<list.count
        where try call.machine.equal(list.items[position], call.value(1)) {
          return Value(position)
        }
        return .none
      }),
    NativeFunction(
      FunctionSignature(
        "unique", [xs], returns: .list, family: family, "The different elements, first ones first.",
        examples: [Example("unique([1, 2, 1])", prints: "[1, 2]")]), form: .both([.list]),
      raw: unique),
    NativeFunction(
      FunctionSignature(
        "enumerate", [xs, ParameterDeclaration("start", .int, default: "0", "The first number.")],
        returns: .list, family: family, "Pairs of position and element.",
        examples: [Example("enumerate([\"a\"])", prints: "[[0, \"a\"]]")]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let start = call.value(1).int
        let made = call.heap.pointee.newList(capacity: list.count)
        for position in 0..<list.count {
          let pair = [Value(start &+ Int64(position)), list.items[position]]
          let item = Value(call.heap.pointee.newList(pair))
          call.heap.pointee.append(item, to: made)
        }
        return Value(made)
      }),
    NativeFunction(
      FunctionSignature(
        "zip", [ParameterDeclaration("lists", rest: true, "Two or more collections.")],
        returns: .list, family: family,
        "Lists of the elements at the same position, as many as the shortest has.",
        examples: [Example("zip([1, 2], [\"a\", \"b\"])", prints: "[[1, \"a\"], [2, \"b\"]]")]),
      raw: { call in
        let sources = call.value(0).list
        var lists: [Ref<ListObject>] = []
        for position in 0..<sources.count {
          let list = call.heap.pointee.newList(capacity: 4)
          try call.machine.spread(sources.items[position], into: list)
          lists.append(list)
        }
        let count = lists.map { Int($0.count) }.min() ?? 0
        let made = call.heap.pointee.newList(capacity: count)
        for position in 0..<count {
          let row = call.heap.pointee.newList(lists.map { $0.items[position] })
          call.heap.pointee.append(Value(row), to: made)
        }
        return Value(made)
      }),
  ]

  private static let functional: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "map", [xs, f], returns: .list, family: family,
        "A new list of what a function gives for each element.",
        examples: [Example("map([1, 2], fn(x) x * x)", prints: "[1, 4]")]),
      form: .both([.list, .range]),
      raw: { call in
        let list = try call.elements(0)
        let made = call.heap.pointee.newList(capacity: list.count)
        return try call.rooted(Value(made)) {
          var position = 0
          while position < list.count {
            let result = try call.apply(call.value(1), list.items[position])
            call.heap.pointee.append(result, to: made)
            position += 1
          }
          return Value(made)
        }
      }),
    NativeFunction(
      FunctionSignature(
        "filter", [xs, f], returns: .list, family: family,
        "A new list of the elements for which a function gives true.",
        examples: [Example("filter(0..6, fn(x) x % 2 == 0)", prints: "[0, 2, 4]")]),
      form: .both([.list, .range]),
      raw: { call in
        let list = try call.elements(0)
        let made = call.heap.pointee.newList(capacity: 4)
        return try call.rooted(Value(made)) {
          var position = 0
          while position < list.count {
            // In the result first: the function may take it out of the source.
            let item = list.items[position]
            call.heap.pointee.append(item, to: made)
            if try !call.test(call.value(1), item) { made.count -= 1 }
            position += 1
          }
          return Value(made)
        }
      }),
    NativeFunction(
      FunctionSignature(
        "reduce",
        [
          xs, ParameterDeclaration("f", .function, "Called with the result so far and an element."),
          ParameterDeclaration(
            "start", default: "none", "The first result; else the first element."),
        ], returns: .any, family: family, "Folds a list into one value, from left to right.",
        examples: [
          Example("reduce([1, 2, 3], fn(a, b) a * b)", prints: "6"),
          Example("reduce([], fn(a, b) a + b, 0)", prints: "0"),
        ]), form: .both([.list, .range]),
      raw: { call in
        let list = try call.elements(0)
        var position = 0
        if call.isMissing(2) {
          guard list.count > 0 else {
            throw call.fail(.value, "reduce of no elements needs a start", argument: 0)
          }
          call.arguments[2] = list.items[0]
          position = 1
        }
        while position < list.count {
          // The argument's place on the stack keeps the result alive.
          call.arguments[2] = try call.apply(call.value(1), call.value(2), list.items[position])
          position += 1
        }
        return call.value(2)
      }),
    quantifier(
      "any", "Whether some element is true, or passes a test.", stopsAt: true,
      Example("any([1, 2], fn(x) x > 1)", prints: "true")),
    quantifier(
      "all", "Whether all elements are true, or pass a test.", stopsAt: false,
      Example("all([true, false])", prints: "false")),
  ]

  private static func quantifier(
    _ name: String, _ summary: String, stopsAt: Bool, _ example: Example
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [xs, ParameterDeclaration("f", .function, default: "none", "The test.")],
        returns: .bool, family: family, summary, examples: [example]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        var position = 0
        while position < list.count {
          let item = list.items[position]
          let holds: Bool
          if !call.isMissing(1) {
            holds = try call.test(call.value(1), item)
          } else if item.tag == .bool {
            holds = item.bool
          } else {
            throw call.machine.noCondition(item)
          }
          if holds == stopsAt { return Value(stopsAt) }
          position += 1
        }
        return Value(!stopsAt)
      })
  }

  private static func remove(_ call: NativeCall, _ index: Int64) throws -> Value {
    let list = call.value(0).list
    guard let position = call.machine.position(index, list.count) else {
      throw call.machine.outOfRange("List", index, list.count)
    }
    let value = list.items[position]
    for later in position + 1..<max(list.count, position + 1) {
      list.items[later - 1] = list.items[later]
    }
    list.count -= 1
    return value
  }

  private static func unique(_ call: NativeCall) throws -> Value {
    let list = try call.elements(0)
    let made = call.heap.pointee.newList(capacity: 4)
    let seen = call.heap.pointee.newRecord()
    var others: [Value] = []
    // Of durations, sizes and Floats that are not whole, by their bits.
    var numbers: [Tag: Set<UInt64>] = [:]
    for position in 0..<list.count {
      var item = list.items[position]
      // A whole Float equals its Int; both have one key.
      if item.tag == .float, let whole = Int64(exactly: item.double) { item = Value(whole) }
      if item.tag == .string || item.tag == .int || item.tag == .bool {
        if call.heap.pointee.slot(of: item, in: seen) != nil { continue }
        call.heap.pointee.set(item, .none, in: seen)
      } else if item.tag == .float || item.tag == .duration || item.tag == .size {
        // A nan equals nothing, and 0.0 equals -0.0.
        let isNumber = item.tag != .size
        if !(isNumber && item.double.isNaN) {
          let bits = isNumber && item.double == 0 ? 0 : item.bits
          if !numbers[item.tag, default: []].insert(bits).inserted { continue }
        }
      } else {
        // Lists and records have no key: this may take long.
        try call.checkInterrupt()
        if try others.contains(where: { try call.machine.equal($0, item) }) { continue }
        others.append(item)
      }
      call.heap.pointee.append(list.items[position], to: made)
    }
    return Value(made)
  }
}
