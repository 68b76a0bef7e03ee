/// What a `Value` holds.
enum Tag: UInt8 {
  case none
  case bool
  case int
  case float
  case duration
  case size
  case string
  case list
  case record
  case range
  case closure
  case native
  case domain
  /// A variable before its `let` has run; never visible to scripts.
  case undefined
  /// An argument that was not given; never visible to scripts.
  case missing
}

/// A script value: a tag and 64 bits, trivial so that the interpreter's loop counts no references.
///
/// Objects live in the machine's own collected heap; a value that is not reachable from the
/// machine's stack, globals or handles may dangle after the next safe point.
struct Value: Sendable {
  var tag: Tag
  var bits: UInt64

  @inline(__always) init(tag: Tag, bits: UInt64) {
    self.tag = tag
    self.bits = bits
  }

  static let none = Value(tag: .none, bits: 0)
  /// A `none` that remembers the instruction it comes from.
  @inline(__always) init(noneFrom pc: UnsafeMutablePointer<Instruction>) {
    self.init(tag: .none, bits: UInt64(UInt(bitPattern: pc)))
  }
  static let undefined = Value(tag: .undefined, bits: 0)
  static let missing = Value(tag: .missing, bits: 0)

  /// A `none` without a past comes from this instruction.
  @inline(__always) mutating func noteOrigin(_ pc: UnsafeMutablePointer<Instruction>) {
    if bits == 0 { bits = UInt64(UInt(bitPattern: pc)) }
  }

  @inline(__always) init(_ value: Bool) { self.init(tag: .bool, bits: value ? 1 : 0) }
  @inline(__always) init(_ value: Int64) { self.init(tag: .int, bits: UInt64(bitPattern: value)) }
  @inline(__always) init(_ value: Int) { self.init(Int64(value)) }
  @inline(__always) init(_ value: Double) { self.init(tag: .float, bits: value.bitPattern) }
  @inline(__always) init(duration: Double) { self.init(tag: .duration, bits: duration.bitPattern) }
  @inline(__always) init(size: Int64) { self.init(tag: .size, bits: UInt64(bitPattern: size)) }
  @inline(__always) init(_ object: Ref<StringObject>) {
    self.init(tag: .string, bits: object.address)
  }
  @inline(__always) init(_ object: Ref<ListObject>) { self.init(tag: .list, bits: object.address) }
  @inline(__always) init(_ object: Ref<RecordObject>) {
    self.init(tag: .record, bits: object.address)
  }
  @inline(__always) init(_ object: Ref<RangeObject>) {
    self.init(tag: .range, bits: object.address)
  }
  @inline(__always) init(_ object: Ref<ClosureObject>) {
    self.init(tag: .closure, bits: object.address)
  }
  @inline(__always) init(_ object: Ref<NativeObject>) {
    self.init(tag: .native, bits: object.address)
  }
  @inline(__always) init(_ object: Ref<DomainObject>) {
    self.init(tag: .domain, bits: object.address)
  }

  @inline(__always) var bool: Bool { bits != 0 }
  @inline(__always) var int: Int64 { Int64(bitPattern: bits) }
  @inline(__always) var double: Double { Double(bitPattern: bits) }
  @inline(__always) var string: Ref<StringObject> { Ref(address: bits) }
  @inline(__always) var list: Ref<ListObject> { Ref(address: bits) }
  @inline(__always) var record: Ref<RecordObject> { Ref(address: bits) }
  @inline(__always) var range: Ref<RangeObject> { Ref(address: bits) }
  @inline(__always) var closure: Ref<ClosureObject> { Ref(address: bits) }
  @inline(__always) var native: Ref<NativeObject> { Ref(address: bits) }
  @inline(__always) var domain: Ref<DomainObject> { Ref(address: bits) }

  @inline(__always) var isObject: Bool {
    tag.rawValue >= Tag.string.rawValue && tag.rawValue <= Tag.domain.rawValue
  }
  @inline(__always) var isNumber: Bool { tag == .int || tag == .float }
  @inline(__always) var isFunction: Bool { tag == .closure || tag == .native }

  /// The number of an Int or a Float.
  @inline(__always) var number: Double { tag == .int ? Double(int) : double }

  /// The type's name as scripts see it.
  var typeName: String {
    switch tag {
    case .none: "None"
    case .bool: "Bool"
    case .int: "Int"
    case .float: "Float"
    case .duration: "Duration"
    case .size: "Size"
    case .string: "String"
    case .list: "List"
    case .record: "Record"
    case .range: "Range"
    case .closure, .native: "Function"
    case .domain: domain.object.typeName
    case .undefined, .missing: "Nothing"
    }
  }
}

/// A one-word handle of a heap object; reads its fields without `.pointee`.
@dynamicMemberLookup struct Ref<Object>: @unchecked Sendable, Equatable {
  let pointer: UnsafeMutablePointer<Object>

  @inline(__always) init(_ pointer: UnsafeMutablePointer<Object>) { self.pointer = pointer }

  @inline(__always) init(address: UInt64) {
    pointer = UnsafeMutablePointer(bitPattern: UInt(address)).unsafelyUnwrapped
  }

  @inline(__always) var address: UInt64 { UInt64(UInt(bitPattern: pointer)) }

  @inline(__always) subscript<Member>(
    dynamicMember path: WritableKeyPath<Object, Member>
  ) -> Member {
    get { pointer.pointee[keyPath: path] }
    nonmutating set { pointer.pointee[keyPath: path] = newValue }
  }

  @inline(__always) static func == (left: Ref, right: Ref) -> Bool { left.pointer == right.pointer }
}
