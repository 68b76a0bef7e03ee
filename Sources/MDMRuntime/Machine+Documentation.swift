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
}
