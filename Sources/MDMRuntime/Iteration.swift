import MDMSyntax

/// Ranges, loops, spreads, patterns, membership.
extension Machine {
  @inline(never)
  func makeRange(
    _ start: Value, _ end: Value, _ step: Value, isClosed: Bool
  ) throws -> Value {
    for value in [start, end] where value.tag != .none && !value.isNumber {
      throw ScriptError(.operandType, "a range takes numbers, got \(brief(value))")
    }
    guard step.isNumber, step.number != 0, !step.number.isNaN else {
      throw ScriptError(.value, "a range steps by a number other than 0, got \(brief(step))")
    }
    return Value(heap.pointee.newRange(start, end, step: step, isClosed: isClosed))
  }

  /// The number of elements of a range.
  func elementCount(_ range: Ref<RangeObject>) throws -> Int {
    guard range.start.tag != .none, range.end.tag != .none else {
      throw ScriptError(.notIterable, "a range with an open end has no last element")
    }
    if range.start.tag == .int, range.end.tag == .int, range.step.tag == .int {
      let (start, end, step) = (range.start.int, range.end.int, range.step.int)
      let isEmpty = step > 0 ? start > end : start < end
      if isEmpty || start == end { return start == end && range.isClosed ? 1 : 0 }
      // Differences of Int64 fit into UInt64.
      let distance = UInt64(bitPattern: step > 0 ? end &- start : start &- end)
      let count =
        range.isClosed
        ? distance / step.magnitude : (distance - 1) / step.magnitude
      if count >= UInt64(Int64.max) {
        throw ScriptError(.value, "a range of more than 2 ** 63 elements cannot be walked")
      }
      return Int(count) + 1
    }
    let span = (range.end.number - range.start.number) / range.step.number
    guard !span.isNaN, span < 1e15 else {
      throw ScriptError(.value, "this range has no countable elements")
    }
    // A half-open end that rounding has almost reached does not count as an element.
    if span < 0 { return 0 }
    let count = range.isClosed ? (span + 1e-9).rounded(.down) + 1 : (span - 1e-9).rounded(.up)
    return max(0, Int(count))
  }

  func element(of range: Ref<RangeObject>, at position: Int) -> Value {
    if range.start.tag == .int, range.step.tag == .int {
      return Value(range.start.int &+ Int64(position) &* range.step.int)
    }
    return Value(range.start.number + Double(position) * range.step.number)
  }

  /// Sets the three registers of a loop up: what is walked, where, and by what step.
  @inline(never)
  func prepareIteration(_ window: UnsafeMutablePointer<Value>) throws {
    let value = window[0]
    window[1] = Value(0)
    window[2] = .none
    switch value.tag {
    case .list, .record, .string: return
    case .domain where value.domain.object.count != nil: return
    case .range:
      let range = value.range
      let isOpen = range.end.tag == .none
      if range.start.tag == .int, range.step.tag == .int, isOpen || range.end.tag == .int {
        window[0] = Value(isOpen ? Int.max : try elementCount(range))
        window[1] = range.start
        window[2] = range.step
      } else {
        _ = try elementCount(range)
      }
    default: throw notIterable(value)
    }
  }

  private func notIterable(_ value: Value) -> ScriptError {
    ScriptError(
      .notIterable, "\(brief(value)) has no elements to go through",
      hint: value.tag == .int ? "write 0..\(value.int)" : nil)
  }

  /// Steps a loop over anything but Int ranges and lists; false at the end.
  @inline(never)
  func nextElement(_ window: UnsafeMutablePointer<Value>, isPair: Bool) throws -> Bool {
    let source = window[0]
    if isPair, source.tag == .int {
      // A range in a loop over pairs has no keys.
      if source.int <= 0 { return false }
      throw noPair(window[1])
    }
    let position = Int(window[1].int)
    window[1] = Value(position + 1)
    switch source.tag {
    case .record:
      let record = source.record
      var entry = position
      while entry < record.used {
        if let key = heap.pointee.key(entry, in: record) {
          window[1] = Value(entry + 1)
          window[3] = key
          if isPair { window[4] = record.slots[entry] }
          return true
        }
        entry += 1
      }
      return false
    case .list:
      guard position < source.list.count else { return false }
      let item = source.list.items[position]
      guard item.tag == .list, item.list.count == 2 else { throw noPair(item) }
      window[3] = item.list.items[0]
      window[4] = item.list.items[1]
      return true
    case .string where !isPair:
      guard position < source.string.length else { return false }
      window[3] = scalar(of: source.string, at: position)
      return true
    case .range where !isPair:
      guard position < (try elementCount(source.range)) else { return false }
      window[3] = element(of: source.range, at: position)
      return true
    case .domain:
      guard position < source.domain.object.count ?? 0,
        let item = source.domain.object.element(at: position)
      else { return false }
      let element = value(item)
      if isPair {
        guard element.tag == .list, element.list.count == 2 else { throw noPair(element) }
        window[3] = element.list.items[0]
        window[4] = element.list.items[1]
      } else {
        window[3] = element
      }
      return true
    default: throw isPair ? noPair(source) : notIterable(source)
    }
  }

  private func noPair(_ value: Value) -> ScriptError {
    ScriptError(
      .destructuring, "a loop over two names takes a Record or pairs, got \(brief(value))",
      hint: "enumerate(xs) gives pairs of position and element")
  }

  /// Appends all elements of a value to a list.
  func spread(_ value: Value, into list: Ref<ListObject>) throws {
    switch value.tag {
    case .list:
      let other = value.list
      // A list may be spread into itself: the count is taken first.
      let count = other.count
      try checkRoom(count * 16)
      heap.pointee.grow(list, to: list.count + count)
      list.items.advanced(by: list.count).update(from: other.items, count: count)
      list.count += count
    case .record:
      for entry in 0..<value.record.used {
        if let key = heap.pointee.key(entry, in: value.record) {
          heap.pointee.append(key, to: list)
        }
      }
    case .string:
      for position in 0..<value.string.length {
        heap.pointee.append(scalar(of: value.string, at: position), to: list)
      }
    case .range:
      let count = try elementCount(value.range)
      if count > 1 << 40 { throw outOfMemory() }
      try checkRoom(count * 16)
      heap.pointee.grow(list, to: list.count + count)
      for position in 0..<count {
        heap.pointee.append(element(of: value.range, at: position), to: list)
      }
    case .domain:
      guard let count = value.domain.object.count else { throw notIterable(value) }
      for position in 0..<count {
        guard let item = value.domain.object.element(at: position) else { break }
        heap.pointee.append(self.value(item), to: list)
      }
    default: throw notIterable(value)
    }
  }

  @inline(never)
  func spreadRecord(_ value: Value, into record: Ref<RecordObject>) throws {
    switch value.tag {
    case .record:
      let other = value.record
      for entry in 0..<other.used {
        if let key = heap.pointee.key(entry, in: other) {
          heap.pointee.set(key, other.slots[entry], in: record)
        }
      }
    case .domain:
      let object = value.domain.object
      for name in object.fieldNames {
        if let field = object.field(name) {
          heap.pointee.set(Value(symbol(name)), self.value(field), in: record)
        }
      }
    default:
      throw ScriptError(
        .operandType, "`..` spreads a Record into a record, got \(brief(value))")
    }
  }

  @inline(never)
  func contains(_ item: Value, in target: Value) throws -> Bool {
    switch target.tag {
    case .list:
      let list = target.list
      for position in 0..<list.count where try equal(list.items[position], item) { return true }
      return false
    case .record:
      if item.tag != .string, item.tag != .int, item.tag != .bool { return false }
      return heap.pointee.slot(of: item, in: target.record) != nil
    case .string:
      if item.tag == .domain, let regex = item.domain.object as? RegexPattern {
        var needle = Needle(regex)
        return try needle.next(target.string, from: 0) != nil
      }
      guard item.tag == .string else {
        throw ScriptError(.operandType, "`in` looks for a String in a String, got \(brief(item))")
      }
      return target.string.find(item.string.buffer) != nil
    case .range: return isInside(item, target.range)
    case .domain:
      let object = target.domain.object
      if item.tag == .string, object.element(named: item.string.text) != nil { return true }
      for position in 0..<(object.count ?? 0) {
        if let element = object.element(at: position), try equal(value(element), item) {
          return true
        }
      }
      return false
    default:
      throw ScriptError(.operandType, "`in` looks into a collection, got \(brief(target))")
    }
  }

  /// Whether a number lies in a range, on its steps where it has Int ones.
  func isInside(_ value: Value, _ range: Ref<RangeObject>) -> Bool {
    guard value.isNumber else { return false }
    let (low, high) = range.step.number > 0 ? (range.start, range.end) : (range.end, range.start)
    let isReversed = range.step.number < 0
    if low.tag != .none {
      let order = Machine.order(value, low)
      if order < 0 || order == 0 && isReversed && !range.isClosed { return false }
    }
    if high.tag != .none {
      let order = Machine.order(value, high)
      if order > 0 || order == 0 && !isReversed && !range.isClosed { return false }
    }
    if value.tag == .int, range.start.tag == .int, range.step.tag == .int,
      abs(range.step.number) != 1
    {
      let distance = value.int.subtractingReportingOverflow(range.start.int)
      return distance.overflow || distance.partialValue % range.step.int == 0
    }
    return true
  }

  // MARK: Patterns

  func middle(of list: Ref<ListObject>, _ place: Value) -> Value {
    let first = Int(place.int >> 32)
    let tail = Int(place.int & 0xFFFF_FFFF)
    let count = max(0, list.count - first - tail)
    let made = heap.pointee.newList(capacity: count)
    made.items.update(from: list.items + first, count: count)
    made.count = count
    return Value(made)
  }

  @inline(never)
  func matchField(
    _ target: Value, _ key: Value, _ destination: UnsafeMutablePointer<Value>
  ) -> Bool {
    switch target.tag {
    case .record:
      guard let value = heap.pointee.get(key, in: target.record) else { return false }
      destination.pointee = value
      return true
    case .domain:
      guard let found = target.domain.object.field(key.string.text) else { return false }
      destination.pointee = value(found)
      return true
    default: return false
    }
  }

  @inline(never)
  func noMatch(_ value: Value) -> ScriptError {
    ScriptError(
      .noMatch, "no arm of this match accepts \(brief(value))",
      hint: "an arm `_ -> …` accepts everything")
  }

  @inline(never)
  func noForm(_ value: Value) -> ScriptError {
    ScriptError(.destructuring, "\(brief(value)) does not have the form of this pattern")
  }

  // MARK: Handlers, annotations, assertions

  func pushHandler(_ target: UnsafeMutablePointer<Instruction>, register: Int) throws {
    guard state.pointee.handlerCount < handlers.count - 1 else { throw tooDeep() }
    handlers.start[state.pointee.handlerCount] = Handler(
      depth: state.pointee.depth, target: target, register: register, deferCount: defers.count,
      budgetCount: budgetCount)
    state.pointee.handlerCount += 1
  }

  /// Checks a value against an annotation; an Int for a Float becomes one.
  @inline(never)
  func checkType(
    _ code: UnsafeMutablePointer<Code>, _ index: Int, _ register: UnsafeMutablePointer<Value>,
    isParameter: Bool
  ) throws {
    let info = code.pointee.info.takeUnretainedValue()
    let check = info.types[index]
    let value = register.pointee
    guard check.accepts(value) else {
      var error = argumentMismatch(check.name, check.type, value, index)
      if isParameter {
        error.argument = info.declaration.parameters.firstIndex { $0.name == check.name }
        error.argumentName = check.name
        error.isAboutCaller = true
      } else {
        error.argument = nil
        error.diagnostic.message = "`\(check.name)` is a \(check.text), got \(brief(value))"
      }
      throw error
    }
    if value.tag == .int, check.convertsToFloat { register.pointee = Value(Double(value.int)) }
  }

  @inline(never)
  func checkResult(
    _ code: UnsafeMutablePointer<Code>, _ register: UnsafeMutablePointer<Value>
  ) throws {
    let info = code.pointee.info.takeUnretainedValue()
    guard let check = info.resultType else { return }
    let value = register.pointee
    guard check.accepts(value) else {
      throw ScriptError(
        .argumentType, "`\(info.name)` promises \(check.text), but gives \(brief(value))")
    }
    if value.tag == .int, check.convertsToFloat { register.pointee = Value(Double(value.int)) }
  }
}
