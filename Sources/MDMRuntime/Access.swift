/// Indices, fields, methods.
extension Machine {
  // MARK: Indices

  @inline(never)
  func index(_ target: Value, _ key: Value, orNone: Bool) throws -> Value {
    if key.tag == .range, target.tag == .list || target.tag == .string {
      return try slice(target, key.range)
    }
    if key.tag == .range, target.tag == .domain {
      let object = target.domain.object
      guard let count = object.count else { throw badIndex(target, key) }
      let (start, end, step) = try bounds(key.range, count: count)
      guard let part = object.slice(from: start, to: end, by: step) else {
        throw badIndex(target, key)
      }
      return value(part)
    }
    switch target.tag {
    case .list:
      guard key.tag == .int else { throw badIndex(target, key) }
      let list = target.list
      guard let position = position(key.int, list.count) else {
        if orNone { return .none }
        throw outOfRange("List", key.int, list.count)
      }
      return list.items[position]
    case .string:
      guard key.tag == .int else { throw badIndex(target, key) }
      let string = target.string
      guard let position = position(key.int, string.length) else {
        if orNone { return .none }
        throw outOfRange("String", key.int, string.length)
      }
      return scalar(of: string, at: position)
    case .record:
      try checkKey(key)
      if let value = heap.pointee.get(key, in: target.record) { return value }
      if orNone { return .none }
      throw missingKey(key, target.record)
    case .range:
      guard key.tag == .int else { throw badIndex(target, key) }
      let count = try elementCount(target.range)
      guard let position = position(key.int, count) else {
        if orNone { return .none }
        throw outOfRange("Range", key.int, count)
      }
      return element(of: target.range, at: position)
    case .domain:
      let object = target.domain.object
      if key.tag == .int, let count = object.count {
        if let position = position(key.int, count), let item = object.element(at: position) {
          return value(item)
        }
        if orNone { return .none }
        throw outOfRange(object.typeName, key.int, count)
      }
      if key.tag == .string {
        if let item = object.element(named: key.string.text) { return value(item) }
        if orNone { return .none }
        throw missingField(key.string.text, target)
      }
      throw badIndex(target, key)
    case .none where orNone: return .none
    default:
      throw ScriptError(
        .operandType, "\(brief(target)) has no elements",
        hint: target.tag == .none ? "where does the none come from?" : nil)
    }
  }

  /// A position counted from the end where negative; nil out of range.
  func position(_ index: Int64, _ count: Int) -> Int? {
    let position = index < 0 ? index &+ Int64(count) : index
    return position >= 0 && position < Int64(count) ? Int(position) : nil
  }

  func scalar(of string: Ref<StringObject>, at position: Int) -> Value {
    let start = string.byteOffset(ofScalar: position)
    var end = start + 1
    while end < string.byteCount, string.bytes[end] & 0xC0 == 0x80 { end += 1 }
    return Value(
      heap.pointee.newString(UnsafeBufferPointer(start: string.bytes + start, count: end - start)))
  }

  /// The positions that a range stands for in a collection; ends beyond it are cut off, negative ones
  /// count from its end.
  private func bounds(
    _ range: Ref<RangeObject>, count: Int
  ) throws -> (start: Int, end: Int, step: Int) {
    guard range.start.tag != .float, range.end.tag != .float, range.step.tag == .int else {
      throw ScriptError(.operandType, "a slice takes a range of Ints")
    }
    let step = range.step.int
    guard step > 0 else { throw ScriptError(.value, "a slice steps forwards, got by \(step)") }
    let bound = { (value: Value, standard: Int) -> Int in
      if value.tag == .none { return standard }
      let position = value.int < 0 ? value.int &+ Int64(count) : value.int
      return Int(min(max(position, 0), Int64(count)))
    }
    let start = bound(range.start, 0)
    var end = bound(range.end, count)
    if range.isClosed, range.end.tag == .int {
      end = range.end.int == -1 ? count : min(bound(range.end, count) + 1, count)
    }
    return (start, max(start, end), Int(step))
  }

  /// A slice of a list or a text.
  private func slice(_ target: Value, _ range: Ref<RangeObject>) throws -> Value {
    let count = target.tag == .list ? target.list.count : target.string.length
    let (start, end, step) = try bounds(range, count: count)
    if target.tag == .string {
      let string = target.string
      if step == 1 {
        let first = string.byteOffset(ofScalar: start)
        let last = string.byteOffset(ofScalar: end)
        return Value(
          heap.pointee.newString(
            UnsafeBufferPointer(start: string.bytes + first, count: last - first)))
      }
      let scalars = Array(string.text.unicodeScalars)
      var text = ""
      var position = start
      while position < end {
        text.unicodeScalars.append(scalars[position])
        if step > count { break }
        position += step
      }
      return self.string(text)
    }
    let list = target.list
    let made = heap.pointee.newList(capacity: end - start)
    if step == 1 {
      made.items.update(from: list.items + start, count: end - start)
      made.count = end - start
    } else {
      var position = start
      while position < end {
        heap.pointee.append(list.items[position], to: made)
        if step > count { break }
        position += step
      }
    }
    return Value(made)
  }

  @inline(never)
  func setIndex(_ target: Value, _ key: Value, _ value: Value) throws {
    switch target.tag {
    case .list:
      guard key.tag == .int else { throw badIndex(target, key) }
      try checkChangeable(target)
      guard let position = position(key.int, target.list.count) else {
        throw outOfRange("List", key.int, target.list.count)
      }
      target.list.items[position] = value
    case .record:
      try checkKey(key)
      try checkChangeable(target)
      heap.pointee.set(key, value, in: target.record)
    case .string:
      throw ScriptError(
        .frozen, "a String cannot be changed in place", hint: "replace(…) makes a changed copy")
    default: throw ScriptError(.operandType, "\(brief(target)) has no elements to set")
    }
  }

  func checkKey(_ key: Value) throws {
    if key.tag == .string || key.tag == .int || key.tag == .bool { return }
    throw ScriptError(
      .keyType, "a key is a String, an Int or a Bool, got \(brief(key))",
      hint: key.tag == .float ? "str(x) or int(x) makes a key of it" : nil)
  }

  /// Throws where a list or record is frozen.
  func checkChangeable(_ target: Value) throws {
    if Ref<Header>(address: target.bits).isFrozen {
      throw ScriptError(
        .frozen, "this \(target.typeName) is frozen",
        hint: "copy(x) gives one that can be changed")
    }
  }

  // MARK: Fields

  @inline(never)
  func field(
    of target: Value, _ cache: UnsafeMutablePointer<FieldCache>, orNone: Bool
  ) throws -> Value {
    let key = cache.pointee.key
    switch target.tag {
    case .record:
      let record = target.record
      if let slot = heap.pointee.slot(of: Value(key), in: record) {
        if let shape = record.shape {
          cache.pointee.shape = shape
          cache.pointee.slot = slot
        }
        return record.slots[slot]
      }
    case .domain:
      if let found = target.domain.object.field(key.text) { return value(found) }
    case .none where orNone: return .none
    case .range:
      let range = target.range
      switch key.text {
      case "start": return range.start
      case "end": return range.end
      case "step": return range.step
      default: break
      }
    default: break
    }
    if orNone { return .none }
    throw missingField(key.text, target)
  }

  @inline(never)
  func setField(
    of target: Value, _ cache: UnsafeMutablePointer<FieldCache>, _ value: Value
  ) throws {
    guard target.tag == .record else {
      throw ScriptError(
        target.tag == .domain ? .frozen : .operandType,
        target.tag == .domain
          ? "\(withArticle(target.typeName)) cannot be changed"
          : "\(brief(target)) has no fields to set")
    }
    try checkChangeable(target)
    let record = target.record
    let key = Value(cache.pointee.key)
    let before = record.shape
    let slot = heap.pointee.slot(of: key, in: record)
    heap.pointee.set(key, value, in: record)
    guard let before, let after = record.shape else { return }
    cache.pointee.shape = before
    cache.pointee.slot = slot ?? 0
    cache.pointee.next = slot == nil ? after : nil
  }

  /// Finds what `x.name(…)` calls. The receiver stands in the window's first register. A field's
  /// function goes to the second and `undefined` to the first; a built-in method goes to the first
  /// and the receiver to the second, where it is the first argument.
  @inline(never)
  func prepareMethod(
    _ window: UnsafeMutablePointer<Value>, _ cache: UnsafeMutablePointer<FieldCache>
  ) throws {
    let target = window[0]
    let key = cache.pointee.key
    var found: Value?
    if target.tag == .record, let slot = heap.pointee.slot(of: Value(key), in: target.record) {
      if let shape = target.record.shape {
        cache.pointee.shape = shape
        cache.pointee.slot = slot
      }
      found = target.record.slots[slot]
    } else if target.tag == .domain, let field = target.domain.object.field(key.text) {
      let value = value(field)
      if value.isFunction { found = value }
    }
    if let found {
      window[0] = .undefined
      window[1] = found
      return
    }
    let typeName = target.typeName
    let name = key.text
    if let method = methods[typeName]?[name] ?? methods["Any"]?[name] {
      if target.tag != .record, target.tag != .domain {
        cache.pointee.methodTag = target.tag
        cache.pointee.method = method
      }
      window[0] = method
      window[1] = target
      return
    }
    var error = missingField(name, target)
    let known = (methods[typeName] ?? [:]).keys + fieldNames(target)
    if let near = Spelling.nearest(name, Array(known)) {
      error.diagnostic.hint = "did you mean `\(near)`?"
    } else if natives[name] != nil || main.variables[name] != nil {
      error.diagnostic.hint = "write x |> \(name)(…) to call the function \(name)"
    }
    error.diagnostic.message =
      target.tag == .none
      ? "none has no method `\(name)`" : "\(brief(target)) has no field or method `\(name)`"
    throw error
  }

  func fieldNames(_ target: Value) -> [String] {
    switch target.tag {
    case .record:
      (0..<target.record.used).compactMap {
        heap.pointee.key($0, in: target.record).map(text(ofKey:))
      }
    case .domain: target.domain.object.fieldNames
    case .range: ["start", "end", "step"]
    default: []
    }
  }

  // MARK: Errors

  func missingField(_ name: String, _ target: Value) -> ScriptError {
    let names = fieldNames(target)
    var hint: String?
    if let near = Spelling.nearest(name, names) {
      hint = "did you mean `\(near)`?"
    } else if methods[target.typeName]?[name] != nil {
      hint = "`\(name)` is a method: write .\(name)(…)"
    } else if target.tag == .record, !names.isEmpty, names.count <= 12 {
      hint = "it has \(names.joined(separator: ", "))"
    } else if target.tag == .domain {
      hint = target.domain.object.hintWhereUnexpected
    }
    return ScriptError(.missingField, "\(brief(target)) has no field `\(name)`", hint: hint)
  }

  private func missingKey(_ key: Value, _ record: Ref<RecordObject>) -> ScriptError {
    if key.tag == .string { return missingField(key.string.text, Value(record)) }
    return ScriptError(
      .missingField, "a Record has no key \(quoted(key))",
      hint: ".get(key, default) forgives a missing key")
  }

  private func badIndex(_ target: Value, _ key: Value) -> ScriptError {
    ScriptError(
      .operandType, "a \(target.typeName) is indexed by an Int, got \(brief(key))",
      hint: key.tag == .float ? "int(x) makes an Int of it" : nil)
  }

  func outOfRange(_ type: String, _ index: Int64, _ count: Int) -> ScriptError {
    let hint =
      count == 0
      ? nil : "positions go from 0 to \(count - 1), or from -1 back to -\(count)"
    return ScriptError(
      .indexRange, "index \(index) is out of range for a \(type) of length \(count)", hint: hint)
  }

  @inline(never)
  func unset(_ name: Value) -> ScriptError {
    ScriptError(.unsetName, "`\(name.string.text)` is used before its line has run")
  }
}
