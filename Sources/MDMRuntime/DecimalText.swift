/// The decimal digits of an Int, written in place.
enum DecimalText {
  /// How many bytes they take, the sign included.
  @inline(__always)
  static func byteCount(_ number: Int64) -> Int {
    var count = number < 0 ? 2 : 1
    var rest = number.magnitude
    while rest >= 10 {
      rest /= 10
      count &+= 1
    }
    return count
  }

  /// Writes them so that they end before an address.
  @inline(__always)
  static func write(_ number: Int64, before end: UnsafeMutablePointer<UInt8>) {
    var position = end
    var rest = number.magnitude
    repeat {
      position -= 1
      position.pointee = UInt8(truncatingIfNeeded: 48 &+ rest % 10)
      rest /= 10
    } while rest > 0
    if number < 0 { (position - 1).pointee = UInt8(ascii: "-") }
  }
}
