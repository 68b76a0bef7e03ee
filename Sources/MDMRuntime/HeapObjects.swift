/// What every heap object starts with.
struct Header {
  enum Kind: UInt8 { case string, list, record, range, closure, native, domain, upvalue, buffer }

  /// The next object of the heap's list.
  var next: UnsafeMutablePointer<Header>?
  let kind: Kind
  var isMarked = false
  /// Immortal objects are in no list and never swept.
  var isImmortal = false
  var isFrozen = false
  /// The object is on the path of a running traversal (display, comparison).
  var isVisiting = false
}

/// Immutable UTF-8 text. The bytes follow the struct in the same allocation, or stand in a buffer
/// that texts share which grew from each other.
struct StringObject {
  var header: Header
  /// An interned symbol: equal symbols are the same object.
  var isSymbol = false
  /// Made by `+`: the next `+` expects more and makes a buffer.
  var isJoined = false
  var byteCount: Int
  var bytes: UnsafeMutablePointer<UInt8>
  var shared: UnsafeMutablePointer<TextBuffer>?
  /// -1 until counted.
  var scalarCount = -1
  /// 0 until computed.
  var hash: UInt64 = 0
  /// Where the last scalar index was found, so that a forward walk is linear.
  var cursorScalar: UInt32 = 0
  var cursorByte: UInt32 = 0
}

/// Room for a text that grows at its end, as `text = text + more` does: each text is a prefix, and
/// what stands before `used` never changes.
struct TextBuffer {
  var header: Header
  var used: Int
  var capacity: Int
}

extension UnsafeMutablePointer<TextBuffer> {
  /// The text behind the struct, in the same allocation.
  @inline(__always) var bytes: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(self + 1).assumingMemoryBound(to: UInt8.self)
  }
}

struct ListObject {
  var header: Header
  var items: UnsafeMutablePointer<Value>
  var count: Int
  var capacity: Int
}

/// An ordered map. With a shape it has symbol keys only and slots in the shape's order; without one
/// it keeps its own keys and an open-addressed index of them.
struct RecordObject {
  var header: Header
  var shape: UnsafeMutablePointer<Shape>?
  var slots: UnsafeMutablePointer<Value>
  /// Slots in use, removed entries included.
  var used: Int
  /// Live entries.
  var count: Int
  var capacity: Int
  /// Keys of a record without shape; a removed entry's key is `undefined`.
  var keys: UnsafeMutablePointer<Value>?
  /// Entry positions plus one; 0 is empty.
  var index: UnsafeMutablePointer<Int32>?
  var indexCapacity: Int
}

struct RangeObject {
  var header: Header
  /// Int or Float; none where open.
  var start: Value
  var end: Value
  var step: Value
  var isClosed: Bool
}

/// A captured variable: on the stack while `location` points there, then in `closed`.
struct UpvalueObject {
  var header: Header
  var location: UnsafeMutablePointer<Value>
  var closed: Value
  var nextOpen: UnsafeMutablePointer<UpvalueObject>?
}

struct ClosureObject {
  var header: Header
  var code: UnsafeMutablePointer<Code>
  var upvalueCount: Int
  var upvalues: UnsafeMutablePointer<UnsafeMutablePointer<UpvalueObject>>
}

struct NativeObject {
  var header: Header
  var native: Unmanaged<RegisteredNative>
}

struct DomainObject {
  var header: Header
  var object: any DomainValue
}
