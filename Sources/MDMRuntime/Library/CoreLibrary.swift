import MDMDeclarations

/// The native functions that every machine has.
public enum CoreLibrary {
  /// All of them, in the order of the reference.
  public static let functions: [NativeFunction] =
    CoreFunctions.all + MathFunctions.all + IntegerFunctions.all + StatisticsFunctions.all + texts
    + ListFunctions.all + ListParts.all + ListGroups.all + Combinations.all + SortFunctions.all
    + RecordFunctions.all + RecordChanges.all

  private static let texts: [NativeFunction] =
    TextFunctions.all + TextTrimming.all + TextTests.all + TextSplitting.all + TextSearch.all
    + TextParsing.all + TextDistance.all + RegexFunctions.all

  /// The named numbers that every machine knows.
  public static let constants: [(name: String, value: Double, summary: String)] = [
    ("pi", .pi, "The circumference of a circle over its diameter."),
    ("inf", .infinity, "The Float above all others."),
    ("nan", .nan, "The Float that is not a number; it does not even equal itself."),
  ]
}

extension NativeCall {
  /// Keeps a value alive while the body calls back into scripts.
  func rooted<Result>(_ value: Value, _ body: () throws -> Result) rethrows -> Result {
    machine.roots.append(value)
    defer { machine.roots.removeLast() }
    return try body()
  }

  /// Calls a predicate, which has to answer true or false.
  func test(_ function: Value, _ argument: Value) throws -> Bool {
    let answer = try apply(function, argument)
    guard answer.tag == .bool else {
      throw fail(.condition, "the function has to give true or false, got \(machine.brief(answer))")
    }
    return answer.bool
  }

  /// The elements of anything that a loop goes through, as a list: a list as itself.
  func elements(_ index: Int) throws -> Ref<ListObject> {
    let value = value(index)
    if value.tag == .list { return value.list }
    let list = machine.heap.pointee.newList(capacity: 4)
    do {
      try machine.spread(value, into: list)
    } catch var error as ScriptError {
      error.argument = index
      throw error
    }
    // The argument's place on the stack keeps the new list alive.
    arguments[index] = Value(list)
    return list
  }

  /// A new string.
  func text(_ text: String) -> Value { machine.string(text) }

  /// The bytes of a string argument.
  func bytes(_ index: Int) -> UnsafeBufferPointer<UInt8> { arguments[index].string.buffer }
}
