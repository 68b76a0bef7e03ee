import MDMDeclarations

/// Sorting: stable, by one order of numbers, texts, durations, sizes and lists of them.
enum SortFunctions {
  private static let xs = ParameterDeclaration(
    "xs", .any, "A list, or anything a loop goes through.")
  private static let descending = ParameterDeclaration(
    "descending", .bool, default: "false", "Greatest first.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "sort", [xs, descending], returns: .list, family: "lists",
        "A new list in ascending order; equal elements keep theirs.",
        examples: [
          Example("sort([3, 1, 2])", prints: "[1, 2, 3]"),
          Example("[\"b\", \"a\"].sort(descending: true)", prints: "[\"b\", \"a\"]"),
        ]), form: .both([.list]),
      raw: { call in
        let list = try call.elements(0)
        return try sorted(call, list, keys: list, isDescending: call.value(1).bool)
      }),
    NativeFunction(
      FunctionSignature(
        "sort_by",
        [
          xs, ParameterDeclaration("key", .function, "Gives what an element is ordered by."),
          descending,
        ], returns: .list, family: "lists", "A new list, ordered by what a function gives.",
        examples: [Example("sort_by([\"bb\", \"a\"], len)", prints: "[\"a\", \"bb\"]")]),
      form: .both([.list]),
      raw: { call in
        let source = try call.elements(0)
        // A copy of its own: the function could change the list.
        let items = call.heap.pointee.newList(
          UnsafeBufferPointer(start: source.items, count: source.count))
        let keys = call.heap.pointee.newList(capacity: items.count)
        return try call.rooted(Value(items)) {
          try call.rooted(Value(keys)) {
            for position in 0..<items.count {
              let key = try call.apply(call.value(1), items.items[position])
              call.heap.pointee.append(key, to: keys)
            }
            return try sorted(call, items, keys: keys, isDescending: call.value(2).bool)
          }
        }
      }),
  ]

  private static func sorted(
    _ call: NativeCall, _ list: Ref<ListObject>, keys: Ref<ListObject>, isDescending: Bool
  ) throws -> Value {
    let machine = call.machine
    var positions = Array(0..<list.count)
    // Swift's sort is stable.
    try positions.sort { left, right in
      let (a, b) = (keys.items[left], keys.items[right])
      // A nan stands behind all numbers, in both directions.
      if a.tag == .float, a.double.isNaN, b.isNumber { return false }
      if b.tag == .float, b.double.isNaN, a.isNumber { return true }
      if let fast = isDescending ? Fast.less(b, a) : Fast.less(a, b) { return fast }
      guard let order = machine.order(a, b) else { throw machine.operandError("<", a, b) }
      return isDescending ? order > 0 : order < 0
    }
    let made = machine.heap.pointee.newList(capacity: list.count)
    for (target, position) in positions.enumerated() { made.items[target] = list.items[position] }
    made.count = list.count
    return Value(made)
  }
}
