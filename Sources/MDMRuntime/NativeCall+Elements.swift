/// Elements of arguments as they are: lists and records stay references.
extension NativeCall {
  /// How many elements an argument has that a loop goes through.
  public func elementCount(_ index: Int) throws -> Int {
    if value(index).tag == .range { return try machine.elementCount(value(index).range) }
    return try elements(index).count
  }

  /// The element at a position below `elementCount`.
  public func element(_ position: Int, of index: Int) throws -> Datum {
    if value(index).tag == .range {
      return .function(machine.handle(machine.element(of: value(index).range, at: position)))
    }
    // A handle carries any value, whatever its name says, so nothing is copied.
    return .function(machine.handle(try elements(index).items[position]))
  }

  /// A new list of the elements at some positions below `elementCount`.
  public func elements(_ positions: [Int], of index: Int) throws -> Datum {
    let source = try elements(index)
    let list = machine.heap.pointee.newList(positions.map { source.items[$0] })
    return .function(machine.handle(Value(list)))
  }
}
