/// Structural equality.
extension Machine {
  private struct Pair: Hashable {
    let left: UInt64
    let right: UInt64
  }

  /// Whether two values are equal: `1 == 1.0`, collections by content, functions by identity.
  /// Cyclic data compares without end of stack or time: pairs on the way count as equal.
  @inline(never)
  func equal(_ left: Value, _ right: Value) throws -> Bool {
    if let simple = simplyEqual(left, right) { return simple }
    var work = [(left, right)]
    var seen: Set<Pair> = []
    var steps = 0
    while let (a, b) = work.popLast() {
      if let simple = simplyEqual(a, b) {
        if simple { continue }
        return false
      }
      steps += 1
      // Small data never pays for the set.
      if steps > 64, !seen.insert(Pair(left: a.bits, right: b.bits)).inserted { continue }
      if steps & 0xFFF == 0 { try checkInterrupt() }
      if a.tag == .list {
        let (x, y) = (a.list, b.list)
        if x.count != y.count { return false }
        for position in 0..<x.count { work.append((x.items[position], y.items[position])) }
      } else {
        let (x, y) = (a.record, b.record)
        if x.count != y.count { return false }
        for entry in 0..<x.used {
          guard let key = heap.pointee.key(entry, in: x) else { continue }
          guard let other = heap.pointee.get(key, in: y) else { return false }
          work.append((x.slots[entry], other))
        }
      }
    }
    return true
  }

  /// The answer where no content has to be compared; nil for two lists or two records.
  private func simplyEqual(_ left: Value, _ right: Value) -> Bool? {
    if left.isNumber, right.isNumber {
      if left.tag == right.tag {
        return left.tag == .int ? left.int == right.int : left.double == right.double
      }
      if left.number.isNaN || right.number.isNaN { return false }
      return Machine.order(left, right) == 0
    }
    if left.tag != right.tag { return false }
    switch left.tag {
    case .string: return left.string.equals(right.string)
    case .duration: return left.double == right.double
    case .list, .record: return left.bits == right.bits ? true : nil
    case .none: return true  // the bits tell where each comes from
    case .range:
      let (a, b) = (left.range, right.range)
      return simplyEqual(a.start, b.start) ?? false && simplyEqual(a.end, b.end) ?? false
        && simplyEqual(a.step, b.step) ?? false && a.isClosed == b.isClosed
    case .domain:
      return left.domain.object === right.domain.object
        || left.domain.object.isEqual(to: right.domain.object)
    default: return left.bits == right.bits
    }
  }
}
