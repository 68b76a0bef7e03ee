import Glibc
import MDMSyntax

/// Times as people read them: `12.3 µs`, `4.56 ms`, `1.2 s`, `3 min 20 s`.
public enum DurationText {
  /// A time with three digits, in the unit that suits it.
  public static func text(_ seconds: Double) -> String {
    guard seconds.isFinite else { return "\(seconds) s" }
    if seconds >= 100 {
      let whole = Int(min(seconds, 1e15).rounded())
      let (hours, minutes) = (whole / 3600, whole % 3600 / 60)
      return hours > 0 ? "\(hours) h \(minutes) min" : "\(minutes) min \(whole % 60) s"
    }
    for (unit, name) in [(1.0, "s"), (1e-3, "ms"), (1e-6, "µs")] where seconds >= unit * 0.9995 {
      return threeDigits(seconds / unit) + " " + name
    }
    return threeDigits(seconds * 1e9) + " ns"
  }

  private static func threeDigits(_ value: Double) -> String {
    let places = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
    return decimal(value, places)
  }

  /// A number with so many digits behind the point.
  static func decimal(_ value: Double, _ places: Int) -> String {
    let scale = [1.0, 10, 100, 1000][min(max(places, 0), 3)]
    let whole = Int((abs(min(value, 1e15)) * scale).rounded())
    let sign = value < 0 && whole > 0 ? "-" : ""
    guard places > 0 else { return sign + "\(whole)" }
    let fraction = String(whole % Int(scale))
    let zeros = String(repeating: "0", count: places - fraction.count)
    return "\(sign)\(whole / Int(scale)).\(zeros)\(fraction)"
  }
}

/// Wall time and the processor time of all threads, in seconds.
struct Stopwatch {
  let wall: Double
  let processor: Double

  /// The time now.
  static var now: Stopwatch {
    Stopwatch(wall: seconds(CLOCK_MONOTONIC), processor: seconds(CLOCK_PROCESS_CPUTIME_ID))
  }

  static func - (end: Stopwatch, start: Stopwatch) -> Stopwatch {
    Stopwatch(wall: end.wall - start.wall, processor: end.processor - start.processor)
  }

  private static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
