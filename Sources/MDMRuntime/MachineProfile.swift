import Glibc
import MDMSyntax

/// Where the time of a run went, from samples a millisecond apart.
///
/// A sample is taken at the first safe point after the clock has asked for one, a call or a loop's
/// end, and stands for the time since the one before: a native that computes for a second counts as
/// a second.
public final class Profile {
  /// A line of a script.
  public struct Line: Sendable {
    /// Such as `reward.mdm:12`.
    public let place: String
    /// Its text.
    public let text: String
    /// Seconds in this line itself, the natives that it called included.
    public var own: Double
    /// Seconds in it and in the functions that it called.
    public var total: Double
  }

  private struct Key: Hashable {
    let source: ObjectIdentifier
    let line: Int
  }

  private var found: [Key: Line] = [:]
  private var nativeSeconds: [String: Double] = [:]
  /// Keeps the sources of the lines alive, whose identities are keys.
  private var sources: [SourceText] = []
  public private(set) var sampleCount = 0
  /// The time that the samples stand for.
  public private(set) var seconds = 0.0
  private var last = Profile.now()
  fileprivate var alarm: Alarm?

  /// The lines that were met, in no particular order.
  public var lines: [Line] { Array(found.values) }

  /// The built-in functions that were met, in no particular order.
  public var natives: [(name: String, seconds: Double)] {
    nativeSeconds.map { ($0.key, $0.value) }
  }

  /// Counts a sample: the open calls with their lines, innermost first, and the native that runs.
  fileprivate func add(_ calls: [(source: SourceText, line: Int)], native: String?) {
    let now = Profile.now()
    let passed = now - last
    last = now
    sampleCount += 1
    seconds += passed
    if let native { nativeSeconds[native, default: 0] += passed }
    var seen: Set<Key> = []
    for (depth, call) in calls.enumerated() {
      let key = Key(source: ObjectIdentifier(call.source), line: call.line)
      if found[key] == nil {
        sources.append(call.source)
        found[key] = Line(
          place: "\(call.source.name):\(call.line)",
          text: String(call.source.line(call.line).drop { $0 == " " }.prefix(60)), own: 0, total: 0)
      }
      if depth == 0 { found[key]?.own += passed }
      // A recursion meets its line often; its time passes once.
      if seen.insert(key).inserted { found[key]?.total += passed }
    }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}

extension Machine {
  /// Seconds between two samples.
  private static let interval = 0.001
  /// Outer calls beyond these are not looked at.
  private static let deepestSample = 64

  /// Looks from now on where the time goes.
  public func startProfile() {
    let profile = Profile()
    self.profile = profile
    state.pointee.isWatched = true
    profile.alarm = Alarm(after: Machine.interval, every: Machine.interval) { [interrupt] in
      interrupt.requestSample()
    }
  }

  /// Ends what `startProfile` began.
  public func endProfile() -> Profile {
    let found = profile ?? Profile()
    found.alarm?.cancel()
    profile = nil
    state.pointee.isWatched = fuel != nil
    _ = interrupt.takeSample()
    return found
  }

  /// Counts a sample of the place where the machine is. The innermost frame's program counter has
  /// been saved.
  func note(in profile: Profile, native: String? = nil) {
    var calls: [(source: SourceText, line: Int)] = []
    let depth = state.pointee.depth
    for position in stride(from: depth, through: max(0, depth - Machine.deepestSample), by: -1) {
      let frame = frames.start[position]
      let info = frame.code.pointee.info.takeUnretainedValue()
      // A frame that was opened a moment ago is on its first line.
      let span = info.span(before: frame.pc)
      let start = span.end > 0 ? span : info.spans.first ?? span
      calls.append((info.source, info.source.position(of: Int(start.start)).line))
    }
    profile.add(calls, native: native)
  }
}
