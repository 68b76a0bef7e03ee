import CGnuplot
import Testing

/// The C header itself: what it promises about errors and about gnuplot's death.
@Suite struct GnuplotTests {
  @Test func gnuplotsErrorTextComesBack() throws {
    let process = try start()
    defer { cgnuplot_stop(process) }
    #expect(cgnuplot_send(process, "plot undefined_name\n") == 0)
    #expect(synchronize(process).contains("undefined variable: undefined_name"))
    #expect(synchronize(process) == "")
  }

  @Test func numbersArriveWhole() throws {
    let process = try start()
    defer { cgnuplot_stop(process) }
    cgnuplot_send(process, "$d << e\n")
    #expect(cgnuplot_send_columns(process, [1, 2, 0.1, -3e-300], 2, 2, 0) == 0)
    cgnuplot_send(process, "stats $d using 2 nooutput\nprint sprintf('%.17g', STATS_max)\n")
    #expect(synchronize(process) == "0.10000000000000001\n")
  }

  @Test func aDeadGnuplotIsAResultAndNotASignal() throws {
    let process = try start()
    defer { cgnuplot_stop(process) }
    cgnuplot_send(process, "exit\n")
    var text: UnsafeMutablePointer<CChar>?
    var length = 0
    #expect(cgnuplot_synchronize(process, 5000, &text, &length) == -1)
    cgnuplot_free_text(text)
    #expect(cgnuplot_send(process, "plot x\n") == -1)
  }

  @Test func aSilentGnuplotIsGivenUp() throws {
    let process = try start()
    defer { cgnuplot_stop(process) }
    cgnuplot_send(process, "pause 60\n")
    var text: UnsafeMutablePointer<CChar>?
    var length = 0
    #expect(cgnuplot_synchronize(process, 50, &text, &length) == -2)
    cgnuplot_free_text(text)
  }

  private func start() throws -> OpaquePointer {
    var code: Int32 = 0
    return try #require(cgnuplot_start("gnuplot", &code))
  }

  private func synchronize(_ process: OpaquePointer) -> String {
    var text: UnsafeMutablePointer<CChar>?
    var length = 0
    cgnuplot_synchronize(process, 5000, &text, &length)
    defer { cgnuplot_free_text(text) }
    return text.map { String(cString: $0) } ?? ""
  }
}
