import MDMSyntax

/// Assertions that do not hold.
extension Machine {
  /// Throws, or notes the failure where the test goes on.
  @inline(never)
  func failAssertion(
    _ instruction: Instruction, _ first: UnsafeMutablePointer<Value>,
    _ constants: UnsafeMutablePointer<Value>
  ) throws {
    var failure: ScriptError
    switch instruction.op {
    case .assertComparison:
      failure = failedComparison(first[0], constants[Int(instruction.b)], first[1], first[2])
    case .assertSeeds: failure = failedAcrossSeeds(first[0], first[2])
    default:
      failure = assertionError(constants[Int(instruction.b)].string.text, first[0], notes: [])
    }
    guard instruction.c == 1, isTesting else { throw failure }
    complete(&failure)
    failedExpectations.append(failure)
  }

  private func failedComparison(
    _ left: Value, _ operation: Value, _ right: Value, _ message: Value
  ) -> ScriptError {
    let short = { (value: Value) in
      var writer = ValueWriter(machine: self, isAbbreviated: true)
      writer.write(value)
      return writer.text
    }
    return assertionError(
      "\(short(left)) \(operation.string.text) \(short(right))", message,
      notes: ["left:  \(short(left))", "right: \(short(right))"])
  }

  /// The hook's record {text, hint, notes}.
  private func failedAcrossSeeds(_ verdict: Value, _ message: Value) -> ScriptError {
    guard case .record(let record)? = try? datum(verdict) else {
      return assertionError("it fails across seeds", message, notes: [])
    }
    var notes: [String] = []
    var texts: [String: String] = [:]
    for (key, value) in record.entries {
      switch value {
      case .string(let text): texts[key] = text
      case .list(let items):
        for case .string(let note) in items { notes.append(note) }
      default: break
      }
    }
    var error = assertionError(texts["text"] ?? "", message, notes: notes)
    error.diagnostic.hint = texts["hint"]
    return error
  }

  private func assertionError(_ text: String, _ message: Value, notes: [String]) -> ScriptError {
    let sentence =
      message.tag == .none
      ? "the assertion does not hold: \(text)" : "\(self.text(message)): \(text)"
    return ScriptError(
      .assertion,
      Diagnostic(code: RuntimeCode.assertion.rawValue, sentence, notes: notes))
  }
}
