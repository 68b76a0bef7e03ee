import MDMRuntime

/// A script's function that is called with what a line holds, and with the line's number where it
/// takes two arguments.
struct LineVisit {
  private let function: FunctionHandle
  private let takesNumber: Bool
  private let call: NativeCall

  init(_ call: NativeCall, _ index: Int) throws {
    self.call = call
    function = try call.function(index)
    let parameters = call.signature(of: function).parameters
    takesNumber = parameters.count { $0.defaultText == nil && !$0.isRest } >= 2
  }

  func callAsFunction(_ value: Datum, _ number: Int) throws {
    _ = try call.invoke(function, takesNumber ? [value, .int(number)] : [value])
  }
}
