import MDMDeclarations

/// Records.
enum RecordFunctions {
  private static let family = "records"
  private static let r = ParameterDeclaration("r", .record, "The record.")

  static let all: [NativeFunction] = [
    NativeFunction(
      FunctionSignature(
        "keys", [r], returns: .list, family: family, "The keys in order.",
        examples: [Example("keys({a: 1, b: 2})", prints: "[\"a\", \"b\"]")]),
      form: .both([.record]),
      raw: { call in entries(call) { key, _ in key } }),
    NativeFunction(
      FunctionSignature(
        "values", [r], returns: .list, family: family, "The values in the order of their keys.",
        examples: [Example("values({a: 1, b: 2})", prints: "[1, 2]")]), form: .both([.record]),
      raw: { call in entries(call) { _, value in value } }),
    NativeFunction(
      FunctionSignature(
        "items", [r], returns: .list, family: family, "Pairs of key and value.",
        examples: [Example("items({a: 1})", prints: "[[\"a\", 1]]")]), form: .both([.record]),
      raw: { call in
        entries(call) { key, value in Value(call.heap.pointee.newList([key, value])) }
      }),
    NativeFunction(
      FunctionSignature(
        "get",
        [
          ParameterDeclaration("x", .either([.record, .list]), "A record or list."),
          ParameterDeclaration("key", .any, "A key, or a position."),
          ParameterDeclaration("default", default: "none", "What stands for a missing one."),
        ], returns: .any, family: family,
        "The value under a key, or a default where there is none.",
        examples: [
          Example("{a: 1}.get(\"b\", 0)", prints: "0"), Example("get([5, 6], 1)", prints: "6"),
        ]), form: .both([.record, .list]),
      raw: { call in
        let (target, key) = (call.value(0), call.value(1))
        if target.tag == .record {
          try call.machine.checkKey(key)
          return call.heap.pointee.get(key, in: target.record) ?? call.value(2)
        }
        guard key.tag == .int,
          let position = call.machine.position(key.int, target.list.count)
        else { return call.value(2) }
        return target.list.items[position]
      }),
  ]

  private static func entries(
    _ call: NativeCall, _ make: (Value, Value) -> Value
  ) -> Value {
    let record = call.value(0).record
    let list = call.heap.pointee.newList(capacity: record.count)
    for entry in 0..<record.used {
      if let key = call.heap.pointee.key(entry, in: record) {
        call.heap.pointee.append(make(key, record.slots[entry]), to: list)
      }
    }
    return Value(list)
  }
}
