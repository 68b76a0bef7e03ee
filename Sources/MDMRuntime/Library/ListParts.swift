import MDMDeclarations

/// Parts of lists, and lists put together.
enum ListParts {
  private static let family = "lists"
  private static let xs = ParameterDeclaration(
    "xs", .any, "A list, or anything a loop goes through.")
  private static let test = ParameterDeclaration("f", .function, "The test.")

  static let all: [NativeFunction] = ends + pieces + joined

  private static let ends: [NativeFunction] = [
    end("first", "The first element", Example("first([5, 6])", prints: "5"), isFirst: true),
    end("last", "The last element", Example("last([5, 6])", prints: "6"), isFirst: false),
    count(
      "take", "A new list of the first so many elements.",
      Example("take([1, 2, 3], 2)", prints: "[1, 2]")
    ) { count, total in 0..<min(count, total) },
    count(
      "drop", "A new list without the first so many elements.",
      Example("drop([1, 2, 3], 2)", prints: "[3]")
    ) { count, total in min(count, total)..<total },
    prefix(
      "take_while", "The elements before the first that fails a test.",
      Example("take_while([1, 2, 9, 1], fn(x) x < 5)", prints: "[1, 2]"), keepsPrefix: true),
    prefix(
      "drop_while", "The elements from the first on that fails a test.",
      Example("drop_while([1, 2, 9, 1], fn(x) x < 5)", prints: "[9, 1]"), keepsPrefix: false),
  ]

  private static let pieces: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "chunk",
        [xs, ParameterDeclaration("size", .int, "Elements of a part; the last has less.")],
        returns: .list, family: family, "Consecutive parts of a list.",
        examples: [Example("chunk([1, 2, 3], 2)", prints: "[[1, 2], [3]]")]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let size = try call.int(1, atLeast: 1)
        let made = call.newList()
        var start = 0
        while start < list.count {
          let end = min(start + min(size, list.count), list.count)
          call.append(call.part(list, start, end), to: made)
          start = end
        }
        return Value(made)
      }),
    NativeFunction(
      FunctionSignature(
        "window",
        [
          xs, ParameterDeclaration("size", .int, "Elements of a window."),
          ParameterDeclaration("step", .int, default: "1", "From one window's start to the next."),
        ], returns: .list, family: family, "All windows of so many consecutive elements.",
        examples: [Example("window([1, 2, 3], 2)", prints: "[[1, 2], [2, 3]]")]),
      form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let size = try call.int(1, atLeast: 1)
        let step = try call.int(2, atLeast: 1)
        let made = call.newList()
        guard size <= list.count else { return Value(made) }
        try call.machine.checkRoom(((list.count - size) / step + 1) * (size * 16 + 64))
        for start in stride(from: 0, through: list.count - size, by: min(step, list.count)) {
          call.append(call.part(list, start, start + size), to: made)
        }
        return Value(made)
      }),
    NativeFunction(
      FunctionSignature(
        "flatten",
        [xs, ParameterDeclaration("depth", .int, default: "1", "Levels of lists to open.")],
        returns: .list, family: family, "The elements of the lists in a list, one after the other.",
        examples: [
          Example("flatten([[1, 2], 3, [[4]]])", prints: "[1, 2, 3, [4]]"),
          Example("flatten([[1, [2, [3]]]], depth: 2)", prints: "[1, 2, [3]]"),
        ]), form: .both([.list]),
      raw: { call in
        let made = call.newList()
        try flatten(call, try call.elements(0), try call.int(1, atLeast: 0), made, 0)
        return Value(made)
      }),
    NativeFunction(
      FunctionSignature(
        "transpose", [ParameterDeclaration("rows", .list, "Lists of one length.")],
        returns: .list, family: family, "The columns of a list of rows.",
        examples: [Example("transpose([[1, 2], [3, 4]])", prints: "[[1, 3], [2, 4]]")]),
      form: .both([.list]), raw: transpose),
  ]

  private static let joined: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "extend",
        [
          ParameterDeclaration("xs", .list, "The list to change."),
          ParameterDeclaration("others", .any, "What to append."),
        ],
        returns: .list, family: family,
        "Appends all elements of another collection in place, and gives the list.",
        examples: [Example("extend([1], [2, 3])", prints: "[1, 2, 3]")]), form: .both([.list]),
      raw: { call in
        try call.checkChangeable(call.value(0))
        try call.machine.spread(call.value(1), into: call.value(0).list)
        return call.value(0)
      })
  ]

  private static func end(
    _ name: String, _ which: String, _ example: Example, isFirst: Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name,
        [
          xs,
          ParameterDeclaration(
            "default", default: "none", "What stands for it where there are no elements."),
        ], returns: .any, family: family, "\(which) of a list, or a default where it is empty.",
        examples: [example]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        if list.count == 0 { return call.value(1) }
        return list.items[isFirst ? 0 : list.count - 1]
      })
  }

  private static func count(
    _ name: String, _ summary: String, _ example: Example,
    _ range: @escaping @Sendable (Int, Int) -> Range<Int>
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [xs, ParameterDeclaration("count", .int, "How many, at least 0.")], returns: .list,
        family: family, summary, examples: [example]), form: .both([.list, .range]),
      raw: { call in
        let list = try call.elements(0)
        let range = range(try call.int(1, atLeast: 0), list.count)
        return call.part(list, range.lowerBound, range.upperBound)
      })
  }

  private static func prefix(
    _ name: String, _ summary: String, _ example: Example, keepsPrefix: Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [xs, test], returns: .list, family: family, summary, examples: [example]),
      form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        var position = 0
        while position < list.count, try call.test(call.value(1), list.items[position]) {
          position += 1
        }
        let end = min(position, list.count)
        return keepsPrefix ? call.part(list, 0, end) : call.part(list, end, list.count)
      })
  }

  private static func flatten(
    _ call: NativeCall, _ list: Ref<ListObject>, _ depth: Int, _ made: Ref<ListObject>,
    _ level: Int
  ) throws {
    guard level <= Machine.nestingLimit else {
      throw call.fail(.limit, "this list contains itself or nests too deeply", argument: 0)
    }
    for position in 0..<list.count {
      let item = list.items[position]
      if item.tag == .list, level < depth {
        try flatten(call, item.list, depth, made, level + 1)
      } else {
        call.append(item, to: made)
        if made.count & 0xFFFF == 0 {
          try call.machine.checkRoom(made.count * 16)
          try call.checkInterrupt()
        }
      }
    }
  }

  private static func transpose(_ call: NativeCall) throws -> Value {
    let rows = call.value(0).list
    let made = call.newList()
    guard rows.count > 0 else { return Value(made) }
    var width: Int?
    for position in 0..<rows.count {
      let row = rows.items[position]
      guard row.tag == .list else {
        throw call.fail(
          .argumentType, "row \(position) is \(call.machine.brief(row)), not a List", argument: 0)
      }
      guard width == nil || width == row.list.count else {
        throw call.fail(
          .value, "row \(position) has \(row.list.count) elements, the first has \(width ?? 0)",
          argument: 0)
      }
      width = row.list.count
    }
    try call.machine.checkRoom(rows.count * (width ?? 0) * 16)
    for column in 0..<(width ?? 0) {
      let list = call.newList(capacity: rows.count)
      for position in 0..<rows.count {
        call.append(rows.items[position].list.items[column], to: list)
      }
      call.append(Value(list), to: made)
    }
    return Value(made)
  }
}

extension NativeCall {
  /// A new list of a stretch of another one.
  func part(_ list: Ref<ListObject>, _ start: Int, _ end: Int) -> Value {
    Value(
      machine.heap.pointee.newList(
        UnsafeBufferPointer(start: list.items + start, count: end - start)))
  }
}
