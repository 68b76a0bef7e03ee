import MDMSyntax

/// Conversions between the machine's values and `Datum`.
extension Machine {
  static let nestingLimit = 200

  /// A value of the heap with the content of a datum.
  func value(_ datum: Datum) -> Value {
    switch datum {
    case .none: return .none
    case .bool(let value): return Value(value)
    case .int(let value): return Value(value)
    case .float(let value): return Value(value)
    case .duration(let value): return Value(duration: value)
    case .size(let value): return Value(size: value)
    case .string(let text): return Value(heap.pointee.newString(text))
    case .list(let items):
      let list = heap.pointee.newList(capacity: items.count)
      for item in items { heap.pointee.append(value(item), to: list) }
      return Value(list)
    case .record(let fields):
      let record = heap.pointee.newRecord()
      for (name, item) in fields.entries {
        heap.pointee.set(Value(symbol(name)), value(item), in: record)
      }
      return Value(record)
    case .range(let range):
      let number = { (value: Double) in
        range.isInteger ? Int64(exactly: value).map { Value($0) } ?? Value(value) : Value(value)
      }
      return Value(
        heap.pointee.newRange(
          range.start.map(number) ?? .none, range.end.map(number) ?? .none,
          step: number(range.step), isClosed: range.isClosed))
    case .function(let handle): return handle.value
    case .domain(let object): return Value(heap.pointee.newDomain(object))
    }
  }

  /// A short text becomes a symbol, so that records of natives have shapes; a long one does not,
  /// since symbols live as long as the machine.
  func symbol(_ text: String) -> Ref<StringObject> {
    text.utf8.count <= 32 && heap.pointee.symbols.count < 100_000
      ? heap.pointee.symbols.intern(text) : heap.pointee.newString(text)
  }

  func string(_ text: String) -> Value { Value(heap.pointee.newString(text)) }

  /// A copy of a value.
  func datum(_ value: Value, depth: Int = 0) throws -> Datum {
    if depth > Machine.nestingLimit {
      throw ScriptError(
        .limit, "this value contains itself or nests more than 200 levels")
    }
    switch value.tag {
    case .none, .undefined, .missing: return .none
    case .bool: return .bool(value.bool)
    case .int: return .int(value.int)
    case .float: return .float(value.double)
    case .duration: return .duration(value.double)
    case .size: return .size(value.int)
    case .string: return .string(value.string.text)
    case .list:
      let list = value.list
      var items: [Datum] = []
      items.reserveCapacity(list.count)
      for position in 0..<list.count {
        items.append(try datum(list.items[position], depth: depth + 1))
      }
      return .list(items)
    case .record:
      let record = value.record
      var fields = RecordDatum()
      for entry in 0..<record.used {
        guard let key = heap.pointee.key(entry, in: record) else { continue }
        fields.entries.append(
          (text(ofKey: key), try datum(record.slots[entry], depth: depth + 1)))
      }
      return .record(fields)
    case .range:
      let range = value.range
      return .range(
        RangeDatum(
          start: range.start.tag == .none ? nil : range.start.number,
          end: range.end.tag == .none ? nil : range.end.number, step: range.step.number,
          isClosed: range.isClosed,
          isInteger: range.start.tag != .float && range.end.tag != .float
            && range.step.tag == .int))
    case .closure, .native: return .function(handle(value))
    case .domain: return .domain(value.domain.object)
    }
  }

  func text(ofKey key: Value) -> String {
    switch key.tag {
    case .string: key.string.text
    case .bool: key.bool ? "true" : "false"
    default: "\(key.int)"
    }
  }

  /// The value of a literal in a signature's default; nil where it is not one.
  func literal(_ text: String) -> Value? {
    // What most defaults are needs no parser at every start.
    switch text {
    case "none": return Value.none
    case "true": return Value(true)
    case "false": return Value(false)
    default:
      if text.utf8.count < 10, text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let whole = Int64(text) {
        return Value(whole)
      }
    }
    let source = SourceText(name: "default", text: text)
    let parsed = Parser.parse(source)
    guard parsed.diagnostics.isEmpty, parsed.tree.statements.count == 1,
      case .expression(let expression) = parsed.tree.statements[0].kind
    else { return nil }
    return constant(expression)
  }

  /// The value of a literal, possibly negated; nil for everything else.
  func constant(_ expression: Expression) -> Value? {
    switch expression.kind {
    case .none: return Value.none
    case .bool(let value): return Value(value)
    case .int(let value): return Value(value)
    case .float(let value): return Value(value)
    case .duration(let value): return Value(duration: value)
    case .size(let value): return Value(size: value)
    case .string(let text): return Value(heap.pointee.symbols.intern(text))
    case .unary(.minus, let operand):
      guard let value = constant(operand) else { return nil }
      switch value.tag {
      case .int: return value.int == .min ? nil : Value(-value.int)
      case .float: return Value(-value.double)
      case .duration: return Value(duration: -value.double)
      default: return nil
      }
    default: return nil
    }
  }
}
