import MDMDeclarations

/// Products, combinations and permutations: all of them, in lexicographic order of positions.
enum Combinations {
  private static let family = "lists"
  /// More results than that are refused before any is made.
  private static let most = 10_000_000

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "product", [ParameterDeclaration("lists", rest: true, "Collections.")], returns: .list,
        family: family, "All lists with one element of each collection.",
        examples: [
          Example(
            "product([1, 2], [\"a\", \"b\"])",
            prints: "[[1, \"a\"], [1, \"b\"], [2, \"a\"], [2, \"b\"]]")
        ]),
      raw: { call in
        let sources = call.value(0).list
        var lists: [Ref<ListObject>] = []
        var total = 1
        for position in 0..<sources.count {
          let list = call.newList()
          try call.machine.spread(sources.items[position], into: list)
          lists.append(list)
          let (count, overflow) = total.multipliedReportingOverflow(by: list.count)
          total = overflow ? .max : count
        }
        try check(call, total, lists.count)
        let made = call.newList(capacity: total)
        var positions = [Int](repeating: 0, count: lists.count)
        for number in 0..<total {
          try call.poll(number)
          let row = call.newList(capacity: lists.count)
          for (position, list) in zip(positions, lists) {
            call.append(list.items[position], to: row)
          }
          call.append(Value(row), to: made)
          var column = lists.count - 1
          while column >= 0 {
            positions[column] += 1
            if positions[column] < lists[column].count { break }
            positions[column] = 0
            column -= 1
          }
        }
        return Value(made)
      }),
    chosen(
      "combinations", "All selections of so many elements, without regard to order.",
      Example("combinations([1, 2, 3], 2)", prints: "[[1, 2], [1, 3], [2, 3]]"), isOrdered: false),
    chosen(
      "permutations", "All arrangements of so many elements.",
      Example(
        "permutations([1, 2, 3], 2)", prints: "[[1, 2], [1, 3], [2, 1], [2, 3], [3, 1], [3, 2]]"),
      isOrdered: true),
  ]

  private static func check(_ call: NativeCall, _ total: Int, _ width: Int) throws {
    guard total <= most else {
      throw call.fail(
        .value, "these are more than \(most) lists", hint: "a loop can make them one by one",
        argument: 0)
    }
    try call.machine.checkRoom(total * (width * 16 + 64))
  }

  private static func chosen(
    _ name: String, _ summary: String, _ example: Example, isOrdered: Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name,
        [
          ParameterDeclaration("xs", .any, "A list, or anything a loop goes through."),
          ParameterDeclaration("count", .int, "Elements of each result."),
        ], returns: .list, family: family, summary, examples: [example]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        let count = try call.int(1, atLeast: 0)
        let made = call.newList()
        guard count <= list.count else { return Value(made) }
        var total = 1
        for step in 0..<count {
          let (next, overflow) = total.multipliedReportingOverflow(by: list.count - step)
          total = overflow ? .max : isOrdered ? next : next / (step + 1)
          if total > most { break }
        }
        try check(call, total, count)
        var positions = Array(0..<count)
        var isUsed = [Bool](repeating: false, count: list.count)
        for position in positions { isUsed[position] = true }
        for number in 0..<total {
          try call.poll(number)
          let row = call.newList(capacity: count)
          for position in positions { call.append(list.items[position], to: row) }
          call.append(Value(row), to: made)
          if isOrdered {
            advance(&positions, &isUsed)
          } else {
            advance(&positions, below: list.count)
          }
        }
        return Value(made)
      })
  }

  /// The next positions in ascending order.
  private static func advance(_ positions: inout [Int], below count: Int) {
    var column = positions.count - 1
    while column >= 0, positions[column] == count - positions.count + column { column -= 1 }
    guard column >= 0 else { return }
    positions[column] += 1
    for later in (column + 1)..<max(positions.count, column + 1) {
      positions[later] = positions[later - 1] + 1
    }
  }

  /// The next positions without repetition.
  private static func advance(_ positions: inout [Int], _ isUsed: inout [Bool]) {
    var column = positions.count - 1
    while column >= 0 {
      isUsed[positions[column]] = false
      if let next = ((positions[column] + 1)..<max(isUsed.count, positions[column] + 1))
        .first(where: { !isUsed[$0] })
      {
        positions[column] = next
        isUsed[next] = true
        break
      }
      column -= 1
    }
    guard column >= 0 else { return }
    var next = 0
    for later in (column + 1)..<max(positions.count, column + 1) {
      while isUsed[next] { next += 1 }
      positions[later] = next
      isUsed[next] = true
    }
  }
}
