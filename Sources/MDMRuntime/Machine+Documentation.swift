import MDMDeclarations

extension Machine {
  /// The declarations of the functions that a record holds, a module's among them.
  public func functions(in record: ValueHandle) -> [FunctionSignature] {
    let value = record.value
    guard value.tag == .record else { return [] }
    return (0..<value.record.used).compactMap { entry in
      let item = value.record.slots[entry]
      guard heap.pointee.key(entry, in: value.record) != nil, item.isFunction else { return nil }
      return signature(of: item)
    }
  }

  /// The declaration of a function value.
  public func signature(of function: ValueHandle) -> FunctionSignature {
    signature(of: function.value)
  }

  /// The first fields of a record in order; none for other values.
  public func fields(of record: ValueHandle, limit: Int) -> [(name: String, value: ValueHandle)] {
    let value = record.value
    guard value.tag == .record else { return [] }
    var fields: [(name: String, value: ValueHandle)] = []
    for entry in 0..<value.record.used where fields.count < limit {
      guard let key = heap.pointee.key(entry, in: value.record), key.tag == .string else {
        continue
      }
      fields.append((key.string.text, handle(value.record.slots[entry])))
    }
    return fields
  }

  /// A type and a short text of a value, such as `Int 3` or `a List of 1000`.
  public func brief(_ handle: ValueHandle) -> String { brief(handle.value) }
}
