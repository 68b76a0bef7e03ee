/// What natives show of values.
extension NativeCall {
  /// Writes text to the script's error output, as is.
  public func eprint(_ text: String) { machine.options.errorOutput(text) }

  /// The text that printing shows for an argument.
  public func text(_ index: Int) -> String {
    machine.display(value(index), width: machine.options.width)
  }

  /// The text that printing shows for a datum.
  public func display(_ datum: Datum) -> String { machine.display(datum) }
}
