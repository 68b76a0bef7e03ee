import MDMDeclarations

/// New records from others.
enum RecordChanges {
  private static let family = "records"
  private static let r = ParameterDeclaration("r", .record, "The record.")
  private static let names = ParameterDeclaration("keys", .list, "Keys, in any order.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "from_items", [ParameterDeclaration("pairs", .any, "Pairs of key and value.")],
        returns: .record, family: family, "The record of pairs; a later pair replaces an earlier.",
        examples: [Example("from_items([[\"a\", 1], [\"b\", 2]])", prints: "{a: 1, b: 2}")]),
      raw: { call in
        let pairs = try call.elements(0)
        let made = call.heap.pointee.newRecord()
        for position in 0..<pairs.count {
          let pair = pairs.items[position]
          guard pair.tag == .list, pair.list.count == 2 else {
            throw call.fail(
              .argumentType, "element \(position) is \(call.machine.brief(pair)), not a pair",
              hint: "zip(keys, values) makes pairs", argument: 0)
          }
          try call.machine.checkKey(pair.list.items[0])
          call.heap.pointee.set(pair.list.items[0], pair.list.items[1], in: made)
        }
        return Value(made)
      }),
    NativeFunction(
      FunctionSignature(
        "merge",
        [
          r, ParameterDeclaration("other", .record, "Its entries win."),
          ParameterDeclaration(
            "deep", .bool, default: "false", "Merges records under one key too."),
        ], returns: .record, family: family, "A new record with the entries of two.",
        examples: [
          Example("merge({a: 1, b: 2}, {b: 3})", prints: "{a: 1, b: 3}"),
          Example("merge({a: {x: 1}}, {a: {y: 2}}, deep: true)", prints: "{a: {x: 1, y: 2}}"),
        ]), form: .both([.record]),
      raw: { call in
        Value(
          try merged(call, call.value(0).record, call.value(1).record, call.value(2).bool, 0))
      }),
    choice(
      "pick", "A new record with some keys only, those that are missing left out.",
      Example("pick({a: 1, b: 2}, [\"b\"])", prints: "{b: 2}"), keeps: true),
    choice(
      "omit", "A new record without some keys.",
      Example("omit({a: 1, b: 2}, [\"b\"])", prints: "{a: 1}"), keeps: false),
    NativeFunction(
      FunctionSignature(
        "map_values", [r, ParameterDeclaration("f", .function, "Called with each value.")],
        returns: .record, family: family, "A new record of what a function gives for each value.",
        examples: [Example("map_values({a: 1, b: 2}, fn(x) x * 10)", prints: "{a: 10, b: 20}")]),
      form: .both([.record]),
      raw: { call in
        let copy = call.heap.pointee.copy(call.value(0).record)
        return try call.rooted(Value(copy)) {
          for entry in 0..<copy.used where call.heap.pointee.key(entry, in: copy) != nil {
            copy.slots[entry] = try call.apply(call.value(1), copy.slots[entry])
          }
          return Value(copy)
        }
      }),
    NativeFunction(
      FunctionSignature(
        "filter_values", [r, ParameterDeclaration("f", .function, "The test of a value.")],
        returns: .record, family: family, "A new record of the entries whose values pass a test.",
        examples: [Example("filter_values({a: 1, b: 2}, fn(x) x > 1)", prints: "{b: 2}")]),
      form: .both([.record]),
      raw: { call in
        let copy = call.heap.pointee.copy(call.value(0).record)
        let made = call.heap.pointee.newRecord()
        return try call.rooted(Value(copy)) {
          try call.rooted(Value(made)) {
            for entry in 0..<copy.used {
              guard let key = call.heap.pointee.key(entry, in: copy),
                try call.test(call.value(1), copy.slots[entry])
              else { continue }
              call.heap.pointee.set(key, copy.slots[entry], in: made)
            }
            return Value(made)
          }
        }
      }),
  ]

  private static func merged(
    _ call: NativeCall, _ left: Ref<RecordObject>, _ right: Ref<RecordObject>, _ isDeep: Bool,
    _ level: Int
  ) throws -> Ref<RecordObject> {
    guard level <= Machine.nestingLimit else {
      throw call.fail(.limit, "this record contains itself or nests too deeply", argument: 0)
    }
    let heap = call.heap
    let made = heap.pointee.copy(left)
    for entry in 0..<right.used {
      guard let key = heap.pointee.key(entry, in: right) else { continue }
      var value = right.slots[entry]
      if isDeep, value.tag == .record, let known = heap.pointee.get(key, in: made),
        known.tag == .record
      {
        value = Value(try merged(call, known.record, value.record, true, level + 1))
      }
      heap.pointee.set(key, value, in: made)
    }
    return made
  }

  private static func choice(
    _ name: String, _ summary: String, _ example: Example, keeps: Bool
  ) -> NativeFunction {
    NativeFunction(
      FunctionSignature(
        name, [r, names], returns: .record, family: family, summary, examples: [example]),
      form: .both([.record]),
      raw: { call in
        let heap = call.heap
        let (record, keys) = (call.value(0).record, call.value(1).list)
        let wanted = heap.pointee.newRecord()
        for position in 0..<keys.count {
          try call.machine.checkKey(keys.items[position])
          heap.pointee.set(keys.items[position], .none, in: wanted)
        }
        let made = heap.pointee.newRecord()
        for entry in 0..<record.used {
          guard let key = heap.pointee.key(entry, in: record),
            (heap.pointee.slot(of: key, in: wanted) != nil) == keeps
          else { continue }
          heap.pointee.set(key, record.slots[entry], in: made)
        }
        return Value(made)
      })
  }
}
