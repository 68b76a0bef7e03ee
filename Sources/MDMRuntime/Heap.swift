import Glibc

/// The collected heap of one machine: allocation never collects, `collect` marks and sweeps.
struct Heap {
  /// Bytes of live and not yet swept objects, side storage included.
  var bytes = 0
  /// A collection is due at the next safe point beyond so many bytes.
  var limit = 1 << 22
  var collectsAlways = false
  private var objects: UnsafeMutablePointer<Header>?
  private var gray: [UnsafeMutablePointer<Header>] = []
  var pool = BlockPool()
  var symbols = SymbolTable()
  let emptyShape = Shape.root()
  /// Single-byte strings, made once.
  private var characters: [Ref<StringObject>] = []

  static let stringHeader = MemoryLayout<StringObject>.stride

  /// Objects on the heap, for tests.
  var objectCount: Int {
    var count = 0
    var next = objects
    while let object = next {
      count += 1
      next = object.pointee.next
    }
    return count
  }

  // MARK: Allocation

  private mutating func link<Object>(_ pointer: UnsafeMutablePointer<Object>, _ size: Int) {
    let header = UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Header.self)
    header.pointee.next = objects
    objects = header
    bytes &+= size
  }

  @inline(__always)
  private mutating func room<Object>(
    _ type: Object.Type, tail: Int = 0
  ) -> UnsafeMutablePointer<Object> {
    pool.take(MemoryLayout<Object>.stride + tail).assumingMemoryBound(to: Object.self)
  }

  @inline(__always)
  mutating func values(_ capacity: Int) -> UnsafeMutablePointer<Value> {
    pool.take(capacity * MemoryLayout<Value>.stride).assumingMemoryBound(to: Value.self)
  }

  @inline(__always)
  mutating func giveValues(_ values: UnsafeMutablePointer<Value>, _ capacity: Int) {
    pool.give(values, capacity * MemoryLayout<Value>.stride)
  }

  /// The system refuses a small allocation although the machine's own limit was kept: nothing that
  /// Swift code does could go on from here.
  static func outOfMemory() -> Never {
    let text = "mdm: out of memory\n"
    _ = text.utf8CString.withUnsafeBytes { write(2, $0.baseAddress, $0.count - 1) }
    exit(1)
  }

  /// A string whose bytes the caller fills in before anything else happens.
  mutating func newString(byteCount: Int) -> Ref<StringObject> {
    let pointer = room(StringObject.self, tail: byteCount)
    let bytes = (UnsafeMutableRawPointer(pointer) + Heap.stringHeader)
      .assumingMemoryBound(to: UInt8.self)
    pointer.initialize(
      to: StringObject(header: Header(kind: .string), byteCount: byteCount, bytes: bytes))
    link(pointer, Heap.stringHeader + byteCount)
    return Ref(pointer)
  }

  mutating func newString(_ text: UnsafeBufferPointer<UInt8>) -> Ref<StringObject> {
    if text.count == 1, text[0] < 0x80 { return character(text[0]) }
    let string = newString(byteCount: text.count)
    if let start = text.baseAddress { string.bytes.update(from: start, count: text.count) }
    return string
  }

  mutating func newString(_ text: String) -> Ref<StringObject> {
    var text = text
    return text.withUTF8 { newString($0) }
  }

  /// Two texts in one. A text that grows again and again is not copied every time: from the second
  /// `+` on it stands in a buffer with room for as much again.
  mutating func join(
    _ left: Ref<StringObject>, _ right: Ref<StringObject>
  ) -> Ref<StringObject> {
    let (head, tail) = (left.byteCount, right.byteCount)
    if let buffer = left.shared,
      left.bytes + head == buffer.bytes + buffer.pointee.used,
      buffer.pointee.capacity - buffer.pointee.used >= tail
    {
      (left.bytes + head).update(from: right.bytes, count: tail)
      buffer.pointee.used += tail
      return newString(in: buffer, byteCount: head + tail)
    }
    if left.isJoined, head >= 128, tail <= head {
      let capacity = (head + tail) * 2
      let buffer = room(TextBuffer.self, tail: capacity)
      buffer.initialize(
        to: TextBuffer(header: Header(kind: .buffer), used: head + tail, capacity: capacity))
      link(buffer, MemoryLayout<TextBuffer>.stride + capacity)
      buffer.bytes.update(from: left.bytes, count: head)
      (buffer.bytes + head).update(from: right.bytes, count: tail)
      return newString(in: buffer, byteCount: head + tail)
    }
    let made = newString(byteCount: head + tail)
    made.bytes.update(from: left.bytes, count: head)
    (made.bytes + head).update(from: right.bytes, count: tail)
    made.isJoined = true
    return made
  }

  private mutating func newString(
    in buffer: UnsafeMutablePointer<TextBuffer>, byteCount: Int
  ) -> Ref<StringObject> {
    let pointer = room(StringObject.self)
    pointer.initialize(
      to: StringObject(
        header: Header(kind: .string), isJoined: true, byteCount: byteCount,
        bytes: buffer.bytes, shared: buffer))
    link(pointer, Heap.stringHeader)
    return Ref(pointer)
  }

  /// The string of one ASCII character.
  mutating func character(_ byte: UInt8) -> Ref<StringObject> {
    if characters.isEmpty {
      for value in 0..<UInt8(128) { characters.append(symbols.intern([value])) }
    }
    return characters[Int(byte)]
  }

  mutating func newList(capacity: Int) -> Ref<ListObject> {
    let pointer = room(ListObject.self)
    pointer.initialize(
      to: ListObject(
        header: Header(kind: .list), items: values(max(capacity, 1)), count: 0,
        capacity: max(capacity, 1)))
    link(pointer, MemoryLayout<ListObject>.stride + max(capacity, 1) * 16)
    return Ref(pointer)
  }

  mutating func newList(_ items: some Collection<Value>) -> Ref<ListObject> {
    let list = newList(capacity: items.count)
    var count = 0
    for item in items {
      list.items[count] = item
      count += 1
    }
    list.count = count
    return list
  }

  @inline(__always)
  mutating func append(_ value: Value, to list: Ref<ListObject>) {
    if list.count == list.capacity { grow(list, to: list.capacity * 2) }
    list.items[list.count] = value
    list.count += 1
  }

  @inline(never)
  mutating func grow(_ list: Ref<ListObject>, to capacity: Int) {
    guard capacity > list.capacity else { return }
    let raw = pool.grow(
      list.items, from: list.capacity * MemoryLayout<Value>.stride,
      to: capacity * MemoryLayout<Value>.stride)
    bytes += (capacity - list.capacity) * 16
    list.items = raw.assumingMemoryBound(to: Value.self)
    list.capacity = capacity
  }

  mutating func newRecord(
    shape: UnsafeMutablePointer<Shape>, capacity: Int
  ) -> Ref<RecordObject> {
    let capacity = max(capacity, 1)
    let pointer = room(RecordObject.self)
    pointer.initialize(
      to: RecordObject(
        header: Header(kind: .record), shape: shape, slots: values(capacity), used: 0, count: 0,
        capacity: capacity, keys: nil, index: nil, indexCapacity: 0))
    link(pointer, MemoryLayout<RecordObject>.stride + capacity * 16)
    return Ref(pointer)
  }

  mutating func newRecord() -> Ref<RecordObject> { newRecord(shape: emptyShape, capacity: 4) }

  mutating func newRange(
    _ start: Value, _ end: Value, step: Value, isClosed: Bool
  ) -> Ref<RangeObject> {
    let pointer = room(RangeObject.self)
    pointer.initialize(
      to: RangeObject(
        header: Header(kind: .range), start: start, end: end, step: step, isClosed: isClosed))
    link(pointer, MemoryLayout<RangeObject>.stride)
    return Ref(pointer)
  }

  mutating func newClosure(_ code: UnsafeMutablePointer<Code>) -> Ref<ClosureObject> {
    let count = code.pointee.upvalueCount
    let pointer = room(ClosureObject.self, tail: count * 8)
    let tail = UnsafeMutableRawPointer(pointer + 1)
      .assumingMemoryBound(to: UnsafeMutablePointer<UpvalueObject>.self)
    pointer.initialize(
      to: ClosureObject(
        header: Header(kind: .closure), code: code, upvalueCount: count, upvalues: tail))
    link(pointer, MemoryLayout<ClosureObject>.stride + count * 8)
    return Ref(pointer)
  }

  mutating func newUpvalue(
    _ location: UnsafeMutablePointer<Value>
  ) -> UnsafeMutablePointer<UpvalueObject> {
    let pointer = room(UpvalueObject.self)
    pointer.initialize(
      to: UpvalueObject(
        header: Header(kind: .upvalue), location: location, closed: .none, nextOpen: nil))
    link(pointer, MemoryLayout<UpvalueObject>.stride)
    return pointer
  }

  /// A native function's object; immortal, as the registration is.
  mutating func newNative(_ native: RegisteredNative) -> Ref<NativeObject> {
    let pointer = room(NativeObject.self)
    pointer.initialize(
      to: NativeObject(
        header: Header(kind: .native, isImmortal: true), native: .passUnretained(native)))
    return Ref(pointer)
  }

  mutating func newDomain(_ object: any DomainValue) -> Ref<DomainObject> {
    let pointer = room(DomainObject.self)
    pointer.initialize(to: DomainObject(header: Header(kind: .domain), object: object))
    link(pointer, MemoryLayout<DomainObject>.stride)
    return Ref(pointer)
  }

  // MARK: Collection

  @inline(__always)
  mutating func mark(_ value: Value) {
    if value.isObject {
      mark(Ref<Header>(address: value.bits).pointer)
    }
  }

  mutating func mark(_ header: UnsafeMutablePointer<Header>) {
    if header.pointee.isMarked || header.pointee.isImmortal { return }
    header.pointee.isMarked = true
    if header.pointee.kind != .string {
      gray.append(header)
    } else if let buffer = Ref<StringObject>(address: Ref(header).address).shared {
      buffer.pointee.header.isMarked = true
    }
  }

  /// Marks everything reachable from what has been marked.
  mutating func trace() {
    while let header = gray.popLast() {
      let address = UInt64(UInt(bitPattern: header))
      switch header.pointee.kind {
      case .string, .native, .domain, .buffer: break
      case .list:
        let list = Ref<ListObject>(address: address)
        for position in 0..<list.count { mark(list.items[position]) }
      case .record:
        let record = Ref<RecordObject>(address: address)
        for position in 0..<record.used { mark(record.slots[position]) }
        if let keys = record.keys {
          for position in 0..<record.used { mark(keys[position]) }
        }
      case .range: break
      case .closure:
        let closure = Ref<ClosureObject>(address: address)
        for position in 0..<closure.upvalueCount {
          mark(
            UnsafeMutableRawPointer(closure.upvalues[position])
              .assumingMemoryBound(to: Header.self))
        }
      case .upvalue: mark(Ref<UpvalueObject>(address: address).location.pointee)
      }
    }
  }

  /// Frees what is not marked and sets the next limit.
  mutating func sweep() {
    var kept: UnsafeMutablePointer<Header>?
    var next = objects
    // Domain objects are released last: their deinit may drop handles, never allocate here.
    var released: [UnsafeMutablePointer<DomainObject>] = []
    while let header = next {
      next = header.pointee.next
      if header.pointee.isMarked {
        header.pointee.isMarked = false
        header.pointee.next = kept
        kept = header
      } else {
        free(header, &released)
      }
    }
    objects = kept
    limit = collectsAlways ? 0 : max(1 << 22, bytes * 2)
    for object in released {
      object.deinitialize(count: 1)
      pool.give(object, MemoryLayout<DomainObject>.stride)
    }
  }

  private mutating func free(
    _ header: UnsafeMutablePointer<Header>, _ released: inout [UnsafeMutablePointer<DomainObject>]
  ) {
    let address = UInt64(UInt(bitPattern: header))
    let size: Int
    switch header.pointee.kind {
    case .string:
      let string = Ref<StringObject>(address: address)
      size = Heap.stringHeader + (string.shared == nil ? string.byteCount : 0)
    case .buffer:
      size = MemoryLayout<TextBuffer>.stride + Ref<TextBuffer>(address: address).capacity
    case .list:
      let list = Ref<ListObject>(address: address)
      size = MemoryLayout<ListObject>.stride
      bytes -= list.capacity * 16
      giveValues(list.items, list.capacity)
    case .record:
      let record = Ref<RecordObject>(address: address)
      size = MemoryLayout<RecordObject>.stride
      bytes -= record.capacity * 16
      giveValues(record.slots, record.capacity)
      if let keys = record.keys {
        bytes -= record.capacity * 16 + record.indexCapacity * 4
        giveValues(keys, record.capacity)
        Glibc.free(record.index)
      }
    case .range: size = MemoryLayout<RangeObject>.stride
    case .closure:
      size =
        MemoryLayout<ClosureObject>.stride + Ref<ClosureObject>(address: address).upvalueCount * 8
    case .upvalue: size = MemoryLayout<UpvalueObject>.stride
    case .native: size = MemoryLayout<NativeObject>.stride
    case .domain:
      bytes -= MemoryLayout<DomainObject>.stride
      released.append(Ref<DomainObject>(address: address).pointer)
      return
    }
    bytes -= size
    pool.give(header, size)
  }

  /// Frees everything; the heap must not be used afterwards.
  mutating func destroy() {
    sweep()
    symbols.destroy()
    Shape.destroy(emptyShape)
    pool.destroy()
  }
}
