import Glibc
import MDMDeclarations
import MDMRuntime

/// Clocks, and moments as texts.
enum TimeBuiltins: BuiltinFamily {
  static let name = "time"
  private static let source = "ISO 8601, RFC 3339"

  static func functions(_ context: BuiltinContext) -> [NativeFunction] {
    [now, monotonic, elapsed, format, parse, pause]
  }

  private static let now = NativeFunction(
    FunctionSignature(
      "now", [], returns: .float, family: name,
      "The seconds since 1970 in UTC, by the system's clock.",
      examples: [Example("now() > 1.7e9", prints: "true")])
  ) { _ in .float(clock(CLOCK_REALTIME)) }

  private static let monotonic = NativeFunction(
    FunctionSignature(
      "monotonic", [], returns: .duration, family: name,
      "The time since some moment, by a clock that is never set back.",
      examples: [Example("monotonic() <= monotonic()", prints: "true")])
  ) { _ in .duration(clock(CLOCK_MONOTONIC)) }

  private static let elapsed = NativeFunction(
    FunctionSignature(
      "elapsed", [ParameterDeclaration("since", .duration, "What monotonic() gave.")],
      returns: .duration, family: name, "The time that has passed since a monotonic() moment.",
      examples: [Example("let start = monotonic()\nelapsed(start) < 1h", prints: "true")])
  ) { call in .duration(clock(CLOCK_MONOTONIC) - (try call.seconds(0))) }

  private static let format = NativeFunction(
    FunctionSignature(
      "format_time",
      [
        ParameterDeclaration("seconds", .number, "Seconds since 1970, as now() gives them."),
        ParameterDeclaration("digits", .int, default: "0", "Digits of the second's fraction."),
      ], returns: .string, family: name, "A moment as an ISO 8601 text in UTC.",
      examples: [Example("format_time(0)", prints: "1970-01-01T00:00:00Z")], source: source)
  ) { call in
    let (seconds, digits) = (try call.double(0), try call.int(1))
    guard TimeText.range.contains(seconds) else {
      throw call.fail("E0420", "\(seconds) is not in the years from 1 to 9999", argument: 0)
    }
    guard (0...9).contains(digits) else {
      throw call.fail("E0420", "`digits` is from 0 to 9, got \(digits)", argument: 1)
    }
    return .string(TimeText.text(seconds, digits: digits))
  }

  private static let parse = NativeFunction(
    FunctionSignature(
      "parse_time", [ParameterDeclaration("text", .string, "A date, or a date and time.")],
      returns: .either([.float, .none]), family: name,
      "The seconds since 1970 of an ISO 8601 text, in UTC without an offset; none for others.",
      examples: [
        Example("parse_time(\"1970-01-02\")", prints: "86400.0"),
        Example("parse_time(\"1970-01-01T02:00:00+01:00\")", prints: "3600.0"),
      ], source: source)
  ) { call in TimeText.seconds(try call.string(0)).map(Datum.float) ?? .none }

  private static let pause = NativeFunction(
    FunctionSignature(
      "sleep", [ParameterDeclaration("time", .duration, "How long, such as 2s.")], returns: .none,
      family: name, "Waits; an interrupt or a time limit ends the wait.",
      examples: [Example("sleep(1ms)")])
  ) { call in
    let seconds = try call.seconds(0)
    guard !seconds.isNaN else { throw call.fail("E0420", "nobody can wait for nan", argument: 0) }
    let end = clock(CLOCK_MONOTONIC) + seconds
    while true {
      try call.checkInterrupt()
      let rest = end - clock(CLOCK_MONOTONIC)
      if rest <= 0 { return .none }
      var slice = timespec(tv_sec: 0, tv_nsec: Int(min(rest, 0.02) * 1e9))
      nanosleep(&slice, nil)
    }
  }

  private static func clock(_ which: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(which, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
