import MDMSyntax

/// Fuel: how much a run may do, counted and not timed, so that it ends at the same place wherever
/// and beside whatever it runs.
///
/// A turn of a loop and a call of a function cost 1, a call of a native also 1 for 64 elements or
/// bytes of its arguments, and a look for interrupts inside of a native, which comes after some
/// thousand steps, costs 64. Code between two of these is as long as it is written.
extension Machine {
  /// What a look for interrupts inside of a native costs.
  static let pollCost = 64

  /// What is left; nil where nothing is counted. Spent fuel ends a run past every `try`.
  ///
  /// While fuel is counted turns of loops take their slow path: about 10 ns more.
  public var fuel: Int? {
    get { counted }
    set {
      counted = newValue
      interrupt.counts(newValue != nil)
      state.pointee.isWatched = newValue != nil || profile != nil
    }
  }

  /// Takes some of the fuel.
  ///
  /// - Throws: where none is left.
  @inline(never)
  func burn(_ cost: Int) throws {
    guard let left = counted else { return }
    counted = max(0, left - cost)
    if left < cost {
      throw ScriptError(
        .fuel, Diagnostic(code: RuntimeCode.fuel.rawValue, "the fuel of the run is spent"))
    }
  }

  /// What a call of a native costs for the size of its arguments.
  func cost(of arguments: UnsafeMutablePointer<Value>, count: Int) -> Int {
    var size = 0
    for position in 0..<count {
      let value = arguments[position]
      switch value.tag {
      case .string: size += value.string.byteCount
      case .list: size += value.list.count
      case .record: size += value.record.count
      case .range: size += min((try? elementCount(value.range)) ?? 0, 1 << 40)
      default: break
      }
    }
    return 1 + size / 64
  }
}
