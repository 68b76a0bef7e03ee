import Glibc

/// The keys of a record and their order, shared by all records that grew alike.
struct Shape {
  let parent: UnsafeMutablePointer<Shape>?
  let count: Int
  /// Symbols in slot order.
  let keys: UnsafeMutablePointer<Ref<StringObject>>
  var firstChild: UnsafeMutablePointer<Shape>?
  var sibling: UnsafeMutablePointer<Shape>?
  var childCount = 0

  /// Records with more fields keep their own keys.
  static let largest = 48

  static func root() -> UnsafeMutablePointer<Shape> { make(nil, []) }

  private static func make(
    _ parent: UnsafeMutablePointer<Shape>?, _ keys: [Ref<StringObject>]
  ) -> UnsafeMutablePointer<Shape> {
    let storage = UnsafeMutablePointer<Ref<StringObject>>.allocate(capacity: max(keys.count, 1))
    for (position, key) in keys.enumerated() { (storage + position).initialize(to: key) }
    let shape = UnsafeMutablePointer<Shape>.allocate(capacity: 1)
    shape.initialize(to: Shape(parent: parent, count: keys.count, keys: storage))
    return shape
  }

  static func destroy(_ shape: UnsafeMutablePointer<Shape>) {
    // Depth is at most `largest`, so the recursion is bounded.
    var child = shape.pointee.firstChild
    while let next = child {
      child = next.pointee.sibling
      destroy(next)
    }
    shape.pointee.keys.deallocate()
    shape.deallocate()
  }

  /// The slot of a symbol.
  @inline(__always)
  func slot(of key: Ref<StringObject>) -> Int? {
    var position = 0
    while position < count {
      if keys[position] == key { return position }
      position &+= 1
    }
    return nil
  }

  /// The shape with one key more; nil where the record should keep its own keys.
  static func adding(
    _ key: Ref<StringObject>, to shape: UnsafeMutablePointer<Shape>
  ) -> UnsafeMutablePointer<Shape>? {
    var child = shape.pointee.firstChild
    while let next = child {
      if next.pointee.keys[next.pointee.count - 1] == key { return next }
      child = next.pointee.sibling
    }
    if shape.pointee.count >= largest || shape.pointee.childCount >= 64 { return nil }
    return making(key, in: shape)
  }

  /// The shape with one key more, however many there are: for a copy of another heap's shapes.
  static func copying(
    _ key: Ref<StringObject>, to shape: UnsafeMutablePointer<Shape>
  ) -> UnsafeMutablePointer<Shape> { adding(key, to: shape) ?? making(key, in: shape) }

  private static func making(
    _ key: Ref<StringObject>, in shape: UnsafeMutablePointer<Shape>
  ) -> UnsafeMutablePointer<Shape> {
    var keys = (0..<shape.pointee.count).map { shape.pointee.keys[$0] }
    keys.append(key)
    let made = make(shape, keys)
    made.pointee.sibling = shape.pointee.firstChild
    shape.pointee.firstChild = made
    shape.pointee.childCount += 1
    return made
  }
}

extension Heap {
  // MARK: Lookup

  /// The hash of a key.
  @inline(__always)
  private func hash(_ key: Value) -> UInt64 {
    key.tag == .string
      ? key.string.hashValue
      : StringHash.mix(key.bits &+ UInt64(key.tag.rawValue) << 56 ^ 0x5851_F42D)
  }

  @inline(__always)
  private func same(_ left: Value, _ right: Value) -> Bool {
    if left.tag != right.tag { return false }
    return left.tag == .string ? left.string.equals(right.string) : left.bits == right.bits
  }

  /// The slot of a key (String, Int or Bool).
  mutating func slot(of key: Value, in record: Ref<RecordObject>) -> Int? {
    if let shape = record.shape {
      guard key.tag == .string, let symbol = symbols.find(key.string) else { return nil }
      return shape.pointee.slot(of: symbol)
    }
    guard let index = record.index, let keys = record.keys else { return nil }
    let mask = record.indexCapacity - 1
    var position = Int(truncatingIfNeeded: hash(key)) & mask
    while index[position] != 0 {
      let entry = Int(index[position]) - 1
      if entry >= 0, same(keys[entry], key) { return entry }
      position = (position + 1) & mask
    }
    return nil
  }

  mutating func get(_ key: Value, in record: Ref<RecordObject>) -> Value? {
    slot(of: key, in: record).map { record.slots[$0] }
  }

  mutating func get(_ name: String, in record: Ref<RecordObject>) -> Value? {
    var name = name
    return name.withUTF8 { bytes in
      guard let symbol = symbols.find(bytes, hash: StringHash.of(bytes)) else {
        // Without a symbol only a record with own keys can have it.
        if record.shape != nil { return nil }
        for entry in 0..<record.used {
          if let key = key(entry, in: record), key.tag == .string,
            key.string.buffer.elementsEqual(bytes)
          {
            return record.slots[entry]
          }
        }
        return nil
      }
      return get(Value(symbol), in: record)
    }
  }

  /// The key of an entry; nil where it was removed.
  @inline(__always)
  mutating func key(_ entry: Int, in record: Ref<RecordObject>) -> Value? {
    if let shape = record.shape { return Value(shape.pointee.keys[entry]) }
    guard let keys = record.keys, keys[entry].tag != .undefined else { return nil }
    return keys[entry]
  }

  // MARK: Change

  /// Sets or adds an entry. The caller has checked the key's type and that nothing is frozen.
  mutating func set(_ key: Value, _ value: Value, in record: Ref<RecordObject>) {
    if let slot = slot(of: key, in: record) {
      record.slots[slot] = value
      return
    }
    if let shape = record.shape {
      if key.tag == .string, let symbol = symbols.find(key.string),
        let next = Shape.adding(symbol, to: shape)
      {
        append(value, shape: next, to: record)
        return
      }
      keepOwnKeys(record)
    }
    if record.used == record.capacity { makeRoom(record) }
    guard let keys = record.keys else { return }
    record.slots[record.used] = value
    keys[record.used] = key
    insertIndex(record, record.used)
    record.used += 1
    record.count += 1
  }

  /// Adds a slot to a record whose next shape is known.
  @inline(__always)
  mutating func append(
    _ value: Value, shape: UnsafeMutablePointer<Shape>, to record: Ref<RecordObject>
  ) {
    if record.used == record.capacity { growSlots(record, record.capacity * 2) }
    record.slots[record.used] = value
    record.used += 1
    record.count += 1
    record.shape = shape
  }

  /// Removes an entry and gives its value.
  mutating func remove(_ key: Value, in record: Ref<RecordObject>) -> Value? {
    guard let slot = slot(of: key, in: record) else { return nil }
    if record.shape != nil { keepOwnKeys(record) }
    let value = record.slots[slot]
    record.slots[slot] = .none
    record.keys?[slot] = .undefined
    record.count -= 1
    // The index keeps a mark, so that entries that were pushed further are still found. Marks go
    // with the removed entries when the record makes room.
    if let index = record.index {
      let mask = record.indexCapacity - 1
      var position = Int(truncatingIfNeeded: hash(key)) & mask
      while index[position] != Int32(slot + 1) { position = (position + 1) & mask }
      index[position] = -1
    }
    return value
  }

  mutating func copy(_ record: Ref<RecordObject>) -> Ref<RecordObject> {
    if let shape = record.shape {
      let made = newRecord(shape: shape, capacity: record.used)
      made.slots.update(from: record.slots, count: record.used)
      made.used = record.used
      made.count = record.count
      return made
    }
    let made = newRecord(shape: emptyShape, capacity: record.count)
    keepOwnKeys(made)
    for entry in 0..<record.used {
      if let key = key(entry, in: record) { set(key, record.slots[entry], in: made) }
    }
    return made
  }

  /// An empty record that keeps its own keys, for those of another heap.
  mutating func newKeyedRecord(capacity: Int) -> Ref<RecordObject> {
    let made = newRecord(shape: emptyShape, capacity: capacity)
    keepOwnKeys(made)
    return made
  }

  private mutating func growSlots(_ record: Ref<RecordObject>, _ capacity: Int) {
    let raw = pool.grow(record.slots, from: record.capacity * 16, to: capacity * 16)
    bytes += (capacity - record.capacity) * 16
    record.slots = raw.assumingMemoryBound(to: Value.self)
    if let keys = record.keys {
      let raw = pool.grow(keys, from: record.capacity * 16, to: capacity * 16)
      bytes += (capacity - record.capacity) * 16
      record.keys = raw.assumingMemoryBound(to: Value.self)
    }
    record.capacity = capacity
  }

  private mutating func keepOwnKeys(_ record: Ref<RecordObject>) {
    guard let shape = record.shape else { return }
    let keys = values(record.capacity)
    bytes += record.capacity * 16
    for entry in 0..<record.used { keys[entry] = Value(shape.pointee.keys[entry]) }
    record.keys = keys
    record.shape = nil
    rebuildIndex(record)
  }

  /// Drops removed entries, or doubles the room where there are few.
  private mutating func makeRoom(_ record: Ref<RecordObject>) {
    if record.count < record.used * 3 / 4, let keys = record.keys {
      var live = 0
      for entry in 0..<record.used where keys[entry].tag != .undefined {
        keys[live] = keys[entry]
        record.slots[live] = record.slots[entry]
        live += 1
      }
      record.used = live
    } else {
      growSlots(record, record.capacity * 2)
    }
    rebuildIndex(record)
  }

  private mutating func rebuildIndex(_ record: Ref<RecordObject>) {
    var capacity = 8
    while capacity < record.capacity * 2 { capacity *= 2 }
    if capacity != record.indexCapacity {
      bytes += (capacity - record.indexCapacity) * 4
      free(record.index)
      guard let raw = malloc(capacity * 4) else { Heap.outOfMemory() }
      record.index = raw.assumingMemoryBound(to: Int32.self)
      record.indexCapacity = capacity
    }
    record.index?.initialize(repeating: 0, count: capacity)
    for entry in 0..<record.used where record.keys?[entry].tag != .undefined {
      insertIndex(record, entry)
    }
  }

  private mutating func insertIndex(_ record: Ref<RecordObject>, _ entry: Int) {
    guard let index = record.index, let keys = record.keys else { return }
    let mask = record.indexCapacity - 1
    var position = Int(truncatingIfNeeded: hash(keys[entry])) & mask
    while index[position] != 0 { position = (position + 1) & mask }
    index[position] = Int32(truncatingIfNeeded: entry + 1)
  }
}
