import MDMSyntax

extension Machine {
  /// A `test` block that a chunk has collected in test mode.
  public struct CollectedTest {
    public let name: String
    /// The text that it stands in, perhaps that of a module.
    public let source: SourceText
    fileprivate let function: FunctionHandle
  }

  /// What a test block did.
  public struct TestResult {
    public let name: String
    /// Expectations that did not hold, then the error that ended the test, if any.
    public let errors: [ScriptError]
    /// The value of its last expression; nil where it did not get there.
    public let value: ValueHandle?
  }

  /// The tests that chunks have collected since the last call, in order.
  public func takeTests() -> [CollectedTest] {
    defer { collectedTests = [] }
    return collectedTests.map { test in
      let info = test.function.value.closure.code.pointee.info.takeUnretainedValue()
      return CollectedTest(name: test.name, source: info.source, function: test.function)
    }
  }

  /// Runs a test block.
  public func run(_ test: CollectedTest) -> TestResult {
    isTesting = true
    failedExpectations = []
    defer { isTesting = false }
    do throws(ScriptError) {
      let value = try call(test.function)
      return TestResult(name: test.name, errors: failedExpectations, value: value)
    } catch {
      return TestResult(name: test.name, errors: failedExpectations + [error], value: nil)
    }
  }

  /// Runs the test blocks that chunks have collected, in order, and forgets them.
  public func runTests() -> [TestResult] { takeTests().map(run) }
}
