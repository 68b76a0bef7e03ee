import MDMSyntax

/// Where a `none` comes from that makes something fail.
extension Machine {
  /// Adds a note to an error whose instruction worked on a `none`.
  func noteOrigin(_ failure: inout ScriptError, _ frame: Frame, _ info: FunctionInfo) {
    let position = frame.pc - frame.code.pointee.instructions - 1
    guard position >= 0, failure.kind == .error else { return }
    let instruction = frame.code.pointee.instructions[position]
    for register in operands(instruction, frame.base, failure.argument) {
      let value = frame.base[register]
      guard value.tag == .none, let place = origin(of: value) else { continue }
      let text = place.source.text(Int(place.span.start)..<Int(place.span.end))
      let (line, column) = place.source.position(of: Int(place.span.start))
      let shown = text.count > 40 || text.contains("\n") ? "" : " of `\(text)`"
      failure.diagnostic.notes.append(
        text == "none"
          ? "the none is written at \(place.source.name):\(line):\(column)"
          : "the none is the value\(shown) at \(place.source.name):\(line):\(column)")
      return
    }
  }

  /// The registers that an instruction reads and may fail on.
  private func operands(
    _ instruction: Instruction, _ base: UnsafeMutablePointer<Value>, _ argument: Int?
  ) -> [Int] {
    let (a, b, c) = (Int(instruction.a), Int(instruction.b), Int(instruction.c))
    switch instruction.op {
    case .add, .subtract, .multiply, .divide, .floorDivide, .remainder, .power, .less, .lessEqual,
      .greater, .greaterEqual, .contains, .index:
      return [b, c]
    case .addConstant, .subtractConstant, .multiplyConstant, .divideConstant,
      .floorDivideConstant, .remainderConstant, .negate, .not, .getField:
      return [b]
    case .whileLess, .whileLessEqual, .whileGreater, .whileGreaterEqual, .setIndex:
      return [a, b]
    case .whileLessConstant, .whileLessEqualConstant, .whileGreaterConstant,
      .whileGreaterEqualConstant, .jumpIf, .jumpUnless, .setField, .iterate, .next, .nextPair,
      .prepareMethod, .checkBinding:
      return [a]
    case .approximately, .range: return [b, b + 1, b + 2]
    case .call: return argument.map { [a + 1 + $0] } ?? [a]
    case .callMethod:
      // A field's function stands where a built-in method's receiver does.
      let first = base[a].tag == .undefined ? a + 2 : a + 1
      return argument.map { [first + $0] } ?? []
    default: return []
    }
  }

  /// The place of the instruction that made a `none`. Code lives as long as its machine.
  private func origin(of value: Value) -> (source: SourceText, span: Span)? {
    guard let pc = UnsafeMutablePointer<Instruction>(bitPattern: UInt(value.bits)) else {
      return nil
    }
    for info in functions {
      let start = info.code.pointee.instructions
      if pc > start, pc <= start + info.spans.count { return (info.source, info.span(before: pc)) }
    }
    return nil
  }
}
